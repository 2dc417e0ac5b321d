/** The server's bytes are not a reply: unknown opcodes, broken framing, or beyond the limits. */
export class MalformedReplyError extends Error {
  override readonly name = 'MalformedReplyError';
  readonly code = 'fail2ban/malformed-reply';
  readonly kind = 'operational';

  /** @param reason what is wrong, without the hostile bytes themselves */
  constructor(
    readonly reason: string,
    options?: ErrorOptions,
  ) {
    super(`fail2ban sent a malformed reply: ${reason}`, options);
  }
}
