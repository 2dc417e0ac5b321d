import { HttpErrorResponse } from '@angular/common/http';
import type { Problem, ProblemCode, ProblemField } from '@bailiff/contracts/http';
import type { WebProblemCode } from '../messages/en-problems';

/** Every failed request of the API as one class: code for logic and words, detail for the operator's eyes. */
export class ApiProblem extends Error {
  readonly kind = 'operational';
  override readonly name = 'ApiProblem';

  constructor(
    readonly code: ProblemCode | WebProblemCode,
    /** What the server said, safe to show; empty when it said nothing. */
    readonly detail: string,
    /** HTTP status, 0 when there was no answer. */
    readonly status: number,
    readonly correlationId: string | null = null,
    readonly fields: readonly ProblemField[] = [],
    readonly retryAfterSeconds: number | null = null,
    options?: ErrorOptions,
  ) {
    super(`${code}: ${detail}`, options);
  }

  /** Makes any thrown value an ApiProblem. */
  static from(error: unknown): ApiProblem {
    if (error instanceof ApiProblem) return error;
    if (!(error instanceof HttpErrorResponse)) {
      // A resource wraps what its request threw.
      if (error instanceof Error && error.cause !== undefined) return ApiProblem.from(error.cause);
      return new ApiProblem('internal/unexpected', '', 0, null, [], null, { cause: error });
    }
    const body: unknown = error.error;
    if (isProblem(body)) {
      return new ApiProblem(
        body.code,
        body.detail,
        error.status,
        body.correlation_id,
        body.errors ?? [],
        body.retry_after_seconds ?? null,
        { cause: error },
      );
    }
    const code = error.status === 0 || error.status >= 502 ? 'web/offline' : 'web/unreadable';
    return new ApiProblem(code, '', error.status, null, [], null, { cause: error });
  }
}

function isProblem(body: unknown): body is Problem {
  return typeof body === 'object' && body !== null && 'code' in body && typeof body.code === 'string';
}
