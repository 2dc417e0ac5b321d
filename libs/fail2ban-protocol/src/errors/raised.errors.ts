import { PyObject, type PyValue } from '../codec/py-value.js';

const USER_TYPES = new Set([
  'FileNotFoundError',
  'IndexError',
  'IsADirectoryError',
  'JSONDecodeError',
  'KeyError',
  'LookupError',
  'RegexException',
  'SyntaxError',
  'TypeError',
  'UnknownJailException',
  'DuplicateJailException',
  'ValueError',
]);

/** The command reached fail2ban and raised a Python exception there. */
export class Fail2banRaisedError extends Error {
  override readonly name: string = 'Fail2banRaisedError';
  readonly code: string = 'fail2ban/raised';
  readonly kind: 'user' | 'operational';
  /** The exception's class without its module, e.g. `UnknownJailException`. */
  readonly type: string;
  /** The class's module, e.g. `builtins`. */
  readonly module: string;
  /** The exception's arguments: texts to show, not to switch on. */
  readonly args: readonly PyValue[];

  constructor(exception: PyObject, options?: ErrorOptions) {
    super(describe(exception), options);
    this.type = exception.type.name;
    this.module = exception.type.module;
    this.args = exception.args;
    this.kind = USER_TYPES.has(this.type) ? 'user' : 'operational';
  }
}

/** No jail of that name is running. */
export class UnknownJailError extends Fail2banRaisedError {
  override readonly name = 'UnknownJailError';
  override readonly code = 'jail/unknown';
  readonly jail: string;

  constructor(exception: PyObject) {
    super(exception);
    this.jail = textOf(exception.args[0]);
  }
}

/** A jail of that name exists already. */
export class DuplicateJailError extends Fail2banRaisedError {
  override readonly name = 'DuplicateJailError';
  override readonly code = 'jail/duplicate';
  override readonly kind = 'user';

  constructor(
    exception: PyObject,
    readonly jail: string,
  ) {
    super(exception);
  }
}

/** fail2ban does not know the command, or it has too few arguments. */
export class InvalidCommandError extends Fail2banRaisedError {
  override readonly name = 'InvalidCommandError';
  override readonly code = 'fail2ban/invalid-command';
  override readonly kind = 'user';
}

/** A failregex, ignoreregex or prefregex that fail2ban cannot compile or use. */
export class InvalidRegexError extends Fail2banRaisedError {
  override readonly name = 'InvalidRegexError';
  override readonly code = 'fail2ban/invalid-regex';
  override readonly kind = 'user';
}

/** The command succeeded or failed, but its result cannot be sent: Python could not serialise it. */
export class UnreadableValueError extends Error {
  override readonly name = 'UnreadableValueError';
  readonly code = 'fail2ban/unreadable-value';
  readonly kind = 'user';
  readonly type = 'ERROR';
  readonly args: readonly PyValue[];

  /** @param text the server's own words, beginning with `ERROR:` */
  constructor(text: string) {
    super(text.slice(0, 500));
    this.args = [text];
  }
}

/**
 * Finds the error class for an exception of the server.
 * @param command the command's first words, for exceptions that do not name their subject
 */
export function raisedError(exception: PyObject, command: readonly unknown[]): Fail2banRaisedError {
  const first = textOf(exception.args[0]);
  switch (exception.className) {
    case 'fail2ban.exceptions.UnknownJailException':
      return new UnknownJailError(exception);
    case 'fail2ban.exceptions.DuplicateJailException':
      return new DuplicateJailError(exception, first);
    case 'fail2ban.server.failregex.RegexException':
      return new InvalidRegexError(exception);
    case 'builtins.NameError':
      // fail2ban 1.0.2 trips over its own check for duplicates (fixed in 1.1.0).
      if (command[0] === 'add' && first.includes('noduplicates')) {
        return new DuplicateJailError(exception, textOf(command[1]));
      }
      break;
    case 'builtins.IndexError':
      return new InvalidCommandError(exception);
    case 'builtins.Exception':
      if (first.startsWith('Invalid command')) return new InvalidCommandError(exception);
      break;
  }
  return new Fail2banRaisedError(exception);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function describe(exception: PyObject): string {
  const parts = exception.args.filter((arg) => typeof arg === 'string' || typeof arg === 'number').map(String);
  return `fail2ban: ${exception.type.name}: ${parts.join(', ').slice(0, 500)}`;
}
