/** No host has this id. */
export class UnknownHostError extends Error {
  readonly code = 'host/unknown';
  readonly kind = 'user';

  constructor(readonly hostId: string) {
    super(`No host has the id ${hostId}. Nothing was changed.`);
    this.name = 'UnknownHostError';
  }
}

/** The host was removed from the fleet; it has to be enrolled again. */
export class RevokedHostError extends Error {
  readonly code = 'host/revoked';
  readonly kind = 'user';

  constructor(readonly hostId: string) {
    super(`The host ${hostId} was revoked. Nothing was changed.`);
    this.name = 'RevokedHostError';
  }
}
