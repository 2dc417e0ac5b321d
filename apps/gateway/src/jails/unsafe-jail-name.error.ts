/** A jail may have such a name, and run; but a command about it would be misread, so none is sent. */
export class UnsafeJailNameError extends Error {
  override readonly name = 'UnsafeJailNameError';
  readonly code = 'jail/unsafe-name';
  readonly kind = 'user';
  readonly detail: string;

  constructor(jail: string) {
    super(`Jail name ${JSON.stringify(jail.slice(0, 64))} is not used in commands`);
    this.detail = `Nothing is asked of ${JSON.stringify(jail.slice(0, 64))}: names of jails hold letters, digits, dots, dashes and underscores, at most 64.`;
  }
}
