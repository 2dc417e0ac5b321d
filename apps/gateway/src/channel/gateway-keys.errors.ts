/** The gateway's key file cannot be trusted or used; the gateway must not start with it. */
export class GatewayKeysFileError extends Error {
  readonly code = 'keys/unusable';
  readonly kind = 'operational';

  constructor(
    readonly path: string,
    detail: string,
    options?: ErrorOptions,
  ) {
    super(`Gateway key file ${path}: ${detail}`, options);
    this.name = 'GatewayKeysFileError';
  }
}
