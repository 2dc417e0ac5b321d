import { STATUS_CODES } from 'node:http';
import type { Problem, ProblemCode, ProblemField } from '@bailiff/contracts/http';
import { HttpException } from '@nestjs/common';

/** The one table that maps stable codes to HTTP: every app that answers HTTP has exactly one. */
export type ProblemTable = Readonly<Record<ProblemCode, { readonly status: number; readonly title: string }>>;

/** Our own errors, recognised by shape so that plain libraries need no shared base class. */
export interface CodedError {
  readonly code: string;
  readonly kind?: 'user' | 'operational' | 'bug';
  readonly message: string;
  readonly detail?: string;
  readonly fields?: readonly ProblemField[];
  /** Further members of the problem, e.g. `{ retry_after_seconds: 30 }`. */
  readonly extra?: Partial<Problem>;
}

const isCoded = (error: unknown, table: ProblemTable): error is CodedError & { code: ProblemCode } =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && Object.hasOwn(table, error.code);

/** Codes for what frameworks throw by status. */
const CODE_BY_STATUS: Readonly<Record<number, ProblemCode>> = {
  400: 'request/invalid',
  401: 'auth/required',
  404: 'request/not-found',
  409: 'request/conflict',
  413: 'request/too-large',
  429: 'request/too-many',
};

/**
 * Turns anything thrown into RFC 9457 problem details. What is not known becomes a bare 500: no stack, path or inner text.
 * @see RFC 9457
 */
export function toProblem(
  error: unknown,
  table: ProblemTable,
  context: { readonly instance: string; readonly correlationId: string },
): Problem {
  const make = (code: ProblemCode, detail: string, rest: Partial<Problem> = {}): Problem => ({
    type: `urn:bailiff:problem:${code}`,
    title: table[code].title,
    status: table[code].status,
    detail,
    instance: context.instance,
    code,
    correlation_id: context.correlationId,
    ...rest,
  });
  if (isCoded(error, table)) {
    return make(error.code, error.detail ?? error.message, {
      ...(error.fields === undefined ? {} : { errors: error.fields }),
      ...error.extra,
    });
  }
  const status = statusOf(error);
  const code = status === undefined ? undefined : CODE_BY_STATUS[status];
  if (code === undefined) {
    return make(
      'internal/unexpected',
      `Something went wrong inside Bailiff. The log has it under ${context.correlationId}.`,
    );
  }
  return make(code, detailOf(code, error), status === undefined ? {} : { status });
}

/** Whether the error is ours to mend: logged as an error with its stack. */
export function isUnexpected(problem: Problem): boolean {
  return problem.code === 'internal/unexpected';
}

/** Status of Nest's exceptions and of Express' body parser (`http-errors` shape). */
function statusOf(error: unknown): number | undefined {
  if (error instanceof HttpException) return error.getStatus();
  const hasStatus =
    error instanceof Error && 'expose' in error && 'status' in error && typeof error.status === 'number';
  return hasStatus ? (error.status as number) : undefined;
}

function detailOf(code: ProblemCode, error: unknown): string {
  if (code === 'request/not-found') return 'Nothing lives at this address. See /api/docs for what does.';
  if (code === 'request/too-large') return 'The request body is larger than this address takes. Send less at once.';
  if (code === 'request/invalid')
    return 'The request could not be read. Send well-formed JSON as the API description says.';
  return error instanceof HttpException
    ? error.message
    : (STATUS_CODES[statusOf(error) ?? 500] ?? 'The request failed.');
}
