/**
 * Every stable problem code the API may answer with. Never renamed once released; `docs/api/problems.md` lists them.
 * The gateway's problem table maps each to a status and a title; the web app reads only the code.
 */
export const PROBLEM_CODES = [
  'request/invalid',
  'request/not-found',
  'request/too-large',
  'request/too-many',
  'request/conflict',
  'request/forbidden-origin',
  'setup/required',
  'setup/already-complete',
  'setup/token-invalid',
  'setup/database-unusable',
  'auth/required',
  'auth/invalid-credentials',
  'auth/session-expired',
  'auth/insufficient-scope',
  'host/unknown',
  'host/revoked',
  'enrolment/token-invalid',
  'enrolment/refused',
  'agent/offline',
  'agent/outcome-unknown',
  'agent/refused',
  'agent/policy-denied',
  'agent/failed',
  'geo/unavailable',
  'geo/failed',
  'geo/no-data',
  'jail/unknown',
  'jail/busy',
  'jail/unsafe-name',
  'config/refused',
  'ignore/protected',
  'ignore/allowed',
  'ban/protected-address',
  'ban/too-wide',
  'ban/not-banned',
  'ban/network-not-taken',
  'allow/conflict',
  'archive/busy',
  'ip/invalid',
  'fail2ban/unreachable',
  'fail2ban/busy',
  'fail2ban/refused',
  'edge/unavailable',
  'internal/unexpected',
] as const;

export type ProblemCode = (typeof PROBLEM_CODES)[number];

/** One field that was refused. `pointer` is a JSON pointer into the request body, or `?name` for a query parameter. */
export interface ProblemField {
  readonly pointer: string;
  readonly detail: string;
}

/** RFC 9457 problem details as every error response of the API carries them. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  /** Safe to show to an operator: what went wrong, what was not changed, what to do. */
  readonly detail: string;
  readonly instance: string;
  readonly code: ProblemCode;
  readonly correlation_id: string;
  readonly errors?: readonly ProblemField[];
  /** Only with `setup/required`. */
  readonly setup_required?: true;
  /** Seconds to wait, only with `request/too-many`. */
  readonly retry_after_seconds?: number;
}
