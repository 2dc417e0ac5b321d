import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** 256 random bits as 43 base64url characters. */
export function createSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** 64 random bits as 16 hexadecimal characters: a public id. */
export function createId(): string {
  return randomBytes(8).toString('hex');
}

/** SHA-256 in hexadecimal: enough for secrets with 256 random bits, which nobody can guess through. */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** Whether a secret has this hash; takes as long for a wrong one as for the right one. */
export function matchesHash(secret: string, hash: string): boolean {
  const given = Buffer.from(hashSecret(secret), 'hex');
  const expected = Buffer.from(hash, 'hex');
  return given.length === expected.length && timingSafeEqual(given, expected);
}
