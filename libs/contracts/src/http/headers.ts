/** Names of the headers the API knows beside the standard ones. */
export const HEADERS = {
  /** Any value; proves that a script of our own origin made a state-changing cookie request. */
  request: 'X-Bailiff-Request',
  correlationId: 'X-Correlation-ID',
  setupToken: 'X-Bailiff-Setup-Token',
} as const;

/** Shape of a correlation id that is kept; anything else is replaced by one of ours. */
export const CORRELATION_ID = /^[A-Za-z0-9_-]{8,64}$/;

/** Name of the session cookie. */
export const SESSION_COOKIE = 'bailiff_session';
