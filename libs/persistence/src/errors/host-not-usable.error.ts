/** Messages came for a host that is unknown or revoked; nothing was stored. */
export class HostNotUsableError extends Error {
  readonly kind = 'operational';
  readonly code: 'host/unknown' | 'host/revoked';
  constructor(
    readonly hostId: string,
    state: 'unknown' | 'revoked',
  ) {
    super(`Host ${hostId} is ${state}`);
    this.name = 'HostNotUsableError';
    this.code = `host/${state}`;
  }
}
