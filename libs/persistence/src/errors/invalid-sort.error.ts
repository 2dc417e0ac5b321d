/** A list can't be ordered by the field that was named. */
export class InvalidSortError extends Error {
  readonly kind = 'user';
  readonly code = 'request/invalid';
  readonly fields: readonly { readonly pointer: string; readonly detail: string }[];
  /** @param allowed fields the list can be ordered by */
  constructor(field: string, allowed: readonly string[]) {
    super(`This list can't be sorted by "${field}"`);
    this.name = 'InvalidSortError';
    this.fields = [
      { pointer: '?sort', detail: `must be one of ${allowed.join(', ')}, with a leading - for descending` },
    ];
  }
}
