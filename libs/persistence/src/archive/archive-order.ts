import type { BanEvent } from '../entities/index.js';
import { InvalidCursorError } from '../errors/invalid-cursor.error.js';
import { InvalidSortError } from '../errors/invalid-sort.error.js';
import { decodeCursor, encodeCursor } from '../paging/cursor.js';

/** Columns that order the archive, each with the index that gives its order. */
const ORDERS = {
  at: { columns: ['at_ms', 'id'], index: 'IX_ban_event_at_ms' },
  address: { columns: ['address_sort', 'at_ms', 'id'], index: 'IX_ban_event_address_sort' },
  jail: { columns: ['jail', 'at_ms', 'id'], index: 'IX_ban_event_jail' },
} as const;

type OrderName = keyof typeof ORDERS;

/** An order of the archive: a field, then time, then id, all in one direction. */
export class ArchiveOrder {
  private constructor(
    private readonly sort: string,
    private readonly name: OrderName,
    readonly isDescending: boolean,
  ) {}

  /** @throws {InvalidSortError} */
  static of(sort = '-at'): ArchiveOrder {
    const isDescending = sort.startsWith('-');
    const name = isDescending ? sort.slice(1) : sort;
    if (!isOrderName(name)) throw new InvalidSortError(name, Object.keys(ORDERS));
    return new ArchiveOrder(sort, name, isDescending);
  }

  get isByTime(): boolean {
    return this.name === 'at';
  }

  get isByAddress(): boolean {
    return this.name === 'address';
  }

  get isByJail(): boolean {
    return this.name === 'jail';
  }

  get columns(): readonly string[] {
    return ORDERS[this.name].columns;
  }

  get index(): string {
    return ORDERS[this.name].index;
  }

  /** `ORDER BY` of rows named `alias`. */
  by(alias: string): string {
    return this.columns.map((column) => `${alias}.${column} ${this.isDescending ? 'DESC' : 'ASC'}`).join(', ');
  }

  /** Values of a row in the order of {@link columns}. */
  positionOf(event: BanEvent): (string | number)[] {
    const first = { at: [], address: [event.addressSort], jail: [event.jail] }[this.name];
    return [...first, event.atMs, event.id];
  }

  /** Opaque position after a row. */
  cursorAfter(event: BanEvent): string {
    const [id, atMs, field] = this.positionOf(event).reverse() as [number, number, string?];
    return encodeCursor({ sort: this.sort, value: field === undefined ? atMs : `${atMs} ${field}`, id });
  }

  /** @throws {InvalidCursorError} when it was made for another order */
  positionAt(cursor: string): (string | number)[] {
    if (this.isByTime) {
      const { value, id } = decodeCursor(cursor, this.sort, { value: 'number', id: 'number' });
      return [value, id];
    }
    const { value, id } = decodeCursor(cursor, this.sort, { value: 'string', id: 'number' });
    const [, atMs, field] = /^(-?\d{1,16}) ([^]*)$/.exec(String(value)) ?? [];
    if (atMs === undefined || field === undefined) throw new InvalidCursorError();
    return [field, Number(atMs), id];
  }

  /** Negative when `a` comes before `b`. */
  compare(a: BanEvent, b: BanEvent): number {
    return this.comparePositions(this.positionOf(a), this.positionOf(b));
  }

  /** Whether a row comes after a position. */
  isAfter(event: BanEvent, position: readonly (string | number)[]): boolean {
    return this.comparePositions(this.positionOf(event), position) > 0;
  }

  private comparePositions(left: readonly (string | number)[], right: readonly (string | number)[]): number {
    for (const [at, value] of left.entries()) {
      const other = right[at];
      if (other === undefined || value === other) continue;
      return (isBelow(value, other) ? -1 : 1) * (this.isDescending ? -1 : 1);
    }
    return 0;
  }
}

/** Text byte by byte, as both databases compare it. */
function isBelow(a: string | number, b: string | number): boolean {
  return typeof a === 'string' ? Buffer.compare(Buffer.from(a), Buffer.from(String(b))) < 0 : a < Number(b);
}

function isOrderName(name: string): name is OrderName {
  return Object.hasOwn(ORDERS, name);
}
