import type { EntityManager } from 'typeorm';
import type { BanEvent, RollupLevel, StoredRollupDimension } from '../entities/index.js';
import { execute, rowParameter, rowSource } from '../sql/dialect.js';
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

  /** Counts an event in; `by` −1 takes one out. Unbans are not counted. */
  add({ kind, hostId, jail, atMs, origin, country, asn }: CountedEvent, by = 1): void {
    if (kind !== 'ban') return;
    const hour = hourOf(atMs);
    const count = (dimension: StoredRollupDimension, key: string) => {
      note(this.hours, { dimension, level: 'hour', host_id: hostId, start_ms: hour, key, origin, bans: by });
    };
    count('all', '');
    count('jail', jail);
    count('country', country ?? '');
    count('asn', asn === null ? '' : String(asn));
    count('country_jail', `${country ?? ''} ${jail}`);
  }

  /**
   * Writes everything collected. Call it last in a transaction: PostgreSQL then holds these busy rows for a moment only, and all
   * writers take them in the same order.
   */
  async apply(manager: EntityManager): Promise<void> {
    const rows = this.rows();
    for (let start = 0; start < rows.length; start += SLICE) {
      const slice = rows.slice(start, start + SLICE);
      await execute(
        manager,
        `INSERT INTO ban_rollup (${KEY}, bans)
         SELECT e.dimension, e.level, e.host_id, e.start_ms, e.key, e.origin, e.bans FROM ${rowSource(manager, 'e', CHANGE)} WHERE 1 = 1
         ON CONFLICT (${KEY}) DO UPDATE SET bans = ban_rollup.bans + excluded.bans`,
        [rowParameter(manager, CHANGE, slice)],
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
  }

  /** Hours folded into days, days into months, and both also for all hosts together; in the order of the key. */
  private rows(): (Change & Record<string, string | number>)[] {
    const days = new Map<string, Change>();
    const months = new Map<string, Change>();
    for (const hour of this.hours.values()) {
      const day = { ...hour, level: 'day' as const, start_ms: dayOf(hour.start_ms) };
      note(days, day);
      note(days, { ...day, host_id: '' });
    }
    for (const day of days.values()) note(months, { ...day, level: 'month', start_ms: monthOf(day.start_ms) });
    return [...this.hours, ...days, ...months]
      .filter(([, { bans }]) => bans !== 0)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, change]) => ({ ...change }));
  }
}

function note(into: Map<string, Change>, change: Change): void {
  const { dimension, level, host_id, start_ms, key, origin } = change;
  const id = `${dimension}\n${level}\n${host_id}\n${start_ms}\n${key}\n${origin}`;
  const known = into.get(id);
  if (known === undefined) into.set(id, change);
  else known.bans += change.bans;
}
