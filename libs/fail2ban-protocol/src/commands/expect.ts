import { isPyDict, type PyDict, type PyValue } from '../codec/py-value.js';
import { MalformedReplyError } from '../errors/malformed-reply.error.js';

function wrong(what: string, wanted: string): never {
  throw new MalformedReplyError(`${what} is not ${wanted}`);
}

/** @throws {MalformedReplyError} unless the value is text */
export function expectText(value: PyValue | undefined, what: string): string {
  return typeof value === 'string' ? value : wrong(what, 'text');
}

/** @throws {MalformedReplyError} unless the value is text or None */
export function expectTextOrNull(value: PyValue | undefined, what: string): string | null {
  return value === null ? null : expectText(value, what);
}

/** @throws {MalformedReplyError} unless the value is a number */
export function expectNumber(value: PyValue | undefined, what: string): number {
  return typeof value === 'number' ? value : wrong(what, 'a number');
}

/** @throws {MalformedReplyError} unless the value is a number or None */
export function expectNumberOrNull(value: PyValue | undefined, what: string): number | null {
  return value === null ? null : expectNumber(value, what);
}

/** @throws {MalformedReplyError} unless the value is true or false */
export function expectBoolean(value: PyValue | undefined, what: string): boolean {
  return typeof value === 'boolean' ? value : wrong(what, 'true or false');
}

/** @throws {MalformedReplyError} unless the value is a list or tuple */
export function expectList(value: PyValue | undefined, what: string): PyValue[] {
  return Array.isArray(value) ? value : wrong(what, 'a list');
}

/** @throws {MalformedReplyError} unless the value is a dict */
export function expectDict(value: PyValue | undefined, what: string): PyDict {
  return isPyDict(value) ? value : wrong(what, 'a dict');
}

/** @throws {MalformedReplyError} unless the value is a list of texts */
export function expectTexts(value: PyValue | undefined, what: string): string[] {
  const list = expectList(value, what);
  return list.every((item) => typeof item === 'string') ? list : wrong(what, 'a list of texts');
}

/** Ban ids: text, except that somebody may have banned a bare number or None through a careless client. */
export function expectIds(value: PyValue | undefined, what: string): string[] {
  const list = expectList(value, what);
  return list.every((item) => typeof item === 'string') ? list : list.map((item) => idText(item, what));
}

function idText(value: PyValue, what: string): string {
  if (typeof value === 'string') return value;
  if (value === null) return 'None';
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  // A ban id made of several captured parts is a tuple.
  return Array.isArray(value)
    ? `(${value.map((part) => idText(part, what)).join(', ')})`
    : wrong(what, 'a list of ids');
}
