import { HttpClient } from '@angular/common/http';
import { computed, DestroyRef, effect, inject, signal, untracked } from '@angular/core';
import type { Page } from '@bailiff/contracts/http';
import { firstValueFrom, type Subscription } from 'rxjs';
import type { RowSource, SourcePhase } from './row-source';

export interface PagedSourceOptions<T> {
  /** Relative address of the list; a function where it depends on what is shown. */
  readonly url: string | (() => string);
  /** Its query without paging; undefined: not asked for yet. Read reactively: a change loads anew. */
  readonly params: () => Readonly<Record<string, string>> | undefined;
  /** What makes a row itself. */
  readonly key: (row: T) => string;
  /** Rows a page, at most 500. */
  readonly pageSize?: number;
}

const FRESH_MS = 1_200;

/**
 * Rows of a list that the server pages by cursor. Holds what was loaded so far, takes in rows of the live feed at the top,
 * and keeps the old rows while a changed filter loads. Make it in an injection context.
 */
export class PagedSource<T> implements RowSource<T> {
  private readonly http = inject(HttpClient);
  private readonly pageSize: number;
  private readonly rowsSignal = signal<readonly T[]>([]);
  private readonly totalSignal = signal<number | null>(null);
  private readonly phaseSignal = signal<SourcePhase>('first');
  private readonly errorSignal = signal<unknown>(undefined);
  private readonly waitingRows = signal<readonly T[]>([]);
  private readonly waitingElsewhere = signal(0);
  private readonly freshSignal = signal<ReadonlySet<string>>(new Set());
  private cursor: string | null = null;
  private request: Subscription | undefined;
  private held = false;
  private isDestroyed = false;

  readonly rows = this.rowsSignal.asReadonly();
  readonly total = this.totalSignal.asReadonly();
  readonly phase = this.phaseSignal.asReadonly();
  readonly error = this.errorSignal.asReadonly();
  readonly fresh = this.freshSignal.asReadonly();
  readonly waiting = computed(() => this.waitingRows().length + this.waitingElsewhere());

  constructor(private readonly options: PagedSourceOptions<T>) {
    this.pageSize = options.pageSize ?? 200;
    effect(() => {
      const params = options.params();
      if (params !== undefined) untracked(() => this.load(params));
    });
    inject(DestroyRef).onDestroy(() => {
      this.isDestroyed = true;
      this.request?.unsubscribe();
    });
  }

  key(row: T): string {
    return this.options.key(row);
  }

  reload(): void {
    const params = untracked(this.options.params);
    if (params !== undefined) this.load(params);
  }

  loadMore(): void {
    const params = untracked(this.options.params);
    if (this.cursor === null || this.phaseSignal() !== 'ready' || params === undefined) return;
    this.phaseSignal.set('more');
    this.request = this.fetch(params, this.cursor).subscribe({
      next: (page) => this.append(page),
      error: (error: unknown) => this.fail(error),
    });
  }

  async loadAll(limit: number): Promise<readonly T[]> {
    const params = untracked(this.options.params);
    while (params !== undefined && this.cursor !== null && this.rowsSignal().length < limit && !this.isDestroyed) {
      this.append(await firstValueFrom(this.fetch(params, this.cursor, 500)));
    }
    return this.rowsSignal().slice(0, limit);
  }

  hold(held: boolean): void {
    this.held = held;
    if (!held && this.waitingRows().length > 0 && this.waitingElsewhere() === 0) this.showWaiting();
  }

  showWaiting(): void {
    const rows = this.waitingRows();
    if (this.waitingElsewhere() > 0) {
      this.reload();
      return;
    }
    this.waitingRows.set([]);
    this.insert(rows);
  }

  /** Takes in a new row of the live feed. `atTop`: whether the sort puts it first; else it waits for a reload. */
  arrived(row: T, atTop: boolean): void {
    if (this.phaseSignal() === 'first') return;
    if (this.has(row)) {
      this.replace(row);
      return;
    }
    this.totalSignal.update((total) => (total === null ? null : total + 1));
    if (!atTop) this.waitingElsewhere.update((n) => n + 1);
    else if (this.held) this.waitingRows.update((rows) => [row, ...rows]);
    else this.insert([row]);
  }

  /** Takes out the rows a condition names. */
  remove(gone: (row: T) => boolean): void {
    const before = this.rowsSignal().length + this.waitingRows().length;
    this.waitingRows.update((rows) => rows.filter((row) => !gone(row)));
    this.rowsSignal.update((rows) => (rows.some(gone) ? rows.filter((row) => !gone(row)) : rows));
    const removed = before - this.rowsSignal().length - this.waitingRows().length;
    if (removed > 0) this.totalSignal.update((total) => (total === null ? null : Math.max(0, total - removed)));
  }

  /** Changes rows in place; `change` returns the same object to leave a row as it is. */
  update(change: (row: T) => T): void {
    this.rowsSignal.update((rows) => {
      const changed = rows.map(change);
      return changed.some((row, i) => row !== rows[i]) ? changed : rows;
    });
  }

  private load(params: Readonly<Record<string, string>>): void {
    this.request?.unsubscribe();
    const isFirst = this.phaseSignal() === 'first' || this.rowsSignal().length === 0;
    this.phaseSignal.set(isFirst ? 'first' : 'again');
    this.request = this.fetch(params, null).subscribe({
      next: (page) => {
        this.waitingRows.set([]);
        this.waitingElsewhere.set(0);
        this.rowsSignal.set([]);
        this.totalSignal.set(page.total);
        this.append(page);
      },
      error: (error: unknown) => this.fail(error),
    });
  }

  private fetch(params: Readonly<Record<string, string>>, cursor: string | null, limit = this.pageSize) {
    const { url } = this.options;
    return this.http.get<Page<T>>(typeof url === 'string' ? url : untracked(url), {
      params: { ...params, limit, ...(cursor === null ? {} : { cursor }) },
    });
  }

  private append(page: Page<T>): void {
    const known = new Set(this.rowsSignal().map((row) => this.key(row)));
    this.cursor = page.nextCursor;
    this.rowsSignal.update((rows) => [...rows, ...page.items.filter((row) => !known.has(this.key(row)))]);
    // What the server did not count is counted once all of it is here.
    if (page.nextCursor === null) this.totalSignal.update((total) => total ?? this.rowsSignal().length);
    this.errorSignal.set(undefined);
    this.phaseSignal.set('ready');
  }

  private fail(error: unknown): void {
    this.errorSignal.set(error);
    this.phaseSignal.set('failed');
  }

  private has(row: T): boolean {
    const key = this.key(row);
    return [...this.waitingRows(), ...this.rowsSignal()].some((known) => this.key(known) === key);
  }

  private replace(row: T): void {
    const key = this.key(row);
    const put = (rows: readonly T[]): readonly T[] => rows.map((old) => (this.key(old) === key ? row : old));
    this.rowsSignal.update(put);
    this.waitingRows.update(put);
  }

  private insert(rows: readonly T[]): void {
    if (rows.length === 0) return;
    const keys = new Set(rows.map((row) => this.key(row)));
    this.rowsSignal.update((old) => [...rows, ...old.filter((row) => !keys.has(this.key(row)))]);
    this.freshSignal.set(keys);
    setTimeout(() => {
      if (this.freshSignal() === keys) this.freshSignal.set(new Set());
    }, FRESH_MS);
  }
}
