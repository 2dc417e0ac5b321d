import type { EntityManager } from 'typeorm';
import type { BanEvent, RollupLevel, StoredRollupDimension } from '../entities/index.js';
import { execute, isPostgres, rowParameter, rowSource } from '../sql/dialect.js';
import { dayOf, hourOf, monthOf } from './calendar.js';

/** What of an event the roll-ups look at. */
export type CountedEvent = Pick<BanEvent, 'kind' | 'hostId' | 'jail' | 'atMs' | 'origin' | 'country' | 'asn'>;

interface Change {
  readonly dimension: StoredRollupDimension;
  readonly level: RollupLevel;
  readonly host_id: string;
  readonly start_ms: number;
  readonly key: string;
  readonly origin: string;
  bans: number;
}

const CHANGE = {
  dimension: 'text',
  level: 'text',
  host_id: 'text',
  start_ms: 'bigint',
  key: 'text',
  origin: 'text',
  bans: 'bigint',
} as const;
const KEY = 'dimension, level, host_id, start_ms, key, origin';
/** Rows a statement: keeps the event loop free on SQLite. */
const SLICE = 2_000;

/** Collects what a transaction adds to or takes from the roll-ups, and writes it in one go. */
export class RollupChanges {
  private readonly hours = new Map<string, Change>();
  private readonly days = new Map<string, Change>();

  /** Counts an event in; `by` −1 takes one out. */
  add({ kind, hostId, jail, atMs, origin, country, asn }: CountedEvent, by = 1): void {
    const place = country ?? '';
    const day = dayOf(atMs);
    if (kind === 'unban') {
      note(this.days, 'unban', 'day', hostId, day, `${place} ${jail}`, origin, by);
      return;
    }
    const hour = hourOf(atMs);
    note(this.hours, 'all', 'hour', hostId, hour, '', origin, by);
    note(this.hours, 'jail', 'hour', hostId, hour, jail, origin, by);
    note(this.hours, 'country', 'hour', hostId, hour, place, origin, by);
    note(this.days, 'asn', 'day', hostId, day, asn === null ? '' : String(asn), origin, by);
    note(this.days, 'country_jail', 'day', hostId, day, `${place} ${jail}`, origin, by);
  }

  /**
   * Writes everything collected. Call it last in a transaction: PostgreSQL then holds these busy rows for a moment only, and all
   * writers take them in the same order.
   */
  async apply(manager: EntityManager): Promise<void> {
    const rows = this.rows(isPostgres(manager));
    for (let start = 0; start < rows.length; start += SLICE) {
      await execute(
        manager,
        `INSERT INTO ban_rollup (${KEY}, bans)
         SELECT e.dimension, e.level, e.host_id, e.start_ms, e.key, e.origin, e.bans FROM ${rowSource(manager, 'e', CHANGE)} WHERE 1 = 1
         ON CONFLICT (${KEY}) DO UPDATE SET bans = ban_rollup.bans + excluded.bans`,
        [rowParameter(manager, CHANGE, rows.slice(start, start + SLICE))],
      );
    }
    const lowered = rows.filter(({ bans }) => bans < 0);
    for (let start = 0; start < lowered.length; start += SLICE) {
      await execute(
        manager,
        `DELETE FROM ban_rollup WHERE bans = 0 AND (${KEY}) IN
           (SELECT e.dimension, e.level, e.host_id, e.start_ms, e.key, e.origin FROM ${rowSource(manager, 'e', CHANGE)})`,
        [rowParameter(manager, CHANGE, lowered.slice(start, start + SLICE))],
      );
    }
    this.hours.clear();
    this.days.clear();
  }

  /** Hours folded into days, days into months, and both also for all hosts together. */
  private rows(isSorted: boolean): (Change & Record<string, string | number>)[] {
    for (const { dimension, host_id, start_ms, key, origin, bans } of this.hours.values())
      note(this.days, dimension, 'day', host_id, dayOf(start_ms), key, origin, bans);
    for (const { dimension, host_id, start_ms, key, origin, bans } of [...this.days.values()])
      if (host_id !== '') note(this.days, dimension, 'day', '', start_ms, key, origin, bans);
    const months = new Map<string, Change>();
    for (const { dimension, host_id, start_ms, key, origin, bans } of this.days.values())
      note(months, dimension, 'month', host_id, monthOf(start_ms), key, origin, bans);
    const entries = [...this.hours, ...this.days, ...months].filter(([, { bans }]) => bans !== 0);
    // One order for all writers: PostgreSQL would otherwise find them waiting for each other.
    if (isSorted) entries.sort(([a], [b]) => (a < b ? -1 : 1));
    return entries.map(([, change]) => change as Change & Record<string, string | number>);
  }
}

function note(
  into: Map<string, Change>,
  dimension: StoredRollupDimension,
  level: RollupLevel,
  host_id: string,
  start_ms: number,
  key: string,
  origin: string,
  bans: number,
): void {
  const id = `${dimension}\n${level}\n${host_id}\n${start_ms}\n${key}\n${origin}`;
  const known = into.get(id);
  if (known === undefined) into.set(id, { dimension, level, host_id, start_ms, key, origin, bans });
  else known.bans += bans;
}
