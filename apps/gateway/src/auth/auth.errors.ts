import type { Problem } from '@bailiff/contracts/http';

/** No usable credential came with the request. */
export class AuthRequiredError extends Error {
  readonly code = 'auth/required';
  readonly kind = 'user';
  constructor(message = 'Sign in, or send an API token.') {
    super(message);
    this.name = AuthRequiredError.name;
  }
}

/** The session was good once and has ended: expired, revoked or signed out. */
export class SessionExpiredError extends Error {
  readonly code = 'auth/session-expired';
  readonly kind = 'user';
  constructor() {
    super('The session has ended. Sign in again.');
    this.name = SessionExpiredError.name;
  }
}

/** Wrong password. Says nothing else on purpose. */
export class InvalidCredentialsError extends Error {
  readonly code = 'auth/invalid-credentials';
  readonly kind = 'user';
  constructor() {
    super('The password is not right.');
    this.name = InvalidCredentialsError.name;
  }
}

/** The credential is good but does not allow this. */
export class InsufficientScopeError extends Error {
  readonly code = 'auth/insufficient-scope';
  readonly kind = 'user';
  constructor(anyOf: readonly string[]) {
    super(
      `This needs the scope ${anyOf.map((scope) => `"${scope}"`).join(' or ')}, which the credential does not have.`,
    );
    this.name = InsufficientScopeError.name;
  }
}

/** A state-changing cookie request that can't be proved to come from our own pages. */
export class ForbiddenOriginError extends Error {
  readonly code = 'request/forbidden-origin';
  readonly kind = 'user';
  constructor() {
    super('The request does not come from this application. Nothing was changed.');
    this.name = ForbiddenOriginError.name;
  }
}

/** Too many attempts to sign in. */
export class TooManyAttemptsError extends Error {
  readonly code = 'request/too-many';
  readonly kind = 'user';
  readonly extra: Partial<Problem>;
  /** @param waitMs when the next attempt will be heard */
  constructor(readonly waitMs: number) {
    const seconds = Math.max(1, Math.ceil(waitMs / 1000));
    super(`Too many attempts. Try again in ${seconds} s.`);
    this.name = TooManyAttemptsError.name;
    this.extra = { retry_after_seconds: seconds };
  }
}

/** A handler asked who is calling on a route that does not ask callers to sign in. */
export class NoActorError extends Error {
  readonly code = 'internal/unexpected';
  readonly kind = 'bug';
  constructor() {
    super('@CurrentActor() on a route without @Requires()');
    this.name = NoActorError.name;
  }
}
