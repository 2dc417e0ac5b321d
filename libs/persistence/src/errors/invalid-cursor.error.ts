/** A page position that we did not make, or made for another order. */
export class InvalidCursorError extends Error {
  readonly kind = 'user';
  readonly code = 'request/invalid';
  readonly fields = [{ pointer: '?cursor', detail: 'is not a position of this list; start from the first page' }];
  constructor(options?: ErrorOptions) {
    super('The page position is not valid for this list', options);
    this.name = 'InvalidCursorError';
  }
}
