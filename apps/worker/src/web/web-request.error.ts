/** Why a request to the internet did not give an answer. Stable: part of job results and problem codes. */
export type WebFailure =
  | 'web/address-refused'
  | 'web/body-too-large'
  | 'web/timed-out'
  | 'web/too-many-redirects'
  | 'web/unreachable'
  | 'web/url-refused';

/** Failures that the same request would meet again. */
const USER: readonly WebFailure[] = ['web/address-refused', 'web/url-refused'];

/** A request to the internet that was refused by the guard, or got no usable answer. */
export class WebRequestError extends Error {
  readonly kind: 'user' | 'operational';

  constructor(
    readonly code: WebFailure,
    detail: string,
    options?: ErrorOptions,
  ) {
    super(detail, options);
    this.name = WebRequestError.name;
    this.kind = USER.includes(code) ? 'user' : 'operational';
  }
}
