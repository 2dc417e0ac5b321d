import { type DashboardRange, MAX_STATS_DAYS, type StatsQuery } from '@bailiff/contracts/http';
import type { RollupFilter } from '@bailiff/persistence';
import { hostScope } from '../hosts/host-scope.js';
import { StatsPeriodError } from './stats-period.error.js';

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

const LENGTH_MS: Record<DashboardRange, number> = {
  '24h': DAY_MS,
  '7d': 7 * DAY_MS,
  '30d': 30 * DAY_MS,
  '365d': 365 * DAY_MS,
};

/** A time that is asked about. */
export interface Period {
  readonly name: DashboardRange | 'custom';
  /** Inclusive. */
  readonly fromMs: number;
  /** Exclusive. */
  readonly toMs: number;
}

/**
 * The time a query means. A named range is whole hours and ends with the running one, so that its figures do not shrink
 * between two full hours. @throws {StatsPeriodError}
 */
export function periodOf({ range, from, to }: StatsQuery, nowMs: number): Period {
  if (from === undefined && to === undefined) {
    const name = range ?? '24h';
    const toMs = Math.floor(nowMs / HOUR_MS) * HOUR_MS + HOUR_MS;
    return { name, fromMs: toMs - LENGTH_MS[name], toMs };
  }
  if (range !== undefined) throw new StatsPeriodError('?range', 'cannot stand beside from and to');
  if (from === undefined) throw new StatsPeriodError('?from', 'is needed with to');
  const fromMs = timeOf('?from', from);
  const toMs = to === undefined ? nowMs : timeOf('?to', to);
  if (toMs <= fromMs) throw new StatsPeriodError('?to', 'must be later than from');
  if (toMs - fromMs > MAX_STATS_DAYS * DAY_MS)
    throw new StatsPeriodError('?from', `must be at most ${MAX_STATS_DAYS} days before to`);
  return { name: 'custom', fromMs, toMs };
}

/** What the roll-ups are asked for. */
export function rollupFilter({ hosts, origin }: StatsQuery, { fromMs, toMs }: Period): RollupFilter {
  return { fromMs, toMs, hostIds: hostScope(hosts), origins: originsOf(origin) };
}

/** Origins of an `origin=a,b` parameter; undefined means all. */
function originsOf(origin: string | undefined): string[] | undefined {
  return origin === undefined ? undefined : [...new Set(origin.split(','))];
}

/** The same, as an answer says it. */
export function periodText({ fromMs, toMs }: Period): { readonly from: string; readonly to: string } {
  return { from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() };
}

function timeOf(pointer: string, text: string): number {
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) throw new StatsPeriodError(pointer, 'must be a time as RFC 3339 has it');
  return ms;
}
