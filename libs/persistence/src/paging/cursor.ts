import { InvalidCursorError } from '../errors/invalid-cursor.error.js';

/** Where a page ended: the sort it was made for, the last row's sort value, and its id, which breaks ties. */
export interface Cursor {
  readonly sort: string;
  readonly value: string | number;
  readonly id: string | number;
}

/** Opaque text of a position, safe in a URL. */
export function encodeCursor({ sort, value, id }: Cursor): string {
  return Buffer.from(JSON.stringify([sort, value, id])).toString('base64url');
}

/**
 * Reads a position back.
 * @param sort the order of the list now; a position made for another order is refused
 * @param types what the sort value and the id of this list are
 * @throws {InvalidCursorError}
 */
export function decodeCursor(
  text: string,
  sort: string,
  types: { readonly value: 'string' | 'number'; readonly id: 'string' | 'number' },
): Cursor {
  const parts = parse(text);
  const [madeFor, value, id] = parts;
  if (parts.length !== 3 || madeFor !== sort || !isOf(value, types.value) || !isOf(id, types.id)) {
    throw new InvalidCursorError();
  }
  return { sort, value, id };
}

function isOf(value: unknown, type: 'string' | 'number'): value is string | number {
  return type === 'number' ? Number.isSafeInteger(value) : typeof value === 'string' && !value.includes('\u0000');
}

function parse(text: string): unknown[] {
  if (!/^[A-Za-z0-9_-]{1,2048}$/.test(text)) throw new InvalidCursorError();
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    if (Array.isArray(value)) return value;
  } catch (error) {
    throw new InvalidCursorError({ cause: error }); // not JSON
  }
  throw new InvalidCursorError();
}
