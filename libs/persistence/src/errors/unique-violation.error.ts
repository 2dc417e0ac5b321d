/** A row with the same unique key exists already. */
export class UniqueViolationError extends Error {
  readonly kind = 'user';
  readonly code = 'request/conflict';
  constructor(options?: ErrorOptions) {
    super('The same entry exists already', options);
    this.name = 'UniqueViolationError';
  }
}
