/** The address is on the list already, for the same hosts and jails. */
export class AllowConflictError extends Error {
  readonly code = 'allow/conflict';
  readonly kind = 'user';

  constructor(address: string) {
    super(`${address} is on the allow list already, for the same hosts and jails. Edit that entry instead.`);
    this.name = 'AllowConflictError';
  }
}
