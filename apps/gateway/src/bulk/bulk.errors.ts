import { BULK_MAX_BYTES, BULK_MAX_ENTRIES, BULK_MAX_RESULTS } from '@bailiff/contracts/http';

const MIB = 1024 * 1024;

/** The list is longer than one is read. */
export class ListTooLargeError extends Error {
  readonly code = 'request/too-large';
  readonly kind = 'user';

  private constructor(readonly detail: string) {
    super(detail);
    this.name = 'ListTooLargeError';
  }

  static bytes(): ListTooLargeError {
    return new ListTooLargeError(`The list is larger than ${BULK_MAX_BYTES / MIB} MiB. Nothing was changed.`);
  }

  static entries(line: number): ListTooLargeError {
    const most = BULK_MAX_ENTRIES.toLocaleString('en');
    return new ListTooLargeError(`Line ${line} is past the ${most} addresses one list may hold. Nothing was changed.`);
  }

  static results(count: number): ListTooLargeError {
    const [asked, most] = [count, BULK_MAX_RESULTS].map((each) => each.toLocaleString('en'));
    return new ListTooLargeError(
      `Addresses times jails times hosts are ${asked}, more than ${most}. Choose fewer at once. Nothing was changed.`,
    );
  }
}

/** The upload is no list of addresses that could be read. */
export class UnreadableListError extends Error {
  readonly code = 'request/invalid';
  readonly kind = 'user';

  constructor(detail: string) {
    super(`${detail} Nothing was changed.`);
    this.name = 'UnreadableListError';
  }
}

/** What was asked for does not fit what the job is doing. */
export class BulkConflictError extends Error {
  readonly code = 'request/conflict';
  readonly kind = 'user';

  constructor(detail: string) {
    super(`${detail} Nothing was changed.`);
    this.name = 'BulkConflictError';
  }
}
