/** The database can't be reached, opened or used. The message is safe to show: it never holds a password. */
export class DatabaseUnusableError extends Error {
  readonly kind = 'operational';
  readonly code = 'setup/database-unusable';
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'DatabaseUnusableError';
  }
}
