import { MalformedReplyError } from '../errors/malformed-reply.error.js';

const SHORT = 24;

/**
 * UTF-8 to text, lone surrogates included (Python's `surrogatepass`).
 * @throws {MalformedReplyError} for bytes that are neither
 */
export function decodeText(buffer: Buffer, start: number, end: number): string {
  if (end - start <= SHORT) {
    // Addresses are short ASCII, and a call into the engine costs more than a few additions.
    let text = '';
    let i = start;
    for (; i < end; i++) {
      const byte = buffer[i] ?? 0x80;
      if (byte > 0x7f) break;
      text += String.fromCharCode(byte);
    }
    if (i === end) return text;
  }
  const text = buffer.toString('utf8', start, end);
  // U+FFFD is either really there or marks what a strict decoder could not read.
  return text.includes('\ufffd') ? decodeSurrogates(buffer, start, end) : text;
}

/** Text to UTF-8, lone surrogates as their three bytes; returns the offset behind it. */
export function writeText(buffer: Buffer, offset: number, text: string): number {
  const end = offset + buffer.write(text, offset, 'utf8');
  if (!text.isWellFormed()) patchSurrogates(buffer, offset, text);
  return end;
}

function decodeSurrogates(buffer: Buffer, start: number, end: number): string {
  let text = '';
  let from = start;
  for (let i = start; i < end;) {
    const [second, third] = [buffer[i + 1] ?? 0, buffer[i + 2] ?? 0];
    const isSurrogate =
      buffer[i] === 0xed && i + 2 < end && second >= 0xa0 && second <= 0xbf && (third & 0xc0) === 0x80;
    if (!isSurrogate) {
      i++;
      continue;
    }
    text += strictUtf8(buffer, from, i) + String.fromCharCode(0xd000 | ((second & 0x3f) << 6) | (third & 0x3f));
    i += 3;
    from = i;
  }
  return text + strictUtf8(buffer, from, end);
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function strictUtf8(buffer: Buffer, start: number, end: number): string {
  try {
    return strict.decode(buffer.subarray(start, end));
  } catch (cause) {
    throw new MalformedReplyError('text is not UTF-8', { cause });
  }
}

function patchSurrogates(buffer: Buffer, offset: number, text: string): void {
  // The engine wrote U+FFFD for each lone surrogate: three bytes as well, so only the bytes change, not the length.
  let at = offset;
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0;
    if (point >= 0xd800 && point <= 0xdfff) {
      buffer[at] = 0xed;
      buffer[at + 1] = 0x80 | ((point >> 6) & 0x3f);
      buffer[at + 2] = 0x80 | (point & 0x3f);
    }
    at += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  }
}
