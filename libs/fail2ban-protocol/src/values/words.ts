import { InvalidValueError } from '../errors/input.errors.js';

/** How names in log lines are treated. `warn` and `yes` let attackers make the server resolve names. */
export const USE_DNS = ['yes', 'warn', 'no', 'raw'] as const;
export type UseDns = (typeof USE_DNS)[number];

/** Levels of fail2ban's own log, least to most. */
export const LOG_LEVELS = [
  'CRITICAL',
  'ERROR',
  'WARNING',
  'NOTICE',
  'INFO',
  'DEBUG',
  'TRACEDEBUG',
  'HEAVYDEBUG',
] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** @throws {InvalidValueError} unless the value is one of the list */
export function oneOf<T extends string>(value: string, list: readonly T[], what: string): T {
  const found = list.find((item) => item === value);
  if (found === undefined) throw new InvalidValueError(what, `one of ${list.join(', ')}`);
  return found;
}

/** A whole number as text. @throws {InvalidValueError} outside the bounds */
export function integerWord(value: number, min: number, max: number, what: string): string {
  if (!Number.isSafeInteger(value) || value < min || value > max) {
    throw new InvalidValueError(what, `a whole number from ${min} to ${max}`);
  }
  return String(value);
}

/** Text that is there and has no line break or NUL. @throws {InvalidValueError} */
export function lineWord(value: string, what: string): string {
  if (value === '' || /[\0\r\n]/.test(value)) throw new InvalidValueError(what, 'one line of text');
  return value;
}

/** An absolute path without line breaks. @throws {InvalidValueError} */
export function pathWord(value: string, what: string): string {
  if (!value.startsWith('/')) throw new InvalidValueError(what, 'an absolute path');
  return lineWord(value, what);
}

/** A name as actions and their properties have: letters, digits, `_.-`, not starting with a dash. */
export function nameWord(value: string, what: string): string {
  if (!/^[A-Za-z0-9_.][A-Za-z0-9_.-]{0,99}$/.test(value)) throw new InvalidValueError(what, 'letters, digits, _ . -');
  return value;
}
