import type { EntityManager } from 'typeorm';
import type { BanEventKind, StoredRollupDimension } from '../entities/index.js';
import { DAY_MS, dayOf, monthOf } from '../rollup/calendar.js';
import { containsPattern, execute, isPostgres } from '../sql/dialect.js';
import { all, type BanEventFilter, type Condition, oneOf } from './archive-filter.js';

/** A UTC day, or the part of one that a filter means, and about how many rows it has: what is cut off at its ends is counted too. */
export interface ArchiveDay {
  /** Inclusive. */
  readonly fromMs: number;
  /** Exclusive. */
  readonly toMs: number;
  readonly rows: number;
}

/** What the roll-ups say of the nearest year or so of a filter, before a row of the archive is read. */
export interface ArchiveOutlook {
  /** Rows that match, about: parts of days and months at the ends of the range are taken whole. */
  readonly rows: number;
  /** Rows of the walked index there. */
  readonly walked: number;
  /** Days in which the walked index has rows, about. */
  readonly days: number;
}

interface Start {
  readonly startMs: number;
  readonly rows: number;
  readonly walked: number;
}

interface Range {
  /** Inclusive. */
  readonly fromMs: number;
  /** Exclusive. */
  readonly toMs: number;
}

const DAYS_OF_MONTH = 30;
/** Days that are asked for first; all others together, if these do not suffice. */
const NEAR_MS = 400 * DAY_MS;

/** Days that may hold rows of a filter, from the roll-ups: what is rare is found without walking over what is common. */
export class ArchiveDays {
  private readonly range: Range;
  private asked: Promise<Start[]> | undefined;

  /** @param drivenBy what of the filter the walked index is walked by */
  constructor(
    private readonly manager: EntityManager,
    private readonly filter: BanEventFilter,
    private readonly drivenBy: BanEventFilter,
    private readonly isDescending: boolean,
  ) {
    this.range = {
      fromMs: filter.fromMs ?? Number.MIN_SAFE_INTEGER,
      toMs: filter.toMs ?? Number.MAX_SAFE_INTEGER,
    };
  }

  async outlook(): Promise<ArchiveOutlook> {
    const starts = await this.nearest();
    return {
      rows: sumOf(starts, 'rows'),
      walked: sumOf(starts, 'walked'),
      days: starts.filter(({ walked }) => walked > 0).length * DAYS_OF_MONTH,
    };
  }

  /** Days with rows that match by host, jail, country, origin and kind, in the order asked for. */
  async *of(): AsyncGenerator<ArchiveDay> {
    const [, others] = this.ranges();
    for (const start of await this.nearest()) if (start.rows > 0) yield this.cut(start);
    if (others !== undefined) for (const start of await this.ask(others, false)) yield this.cut(start);
  }

  private cut({ startMs, rows }: Start): ArchiveDay {
    const { fromMs, toMs } = this.range;
    return { fromMs: Math.max(startMs, fromMs), toMs: Math.min(startMs + DAY_MS, toMs), rows };
  }

  private nearest(): Promise<Start[]> {
    this.asked ??= this.ask(this.ranges()[0], true);
    return this.asked;
  }

  /** The nearest days, and the others if there may be any. */
  private ranges(): [Range, Range?] {
    const { fromMs, toMs } = this.range;
    // Where the archive begins nobody has said: from there on all days are asked for at once.
    if (!this.isDescending && this.filter.fromMs === undefined) return [this.range];
    const split = monthOf(this.isDescending ? Math.min(toMs, Date.now()) - NEAR_MS : fromMs + NEAR_MS);
    if (split <= fromMs || split >= toMs) return [this.range];
    const [earlier, later] = [
      { fromMs, toMs: split },
      { fromMs: split, toMs },
    ];
    return this.isDescending ? [later, earlier] : [earlier, later];
  }

  /** Starts of days with rows, in the order asked for; and of months with rows of the walked index, if they are wanted. */
  private async ask({ fromMs, toMs }: Range, isWalkedToo: boolean): Promise<Start[]> {
    const isOpen = fromMs === Number.MIN_SAFE_INTEGER;
    const parts = kindsOf(this.filter).map((kind) => ({
      columns: 'start_ms, bans AS matching, 0 AS walked',
      where: rollupCondition(this.filter, kind, 'day', isOpen ? fromMs : dayOf(fromMs), toMs),
    }));
    // As many unbans are likely, and bans alone are cheaper to count.
    const walked = {
      columns: 'start_ms, 0 AS matching, 2 * bans AS walked',
      where: rollupCondition(this.drivenBy, 'ban', 'month', isOpen ? fromMs : monthOf(fromMs), toMs),
    };
    const all = isWalkedToo ? [...parts, walked] : parts;
    const rows = await execute<{ start_ms: number; matching: number; walked: number }>(
      this.manager,
      `SELECT u.start_ms, sum(u.matching) AS matching, sum(u.walked) AS walked
       FROM (${all.map(({ columns, where }) => `SELECT ${columns} FROM ban_rollup ${this.hint(where)} WHERE ${where.sql}`).join(' UNION ALL ')}) AS u
       GROUP BY u.start_ms ORDER BY u.start_ms ${this.isDescending ? 'DESC' : 'ASC'}`,
      all.flatMap(({ where }) => where.parameters),
    );
    return rows.map((row) => ({
      startMs: Number(row.start_ms),
      rows: Number(row.matching),
      walked: Number(row.walked),
    }));
  }

  private hint({ isByDayIndex }: RollupCondition): string {
    return isByDayIndex && !isPostgres(this.manager) ? 'INDEXED BY "IX_ban_rollup_day"' : '';
  }
}

function sumOf(starts: readonly Start[], field: 'rows' | 'walked'): number {
  return starts.reduce((sum, start) => sum + start[field], 0);
}

/** Kinds of events a filter means. */
export function kindsOf({ kind }: BanEventFilter): readonly BanEventKind[] {
  return kind === undefined ? ['ban', 'unban'] : [kind];
}

/** Roll-up rows, and whether the index of days finds them: SQLite would take the primary key, and read all keys. */
export interface RollupCondition extends Condition {
  readonly isByDayIndex: boolean;
}

/** Roll-up rows that count what a filter means by host, jail, country or network, and origin; bans of a network in all jails and countries. */
export function rollupCondition(
  { hostIds, jail, country, asn, origins }: BanEventFilter,
  kind: BanEventKind,
  level: 'day' | 'month',
  fromMs: number,
  toMs: number,
): RollupCondition {
  const isSystem = kind === 'ban' && asn !== undefined && jail === undefined && country === undefined;
  const dimension = kind === 'unban' ? 'unban' : isSystem ? 'asn' : dimensionOf(jail, country);
  const isOfOneKey = isSystem || country !== undefined || (jail !== undefined && kind === 'ban');
  const { sql, parameters } = all([
    // In full, so that the planners see that the index of days fits.
    { sql: `dimension = '${dimension}' AND level = '${level}'`, parameters: [] },
    oneOf('host_id', hostIds ?? ['']),
    { sql: 'start_ms >= ? AND start_ms < ?', parameters: [fromMs, toMs] },
    isSystem ? { sql: 'key = ?', parameters: [String(asn)] } : keyCondition(dimension, jail, country),
    ...(origins === undefined ? [] : [oneOf('origin', origins)]),
  ]);
  return { sql, parameters, isByDayIndex: level === 'day' && isOfOneKey };
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
