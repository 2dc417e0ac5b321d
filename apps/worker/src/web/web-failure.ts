import { MaxRedirectsError, RequestError, TimeoutError } from 'got';
import { WebRequestError } from './web-request.error.js';

/** The error of ours that lies behind anything a request may throw. An abort by the caller is thrown as the signal's reason. */
export function webFailure(error: unknown, signal?: AbortSignal): unknown {
  const own = ownCause(error);
  if (own !== undefined) return own;
  if (signal?.aborted === true) return signal.reason;
  const detail = error instanceof Error ? error.message : 'no answer';
  if (error instanceof TimeoutError) return new WebRequestError('web/timed-out', detail, { cause: error });
  if (error instanceof MaxRedirectsError)
    return new WebRequestError('web/too-many-redirects', detail, { cause: error });
  if (error instanceof RequestError && error.code === 'ERR_UNSUPPORTED_PROTOCOL')
    return new WebRequestError('web/url-refused', detail, { cause: error });
  return new WebRequestError('web/unreachable', detail, { cause: error });
}

/** The HTTP client wraps what its connection or a hook threw, and several addresses fail as one aggregate. */
function ownCause(error: unknown): WebRequestError | undefined {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    if (at instanceof WebRequestError) return at;
    if (at instanceof AggregateError) {
      const own = (at.errors as unknown[]).map(ownCause).find((inner) => inner !== undefined);
      if (own !== undefined) return own;
    }
  }
  return undefined;
}
