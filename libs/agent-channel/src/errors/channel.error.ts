/** Who can mend an error: the caller's input, the world (may be retried), or our own code. */
export type ErrorKind = 'user' | 'operational' | 'bug';

/** Base of every error of this library. `code` is stable (`area/kebab`) and safe to show. */
export class ChannelError extends Error {
  readonly code: string;
  readonly kind: ErrorKind;

  constructor(code: string, kind: ErrorKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
    this.kind = kind;
  }
}
