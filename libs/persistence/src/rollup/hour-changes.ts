import type { EntityManager } from 'typeorm';
import type { HourlyDimension } from '../entities/index.js';
import { execute, rowParameter, rowSource, type RowColumnType } from '../sql/dialect.js';
import { dayOf, HOUR_MS } from './calendar.js';
import { hourColumns } from './hour-columns.js';

/** What is added to an hour, or taken from it. */
export interface HourChange {
  readonly dimension: HourlyDimension;
  readonly host_id: string;
  /** Start of the hour. */
  readonly start_ms: number;
  readonly key: string;
  readonly origin: string;
  readonly bans: number;
}

const KEY_COLUMNS = {
  dimension: 'text',
  host_id: 'text',
  day_ms: 'bigint',
  key: 'text',
  origin: 'text',
} as const satisfies Record<string, RowColumnType>;
const KEY = Object.keys(KEY_COLUMNS).join(', ');
const KEY_OF_CHANGE = Object.keys(KEY_COLUMNS)
  .map((column) => `e.${column}`)
  .join(', ');
const HOURS = hourColumns();
const COLUMNS: Record<string, RowColumnType> = {
  ...KEY_COLUMNS,
  ...Object.fromEntries(HOURS.map((column) => [column, 'bigint' as const])),
};
/** Wide rows a statement. */
const SLICE = 500;

/** Writes changes of hours, in one order for all writers; rows that come to nothing go. */
export async function applyHours(manager: EntityManager, changes: readonly HourChange[]): Promise<void> {
  const rows = rowsOf(changes);
  for (const some of slicesOf(rows, SLICE))
    await execute(
      manager,
      `INSERT INTO day_hours (${KEY}, ${HOURS.join(', ')})
       SELECT ${KEY_OF_CHANGE}, ${HOURS.map((hour) => `e.${hour}`).join(', ')} FROM ${rowSource(manager, 'e', COLUMNS)} WHERE 1 = 1
       ON CONFLICT (${KEY}) DO UPDATE SET ${HOURS.map((hour) => `${hour} = day_hours.${hour} + excluded.${hour}`).join(', ')}`,
      [rowParameter(COLUMNS, some)],
    );
  const lowered = rows.filter((row) => HOURS.some((hour) => Number(row[hour]) < 0));
  for (const some of slicesOf(lowered, SLICE))
    await execute(
      manager,
      `DELETE FROM day_hours WHERE ${HOURS.map((hour) => `${hour} = 0`).join(' AND ')}
         AND (${KEY}) IN (SELECT ${KEY_OF_CHANGE} FROM ${rowSource(manager, 'e', KEY_COLUMNS)})`,
      [rowParameter(KEY_COLUMNS, some)],
    );
}

function rowsOf(changes: readonly HourChange[]): Record<string, string | number>[] {
  const rows = new Map<string, Record<string, string | number>>();
  for (const { dimension, host_id, start_ms, key, origin, bans } of changes) {
    const day_ms = dayOf(start_ms);
    const id = JSON.stringify([dimension, host_id, day_ms, key, origin]);
    let row = rows.get(id);
    if (row === undefined) {
      row = { dimension, host_id, day_ms, key, origin, ...Object.fromEntries(HOURS.map((hour) => [hour, 0])) };
      rows.set(id, row);
    }
    row[HOURS[(start_ms - day_ms) / HOUR_MS] ?? ''] = bans;
  }
  // By the bytes of their keys: PostgreSQL would else find writers waiting for each other.
  return [...rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
}

/** Cuts a list into pieces of a length. */
export function* slicesOf<T>(rows: readonly T[], length: number): Generator<T[]> {
  for (let start = 0; start < rows.length; start += length) yield rows.slice(start, start + length);
}
