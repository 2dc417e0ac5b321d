import type { ProblemField } from '@bailiff/contracts/http';

/** A change of ignore lists that changes nothing. */
export class EmptyIgnoreChangeError extends Error {
  override readonly name = 'EmptyIgnoreChangeError';
  readonly code = 'request/invalid';
  readonly kind = 'user';
  readonly detail = 'There is nothing to change.';
  readonly fields: readonly ProblemField[] = [
    { pointer: '/add', detail: 'say what to add, what to remove, or ignoreself' },
  ];

  constructor() {
    super('empty change of ignore lists');
  }
}
