/** No jail of that name was ever reported by the host. */
export class UnknownJailError extends Error {
  override readonly name = 'UnknownJailError';
  readonly code = 'jail/unknown';
  readonly kind = 'user';
  readonly detail: string;

  constructor(readonly jail: string) {
    super(`No jail named ${JSON.stringify(jail)}`);
    this.detail = `${this.message} on this host.`;
  }
}
