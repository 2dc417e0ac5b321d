/** A token that is unknown, used, expired, tried too often, or shown with a wrong secret. */
export class EnrolmentTokenError extends Error {
  readonly code = 'enrolment/token-invalid';
  readonly kind = 'user';

  constructor(detail: string, options?: ErrorOptions) {
    super(`${detail}. Nothing was enrolled; make a new token in the console.`, options);
    this.name = 'EnrolmentTokenError';
  }
}

/** A request that is no enrolment request. */
export class EnrolmentRefusedError extends Error {
  readonly code = 'enrolment/refused';
  readonly kind = 'user';

  constructor(detail: string, options?: ErrorOptions) {
    super(`${detail}. Nothing was enrolled.`, options);
    this.name = 'EnrolmentRefusedError';
  }
}

/** The agents' Redis cannot be reached, so no agent can be let in. */
export class EdgeUnavailableError extends Error {
  readonly code = 'edge/unavailable';
  readonly kind = 'operational';

  constructor(options?: ErrorOptions) {
    super('The agents’ Redis cannot be reached at the moment. Nothing was changed; try again later.', options);
    this.name = 'EdgeUnavailableError';
  }
}

/** Too many enrolment requests. */
export class EnrolmentRateError extends Error {
  readonly code = 'request/too-many';
  readonly kind = 'user';
  readonly extra: { readonly retry_after_seconds: number };

  constructor(retryAfterSeconds: number) {
    super('Too many enrolment requests. Wait a moment and try again.');
    this.name = 'EnrolmentRateError';
    this.extra = { retry_after_seconds: retryAfterSeconds };
  }
}
