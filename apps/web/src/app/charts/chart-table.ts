/**
 * What a chart shows, as a table: its twin for those who cannot see it or want the figures. Rows stand in the order of the
 * chart's data, so that a row's index is the `dataIndex` of the drawing.
 */
export interface ChartTable {
  /** The first column heads the row. */
  readonly columns: readonly ChartColumn[];
  readonly rows: readonly ChartRow[];
}

export interface ChartColumn {
  readonly label: string;
  /** Whether numbers: set flush right, the highest first when sorted by. */
  readonly end?: boolean;
}

export interface ChartRow {
  /** One text for each column. Untrusted text is fine. */
  readonly cells: readonly string[];
  /** What to sort by instead of the texts, where that differs. */
  readonly sort?: readonly (string | number)[];
}

/** An element of a chart that was chosen with the pointer, by keys, or in its table. */
export interface ChartPick {
  /** Index of the data in its series, and of the row in the chart's table. */
  readonly dataIndex: number;
  /** Id of the series; undefined when a row as a whole was chosen. */
  readonly seriesId: string | undefined;
}

/** Row indices in the order of a column; without one as they are. */
export function sortedRows(
  table: ChartTable,
  sort: { readonly column: number; readonly down: boolean } | undefined,
): number[] {
  const order = table.rows.map((_, i) => i);
  if (sort === undefined) return order;
  const value = (i: number): string | number => {
    const row = table.rows[i];
    return row?.sort?.[sort.column] ?? row?.cells[sort.column] ?? '';
  };
  const compare = (a: string | number, b: string | number): number =>
    typeof a === 'number' && typeof b === 'number'
      ? a - b
      : String(a).localeCompare(String(b), undefined, { numeric: true });
  return order.sort((a, b) => compare(value(a), value(b)) * (sort.down ? -1 : 1) || a - b);
}
