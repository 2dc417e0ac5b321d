import type { Signal } from '@angular/core';

/** `first`: nothing yet. `again`: old rows stay, dimmed. `more`: the next page. `failed`: see `error`. */
export type SourcePhase = 'first' | 'again' | 'more' | 'ready' | 'failed';

/** Where a table's rows come from. */
export interface RowSource<T> {
  readonly rows: Signal<readonly T[]>;
  /** Rows that match over all pages; null when not known. */
  readonly total: Signal<number | null>;
  readonly phase: Signal<SourcePhase>;
  readonly error: Signal<unknown>;
  /** New rows that wait so as not to move what is being looked at. */
  readonly waiting: Signal<number>;
  /** Keys of rows that have just come in by themselves. */
  readonly fresh: Signal<ReadonlySet<string>>;
  key(row: T): string;
  reload(): void;
  /** Loads the next page when there is one; safe to call often. */
  loadMore(): void;
  /** Lets waiting rows in. */
  showWaiting(): void;
  /** Whether new rows must wait for {@link showWaiting}. */
  hold(held: boolean): void;
  /** Every matching row, at most `limit`, loading what is missing. */
  loadAll(limit: number): Promise<readonly T[]>;
}
