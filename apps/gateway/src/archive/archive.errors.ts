/** Events are deleted by one act at a time. */
export class ArchiveBusyError extends Error {
  readonly code = 'archive/busy';
  readonly kind = 'user';

  constructor() {
    super('Events are being deleted already. Nothing else was deleted; wait until it is done, or cancel it.');
    this.name = 'ArchiveBusyError';
  }
}

/** No such deletion is running. */
export class UnknownDeletionError extends Error {
  readonly code = 'request/not-found';
  readonly kind = 'user';

  constructor() {
    super('No such deletion is known.');
    this.name = 'UnknownDeletionError';
  }
}
