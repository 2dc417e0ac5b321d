/** A jail may have such a name, and run; but a command about it would be misread, so none is sent. */
export class UnsafeJailNameError extends Error {
  override readonly name = 'UnsafeJailNameError';
  readonly code = 'jail/unsafe-name';
  readonly kind = 'user';
  readonly detail: string;

  constructor(jail: string) {
    super(`Jail name ${JSON.stringify(jail.slice(0, 64))} is not used in commands`);
    this.detail = `No command is sent for ${JSON.stringify(jail.slice(0, 64))}: that takes a name of letters, digits, dots, dashes and underscores, at most 64. Its figures and bans are shown all the same.`;
  }
}
