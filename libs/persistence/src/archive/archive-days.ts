import type { EntityManager } from 'typeorm';
import type { BanEventKind, StoredRollupDimension } from '../entities/index.js';
import { DAY_MS, dayOf, monthOf } from '../rollup/calendar.js';
import { containsPattern, execute } from '../sql/dialect.js';
import { all, type BanEventFilter, type Condition, oneOf } from './archive-filter.js';

/** A UTC day, or the part of one that a filter means, and about how many rows it has: what is cut off at its ends is counted too. */
export interface ArchiveDay {
  /** Inclusive. */
  readonly fromMs: number;
  /** Exclusive. */
  readonly toMs: number;
  readonly rows: number;
}

/** What the roll-ups say of a filter before a row of the archive is read. */
export interface ArchiveOutlook {
  /** Rows that match, about: parts of days and months at the ends of the range are taken whole. */
  readonly rows: number;
  /** Rows of the index that is walked, in the range. */
  readonly walked: number;
  /** Days in which the walked index has rows, about. */
  readonly days: number;
}

interface Start {
  readonly startMs: number;
  readonly rows: number;
  readonly walked: number;
}

const DAYS_OF_MONTH = 30;

/** Days that may hold rows of a filter, from the roll-ups: what is rare is found without walking over what is common. */
export class ArchiveDays {
  private readonly fromMs: number;
  private readonly toMs: number;
  /** Days of one country in one jail are few and lie side by side: they need no months to be found by. */
  private readonly level: 'day' | 'month';
  private asked: Promise<Start[]> | undefined;

  /** @param drivenBy what of the filter the walked index is walked by */
  constructor(
    private readonly manager: EntityManager,
    private readonly filter: BanEventFilter,
    private readonly drivenBy: BanEventFilter,
    private readonly isDescending: boolean,
  ) {
    this.fromMs = filter.fromMs ?? Number.MIN_SAFE_INTEGER;
    this.toMs = filter.toMs ?? Number.MAX_SAFE_INTEGER;
    this.level = filter.jail !== undefined && filter.country !== undefined ? 'day' : 'month';
  }

  async outlook(): Promise<ArchiveOutlook> {
    const starts = await this.starts();
    return {
      rows: sumOf(starts, 'rows'),
      walked: sumOf(starts, 'walked'),
      days: starts.filter(({ walked }) => walked > 0).length * DAYS_OF_MONTH,
    };
  }

  /** Days with rows that match by host, jail, country, origin and kind, in the order asked for. @param wanted rows that are looked for */
  async *of(wanted: number): AsyncGenerator<ArchiveDay> {
    const starts = (await this.starts()).filter(({ rows }) => rows > 0);
    if (this.level === 'day') {
      for (const day of starts) yield this.cut(day);
      return;
    }
    // As many months as suffice; then more and more at once. The first may be cut, and have fewer rows than are counted.
    const isCut = this.filter.fromMs !== undefined || this.filter.toMs !== undefined;
    for (let at = 0, least = wanted; at < starts.length; least *= 2) {
      const whole = isCut && at === 0 ? 1 : at;
      let end = at + 1;
      while (end < starts.length && sumOf(starts.slice(whole, end), 'rows') < least) end += 1;
      const months = starts.slice(at, end).map(({ startMs }) => startMs);
      const first = Math.max(Math.min(...months), this.filter.fromMs === undefined ? -Infinity : dayOf(this.fromMs));
      const last = Math.min(monthOf(Math.max(...months) + 32 * DAY_MS), this.toMs);
      for (const day of await this.ask('day', first, last, false)) yield this.cut(day);
      at = end;
    }
  }

  private cut({ startMs, rows }: Start): ArchiveDay {
    return { fromMs: Math.max(startMs, this.fromMs), toMs: Math.min(startMs + DAY_MS, this.toMs), rows };
  }

  private starts(): Promise<Start[]> {
    const unit = this.level === 'day' ? dayOf : monthOf;
    const first = this.filter.fromMs === undefined ? this.fromMs : unit(this.fromMs);
    this.asked ??= this.ask(this.level, first, this.toMs, true);
    return this.asked;
  }

  /** Starts of days or months with rows, in the order asked for; and of months with rows of the walked index, if they are wanted. */
  private async ask(level: 'day' | 'month', fromMs: number, toMs: number, isWalkedToo: boolean): Promise<Start[]> {
    const parts = kindsOf(this.filter).map((kind) => ({
      columns: 'start_ms, bans AS matching, 0 AS walked',
      where: rollupCondition(this.filter, kind, level, fromMs, toMs),
    }));
    const firstMonth = this.filter.fromMs === undefined ? fromMs : monthOf(fromMs);
    // As many unbans are likely, and bans alone are cheaper to count.
    const walked = {
      columns: 'start_ms, 0 AS matching, 2 * bans AS walked',
      where: rollupCondition(this.drivenBy, 'ban', 'month', firstMonth, toMs),
    };
    const all = isWalkedToo ? [...parts, walked] : parts;
    const rows = await execute<{ start_ms: number; matching: number; walked: number }>(
      this.manager,
      `SELECT u.start_ms, sum(u.matching) AS matching, sum(u.walked) AS walked
       FROM (${all.map(({ columns, where }) => `SELECT ${columns} FROM ban_rollup WHERE ${where.sql}`).join(' UNION ALL ')}) AS u
       GROUP BY u.start_ms ORDER BY u.start_ms ${this.isDescending ? 'DESC' : 'ASC'}`,
      all.flatMap(({ where }) => where.parameters),
    );
    return rows.map((row) => ({
      startMs: Number(row.start_ms),
      rows: Number(row.matching),
      walked: Number(row.walked),
    }));
  }
}

function sumOf(starts: readonly Start[], field: 'rows' | 'walked'): number {
  return starts.reduce((sum, start) => sum + start[field], 0);
}

/** Kinds of events a filter means. */
export function kindsOf({ kind }: BanEventFilter): readonly BanEventKind[] {
  return kind === undefined ? ['ban', 'unban'] : [kind];
}

/** Roll-up rows that count what a filter means by host, jail, country or network, and origin; bans of a network in all jails and countries. */
export function rollupCondition(
  { hostIds, jail, country, asn, origins }: BanEventFilter,
  kind: BanEventKind,
  level: 'day' | 'month',
  fromMs: number,
  toMs: number,
): Condition {
  const isSystem = kind === 'ban' && asn !== undefined && jail === undefined && country === undefined;
  const dimension = kind === 'unban' ? 'unban' : isSystem ? 'asn' : dimensionOf(jail, country);
  return all([
    // In full, so that the planners see that the index of pairs fits.
    { sql: `dimension = '${dimension}' AND level = '${level}'`, parameters: [] },
    oneOf('host_id', hostIds ?? ['']),
    { sql: 'start_ms >= ? AND start_ms < ?', parameters: [fromMs, toMs] },
    isSystem ? { sql: 'key = ?', parameters: [String(asn)] } : keyCondition(dimension, jail, country),
    ...(origins === undefined ? [] : [oneOf('origin', origins)]),
  ]);
}

function dimensionOf(jail: string | undefined, country: string | undefined): StoredRollupDimension {
  if (jail === undefined) return country === undefined ? 'all' : 'country';
  return country === undefined ? 'jail' : 'country_jail';
}

function keyCondition(dimension: StoredRollupDimension, jail?: string, country?: string): Condition {
  const isPair = dimension === 'country_jail' || dimension === 'unban';
  if (!isPair) return dimension === 'all' ? all([]) : { sql: 'key = ?', parameters: [jail ?? country ?? ''] };
  if (jail !== undefined && country !== undefined) return { sql: 'key = ?', parameters: [`${country} ${jail}`] };
  // A country has two letters, or none while it is not known.
  if (country !== undefined) return { sql: 'key >= ? AND key < ?', parameters: [`${country} `, `${country}!`] };
  if (jail === undefined) return all([]);
  const ends = containsPattern(jail).slice(1, -1);
  return { sql: `(key = ? OR key LIKE ? ESCAPE '\\')`, parameters: [` ${jail}`, `__ ${ends}`] };
}
