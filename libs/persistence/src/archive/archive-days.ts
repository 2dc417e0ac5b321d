import type { EntityManager } from 'typeorm';
import type { BanEventKind, StoredRollupDimension } from '../entities/index.js';
import { DAY_MS, dayOf, monthOf } from '../rollup/calendar.js';
import { containsPattern, execute } from '../sql/dialect.js';
import { all, type BanEventFilter, type Condition, oneOf } from './archive-filter.js';

/** Days that may hold rows of a filter, from the roll-ups: what is rare is found without walking over what is common. */
export class ArchiveDays {
  constructor(private readonly manager: EntityManager) {}

  /** UTC days with rows that match by host, jail, country, origin and kind, in the order asked for; ranges of `[from, to)`. */
  async *of(filter: BanEventFilter, isDescending: boolean): AsyncGenerator<{ fromMs: number; toMs: number }> {
    const fromMs = filter.fromMs ?? Number.MIN_SAFE_INTEGER;
    const toMs = filter.toMs ?? Number.MAX_SAFE_INTEGER;
    const direction = isDescending ? -1 : 1;
    const ordered = (starts: number[]) => starts.sort((a, b) => (a - b) * direction);
    if (filter.jail !== undefined && filter.country !== undefined) {
      const first = filter.fromMs === undefined ? fromMs : dayOf(fromMs);
      for (const day of ordered(await this.starts(filter, 'day', first, toMs)))
        yield { fromMs: Math.max(day, fromMs), toMs: Math.min(day + DAY_MS, toMs) };
      return;
    }
    const firstMonth = filter.fromMs === undefined ? fromMs : monthOf(fromMs);
    const months = ordered(await this.starts(filter, 'month', firstMonth, toMs));
    // The nearest few, as they often suffice; then more and more at once.
    for (let at = 0, count = 3; at < months.length; at += count, count *= 2) {
      const some = months.slice(at, at + count);
      const first = Math.min(...some);
      const end = monthOf(Math.max(...some) + 32 * DAY_MS);
      const dayFrom = filter.fromMs === undefined ? first : Math.max(first, dayOf(fromMs));
      for (const day of ordered(await this.starts(filter, 'day', dayFrom, Math.min(end, toMs))))
        yield { fromMs: Math.max(day, fromMs), toMs: Math.min(day + DAY_MS, toMs) };
    }
  }

  private async starts(
    filter: BanEventFilter,
    level: 'day' | 'month',
    fromMs: number,
    toMs: number,
  ): Promise<number[]> {
    const conditions = kindsOf(filter).map((kind) => rollupCondition(filter, kind, level, fromMs, toMs));
    const rows = await execute<{ start_ms: number }>(
      this.manager,
      `SELECT DISTINCT u.start_ms FROM (${conditions.map(({ sql }) => `SELECT start_ms FROM ban_rollup WHERE ${sql}`).join(' UNION ALL ')}) AS u`,
      conditions.flatMap(({ parameters }) => parameters),
    );
    return rows.map(({ start_ms }) => Number(start_ms));
  }
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
