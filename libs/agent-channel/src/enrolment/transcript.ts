import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * HMAC-SHA256 over a label and named fields. Every name and value is written with its length before it, so that no
 * other list of fields gives the same bytes.
 */
export function transcriptMac(key: Buffer, label: string, fields: readonly (readonly [string, string])[]): string {
  const mac = createHmac('sha256', key);
  const write = (text: string): void => {
    const bytes = Buffer.from(text, 'utf8');
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    mac.update(length).update(bytes);
  };
  write(label);
  write(String(fields.length));
  for (const [name, value] of fields) {
    write(name);
    write(value);
  }
  return mac.digest('base64url');
}

/** Compares two MACs in constant time. */
export function macEquals(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
