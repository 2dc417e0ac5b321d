import { computed, signal, type Signal } from '@angular/core';
import type { RowSource, SourcePhase } from './row-source';
import type { TableQuery } from './table-query';

export interface ListSourceOptions<T> {
  /** All rows; undefined until loaded. */
  readonly all: Signal<readonly T[] | undefined>;
  readonly error: Signal<unknown>;
  readonly reload: () => void;
  readonly key: (row: T) => string;
  readonly query: TableQuery;
  /** Value to sort by for each sort field; null sorts last. */
  readonly sortBy: Readonly<Record<string, (row: T) => string | number | null>>;
  /** Text a search looks through. */
  readonly text?: (row: T) => string;
  /** Whether a row fits the filters set. */
  readonly fits?: (row: T, filters: Readonly<Record<string, string>>) => boolean;
}

/** Rows of a list that comes in one piece; sorted and searched here. */
export class ListSource<T> implements RowSource<T> {
  readonly waiting = signal(0).asReadonly();
  readonly fresh = signal<ReadonlySet<string>>(new Set()).asReadonly();
  readonly error: Signal<unknown>;

  readonly rows = computed(() => this.sorted((this.options.all() ?? []).filter((row) => this.fits(row))));
  readonly total = computed(() => (this.options.all() === undefined ? null : this.rows().length));
  readonly phase = computed<SourcePhase>(() => {
    if (this.options.all() !== undefined) return 'ready';
    return this.options.error() === undefined ? 'first' : 'failed';
  });

  constructor(private readonly options: ListSourceOptions<T>) {
    this.error = options.error;
  }

  key(row: T): string {
    return this.options.key(row);
  }

  reload(): void {
    this.options.reload();
  }

  loadMore(): void {
    // Everything is here.
  }

  showWaiting(): void {
    // Nothing waits.
  }

  hold(): void {
    // Rows never come in by themselves.
  }

  loadAll(limit: number): Promise<readonly T[]> {
    return Promise.resolve(this.rows().slice(0, limit));
  }

  private fits(row: T): boolean {
    const { query, text, fits } = this.options;
    const q = query.q().trim().toLowerCase();
    const found = q === '' || text === undefined || text(row).toLowerCase().includes(q);
    return found && (fits === undefined || fits(row, query.filters()));
  }

  private sorted(rows: readonly T[]): readonly T[] {
    const sort = this.options.query.sort();
    const descending = sort.startsWith('-');
    const by = this.options.sortBy[descending ? sort.slice(1) : sort];
    if (by === undefined) return rows;
    return rows.toSorted((a, b) => compare(by(a), by(b), descending ? -1 : 1));
  }
}

function compare(a: string | number | null, b: string | number | null, direction: 1 | -1): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  const order = typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b));
  return order * direction;
}
