import type { EntityManager } from 'typeorm';
import type { BanEvent, RollupLevel, StoredRollupDimension } from '../entities/index.js';
import { execute, rowParameter, rowSource } from '../sql/dialect.js';
import { dayOf, hourOf, monthOf } from './calendar.js';
import { applyHours, type HourChange, slicesOf } from './hour-changes.js';

/** What of an event the roll-ups look at. */
export type CountedEvent = Pick<BanEvent, 'kind' | 'hostId' | 'jail' | 'atMs' | 'origin' | 'country' | 'asn'>;

interface Change {
  readonly dimension: StoredRollupDimension;
  readonly level: RollupLevel | 'hour';
  readonly host_id: string;
  readonly start_ms: number;
  readonly key: string;
  readonly origin: string;
  readonly bans: number;
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

/** Counts of one host and origin in one hour, day or month: by dimension, then by key. */
interface Bucket {
  readonly level: RollupLevel | 'hour';
  readonly host_id: string;
  readonly start_ms: number;
  readonly origin: string;
  readonly counts: Map<StoredRollupDimension, Map<string, number>>;
}

type ChangeRow = Change & Record<string, string | number>;

/** Collects what a transaction adds to or takes from the roll-ups, and writes it in one go. */
export class RollupChanges {
  private readonly hours = new Map<string, Bucket>();
  private readonly days = new Map<string, Bucket>();

  /** Counts an event in; `by` −1 takes one out. */
  add({ kind, hostId, jail, atMs, origin, country, asn }: CountedEvent, by = 1): void {
    const place = country ?? '';
    const day = bucketOf(this.days, 'day', hostId, dayOf(atMs), origin);
    if (kind === 'unban') {
      note(day, 'unban', `${place} ${jail}`, by);
      return;
    }
    const hour = bucketOf(this.hours, 'hour', hostId, hourOf(atMs), origin);
    note(hour, 'all', '', by);
    note(hour, 'jail', jail, by);
    note(day, 'country', place, by);
    note(day, 'asn', asn === null ? '' : String(asn), by);
    note(day, 'country_jail', `${place} ${jail}`, by);
  }

  /** Counts failures of an hour in; they have neither jail nor origin here. */
  addFailures(hostId: string, atMs: number, failures: number): void {
    note(bucketOf(this.hours, 'hour', hostId, hourOf(atMs), ''), 'failure', '', failures);
  }

  /**
   * Writes everything collected. Call it last in a transaction: PostgreSQL then holds these busy rows for a moment only, and all
   * writers take them in the same order.
   */
  async apply(manager: EntityManager): Promise<void> {
    const { rows, hours } = this.changes();
    for (const some of slicesOf(rows, SLICE))
      await execute(
        manager,
        `INSERT INTO ban_rollup (${KEY}, bans)
         SELECT e.dimension, e.level, e.host_id, e.start_ms, e.key, e.origin, e.bans FROM ${rowSource(manager, 'e', CHANGE)} WHERE 1 = 1
         ON CONFLICT (${KEY}) DO UPDATE SET bans = ban_rollup.bans + excluded.bans`,
        [rowParameter(CHANGE, some)],
      );
    const lowered = rows.filter(({ bans }) => bans < 0);
    for (const some of slicesOf(lowered, SLICE))
      await execute(
        manager,
        `DELETE FROM ban_rollup WHERE bans = 0 AND (${KEY}) IN
           (SELECT e.dimension, e.level, e.host_id, e.start_ms, e.key, e.origin FROM ${rowSource(manager, 'e', CHANGE)})`,
        [rowParameter(CHANGE, some)],
      );
    await applyHours(manager, hours);
    this.hours.clear();
    this.days.clear();
  }

  /**
   * Hours folded into days, days into months, and all of them also for all hosts together; what comes to nothing is left out. In one
   * order: writers on PostgreSQL would otherwise find themselves waiting for each other.
   */
  private changes(): { readonly rows: ChangeRow[]; readonly hours: HourChange[] } {
    for (const { host_id, start_ms, origin, counts } of this.hours.values())
      fold(counts, bucketOf(this.days, 'day', host_id, dayOf(start_ms), origin));
    for (const [level, buckets] of [['hour', this.hours] as const, ['day', this.days] as const])
      for (const { host_id, start_ms, origin, counts } of [...buckets.values()])
        if (host_id !== '') fold(counts, bucketOf(buckets, level, '', start_ms, origin));
    const months = new Map<string, Bucket>();
    for (const { host_id, start_ms, origin, counts } of this.days.values())
      fold(counts, bucketOf(months, 'month', host_id, monthOf(start_ms), origin));
    const rows = [this.days, months].flatMap((buckets) => [...buckets.values()].flatMap(changesOf));
    return {
      rows: rows.sort(compareChanges) as ChangeRow[],
      hours: [...this.hours.values()].flatMap(changesOf).sort(compareChanges) as HourChange[],
    };
  }
}

function bucketOf(
  into: Map<string, Bucket>,
  level: Bucket['level'],
  host_id: string,
  start_ms: number,
  origin: string,
): Bucket {
  const id = `${start_ms} ${host_id} ${origin}`;
  let bucket = into.get(id);
  if (bucket === undefined) {
    bucket = { level, host_id, start_ms, origin, counts: new Map() };
    into.set(id, bucket);
  }
  return bucket;
}

function note({ counts }: Bucket, dimension: StoredRollupDimension, key: string, by: number): void {
  let ofDimension = counts.get(dimension);
  if (ofDimension === undefined) counts.set(dimension, (ofDimension = new Map<string, number>()));
  ofDimension.set(key, (ofDimension.get(key) ?? 0) + by);
}

function fold(counts: Bucket['counts'], into: Bucket): void {
  for (const [dimension, ofDimension] of counts)
    for (const [key, bans] of ofDimension) note(into, dimension, key, bans);
}

function changesOf({ level, host_id, start_ms, origin, counts }: Bucket): Change[] {
  return [...counts].flatMap(([dimension, ofDimension]) =>
    [...ofDimension].flatMap(([key, bans]) =>
      bans === 0 ? [] : [{ dimension, level, host_id, start_ms, key, origin, bans }],
    ),
  );
}

function compareChanges(a: Change, b: Change): number {
  if (a.start_ms !== b.start_ms) return a.start_ms - b.start_ms;
  return (
    compareText(a.dimension, b.dimension) ||
    compareText(a.level, b.level) ||
    compareText(a.host_id, b.host_id) ||
    compareText(a.key, b.key) ||
    compareText(a.origin, b.origin)
  );
}

const compareText = (a: string, b: string): number => (a < b ? -1 : Number(a > b));
