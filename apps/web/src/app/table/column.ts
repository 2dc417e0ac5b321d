/** One column of a table. How a cell looks is a template (`bailiffCell`) or, without one, its `text`. */
export interface Column<T> {
  readonly id: string;
  readonly label: string;
  /** Least width in pixels. */
  readonly min: number;
  /** Share of the room left over; 0: never wider than `min`. */
  readonly grow: number;
  /** Field the list can be sorted by; absent: not sortable. */
  readonly sort?: string;
  /** Whether numbers: set flush right. */
  readonly end?: boolean;
  /** Whether `text` is out of a log: set in fixed width, left to right whatever it holds. */
  readonly isLogged?: boolean;
  /** 1 always stays; higher numbers give way first when room is short. */
  readonly priority: 1 | 2 | 3 | 4;
  /** Whether shown only once chosen. */
  readonly optional?: boolean;
  /** Place on the two-line card of a phone: first line, its right end, or second line. Absent: left out. */
  readonly card?: 'title' | 'aside' | 'meta';
  readonly text?: (row: T) => string;
  /** What stands on a card instead of the cell, where a bare value would say too little. */
  readonly cardText?: (row: T) => string;
}

/** Rough room a row needs beside its columns: padding and the gaps between cells. */
const GAP_PX = 16;

/**
 * The columns that fit into `width` pixels, in their order; those of the lowest priority are left out first.
 * @param isChosen whether somebody asked for a column: it stays while any other can go
 */
export function fittingColumns<T>(
  columns: readonly Column<T>[],
  width: number,
  isChosen: (id: string) => boolean = () => false,
): readonly Column<T>[] {
  const rank = ({ id, priority }: Column<T>): number => (isChosen(id) ? Math.min(priority, 1.5) : priority);
  let fitting = [...columns];
  const needed = (): number => fitting.reduce((sum, { min }) => sum + min + GAP_PX, GAP_PX);
  while (needed() > width) {
    const worst = Math.max(...fitting.map(rank));
    if (worst <= 1) break;
    const last = fitting.findLastIndex((column) => rank(column) === worst);
    fitting = fitting.filter((_, i) => i !== last);
  }
  return fitting;
}

/** CSS grid tracks for columns. */
export function columnTracks<T>(columns: readonly Column<T>[]): string {
  return columns.map(({ min, grow }) => (grow === 0 ? `${min}px` : `minmax(${min}px, ${grow}fr)`)).join(' ');
}

/** The sort after a click on a column: its natural order first, then the other way round. */
export function nextSort<T>({ sort = '', end = false }: Column<T>, current: string): string {
  // Times, counts and other numbers are first wanted from the top.
  const first = end || /At$|^at$/.test(sort) ? `-${sort}` : sort;
  const other = first === sort ? `-${sort}` : sort;
  return current === first ? other : first;
}
