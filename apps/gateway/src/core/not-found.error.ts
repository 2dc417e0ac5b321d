/** What the address names does not exist. */
export class NotFoundError extends Error {
  readonly code = 'request/not-found';
  readonly kind = 'user';
  constructor(message: string) {
    super(message);
    this.name = NotFoundError.name;
  }
}
