import { InvalidValueError } from '../errors/input.errors.js';
import { Op } from './opcodes.js';
import { END_MARKER } from './reply-reader.js';
import { writeText } from './text.js';

/** What a request may be made of. Commands are lists of text; a few take lists, dicts, numbers or booleans. */
export type RequestValue =
  string | number | boolean | null | readonly RequestValue[] | { readonly [key: string]: RequestValue };

const MARKER_TEXT = END_MARKER.toString('latin1');
const MAX_DEPTH = 32;
const PROTOCOL = 2;

/**
 * One request as bytes: pickle protocol 2 and the end marker.
 * @throws {InvalidValueError} for text that holds the end marker (the server cuts its input there), numbers that
 *   are not finite, or nesting beyond 32
 */
export function encodeRequest(words: readonly RequestValue[]): Buffer {
  const buffer = Buffer.allocUnsafe(3 + sizeOf(words, 0) + END_MARKER.length);
  buffer[0] = Op.Proto;
  buffer[1] = PROTOCOL;
  let offset = put(buffer, 2, words);
  buffer[offset++] = Op.Stop;
  END_MARKER.copy(buffer, offset);
  return buffer;
}

function sizeOf(value: RequestValue, depth: number): number {
  if (typeof value === 'string') {
    if (value.includes(MARKER_TEXT)) throw new InvalidValueError('command', 'text must not hold the end marker');
    return 5 + Buffer.byteLength(value);
  }
  if (value === null || typeof value === 'boolean') return 1;
  if (typeof value === 'number') return sizeOfNumber(value);
  if (depth >= MAX_DEPTH) throw new InvalidValueError('command', 'nested too deep');
  // The collection itself, mark and closing opcode.
  let size = 3;
  if (isList(value)) for (const item of value) size += sizeOf(item, depth + 1);
  else for (const [key, item] of Object.entries(value)) size += sizeOf(key, depth + 1) + sizeOf(item, depth + 1);
  return size;
}

function put(buffer: Buffer, start: number, value: RequestValue): number {
  let offset = start;
  if (typeof value === 'string') {
    const end = writeText(buffer, offset + 5, value);
    buffer[offset] = Op.BinUnicode;
    buffer.writeUInt32LE(end - offset - 5, offset + 1);
    return end;
  }
  if (value === null || typeof value === 'boolean') {
    buffer[offset++] = value === null ? Op.None : value ? Op.NewTrue : Op.NewFalse;
    return offset;
  }
  if (typeof value === 'number') return putNumber(buffer, offset, value);
  const list = isList(value);
  buffer[offset++] = list ? Op.EmptyList : Op.EmptyDict;
  buffer[offset++] = Op.Mark;
  if (list) for (const item of value) offset = put(buffer, offset, item);
  else for (const [key, item] of Object.entries(value)) offset = put(buffer, put(buffer, offset, key), item);
  buffer[offset++] = list ? Op.Appends : Op.SetItems;
  return offset;
}

function isList(
  value: readonly RequestValue[] | { readonly [key: string]: RequestValue },
): value is readonly RequestValue[] {
  return Array.isArray(value);
}

function isInt32(value: number): boolean {
  return Number.isInteger(value) && value >= -0x8000_0000 && value <= 0x7fff_ffff && !Object.is(value, -0);
}

function sizeOfNumber(value: number): number {
  if (!Number.isFinite(value)) throw new InvalidValueError('command', 'numbers must be finite');
  if (isInt32(value)) return 5;
  return Number.isSafeInteger(value) && !Object.is(value, -0) ? 10 : 9;
}

function putNumber(buffer: Buffer, offset: number, value: number): number {
  if (isInt32(value)) {
    buffer[offset] = Op.BinInt;
    return buffer.writeInt32LE(value, offset + 1);
  }
  if (Number.isSafeInteger(value) && !Object.is(value, -0)) {
    buffer[offset] = Op.Long1;
    buffer[offset + 1] = 8;
    return buffer.writeBigInt64LE(BigInt(value), offset + 2);
  }
  buffer[offset] = Op.BinFloat;
  return buffer.writeDoubleBE(value, offset + 1);
}
