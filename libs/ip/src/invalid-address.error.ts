/** The text is not an address or network in the strict form this library accepts. */
export class InvalidAddressError extends Error {
  override readonly name = 'InvalidAddressError';
  readonly code = 'ip/invalid';
  readonly kind = 'user';

  /** @param text what was given, shortened for the message so that hostile input stays small */
  constructor(
    readonly text: string,
    options?: ErrorOptions,
  ) {
    super(`"${text.length > 80 ? `${text.slice(0, 80)}…` : text}" is not an IP address or network`, options);
  }
}
