import { computed, signal } from '@angular/core';

/** The rows chosen in a table, by key; they stay chosen while pages load and filters change. */
export class TableSelection<T> {
  private readonly chosen = signal<ReadonlyMap<string, T>>(new Map());
  private anchor: string | undefined;

  readonly rows = computed(() => [...this.chosen().values()]);
  readonly size = computed(() => this.chosen().size);

  constructor(private readonly key: (row: T) => string) {}

  has(row: T): boolean {
    return this.chosen().has(this.key(row));
  }

  hasAll(rows: readonly T[]): boolean {
    return rows.length > 0 && rows.every((row) => this.has(row));
  }

  toggle(row: T): void {
    const key = this.key(row);
    const next = new Map(this.chosen());
    if (!next.delete(key)) next.set(key, row);
    this.anchor = key;
    this.chosen.set(next);
  }

  /** Chooses everything between the row toggled last and this one. */
  extendTo(row: T, rows: readonly T[]): void {
    const keys = rows.map((each) => this.key(each));
    const from = this.anchor === undefined ? -1 : keys.indexOf(this.anchor);
    const to = keys.indexOf(this.key(row));
    if (from < 0 || to < 0) {
      this.toggle(row);
      return;
    }
    this.add(rows.slice(Math.min(from, to), Math.max(from, to) + 1));
  }

  add(rows: readonly T[]): void {
    this.chosen.update((chosen) => new Map([...chosen, ...rows.map((row) => [this.key(row), row] as const)]));
  }

  clear(): void {
    this.anchor = undefined;
    this.chosen.set(new Map());
  }
}
