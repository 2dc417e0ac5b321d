import type { ProblemField } from '@bailiff/contracts/http';

/** A range of time that cannot be answered about. */
export class StatsPeriodError extends Error {
  readonly code = 'request/invalid';
  readonly kind = 'user';
  readonly fields: readonly ProblemField[];

  constructor(pointer: string, detail: string) {
    super(`${pointer.slice(1)} ${detail}.`);
    this.name = 'StatsPeriodError';
    this.fields = [{ pointer, detail }];
  }
}
