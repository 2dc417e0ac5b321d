import type { EntityManager } from 'typeorm';
import { execute } from '../sql/dialect.js';
import { byDay, DAY_MS, dayOf, HOUR_MS, hourOf } from './calendar.js';
import { HOURS_OF_DAY, hourColumns, sumOfHours } from './hour-columns.js';
import {
  type Counted,
  isOfNothing,
  type RollupDimension,
  type RollupFilter,
  RollupUnions,
  SOURCES,
  type Union,
} from './rollup-unions.js';

export type { RollupDimension, RollupFilter } from './rollup-unions.js';

/** Bans of one key in one hour or UTC day. */
export interface RollupPoint {
  readonly atMs: number;
  /** Empty when counted by nothing, or not known. */
  readonly key: string;
  readonly bans: number;
}

/** Bans of one key; the empty key is "not known". */
export interface RollupCount {
  readonly key: string;
  readonly bans: number;
}

/**
 * How a zone cuts a UTC day: the hour, 0 to 23, at which it begins a day of its own; undefined for a day that needs its hours one by
 * one, as those on which the clock changes.
 */
export type DayCut = (dayMs: number) => number | undefined;

/** Bans counted beforehand: exact for any range, at a cost that the size of the archive has no part in. */
export class RollupRepository {
  private readonly unions: RollupUnions;

  constructor(private readonly manager: EntityManager) {
    this.unions = new RollupUnions(manager);
  }

  /** Bans in a range. */
  total(filter: RollupFilter): Promise<number> {
    return this.sum(filter, 'all');
  }

  /** Failures in a range, whose ends are taken to the full hours around it; of all origins. */
  failures(filter: RollupFilter): Promise<number> {
    return this.sum(wholeHours(filter), 'failure');
  }

  /** Failures of each part of days that had any; see {@link series}. */
  failureSeries(filter: RollupFilter, step: 'hour' | DayCut): Promise<RollupPoint[]> {
    return this.byHours(wholeHours(filter), 'failure', step === 'hour' ? () => undefined : step);
  }

  /**
   * Bans of each hour or UTC day that had any, oldest first, whole or by key. A first or last step that the range cuts has only
   * what lies in the range, and is named by its own start. With a {@link DayCut} the steps are no longer than from cut to cut, each
   * named by an hour in it: many hours at a time, for days other than UTC's.
   */
  async series(
    filter: RollupFilter,
    dimension: RollupDimension | undefined,
    step: 'hour' | 'day' | DayCut,
  ): Promise<RollupPoint[]> {
    const counted = dimension ?? 'all';
    if (step !== 'day' && SOURCES[counted].hasHours !== false)
      return this.byHours(filter, counted, step === 'hour' ? () => undefined : step);
    const [coarsest, stepMs] = step === 'day' ? (['day', DAY_MS] as const) : (['event', HOUR_MS] as const);
    return this.points(await this.unions.union(filter, counted, coarsest), stepMs);
  }

  /** Keys with the most bans; those not known are counted under the empty key. */
  async top(filter: RollupFilter, dimension: RollupDimension, limit: number): Promise<RollupCount[]> {
    const union = await this.unions.union(filter, dimension, 'month');
    if (union === undefined) return [];
    const rows = await this.run<RollupCount>(
      `SELECT key, sum(bans) AS bans FROM (${union.sql}) AS u GROUP BY key HAVING sum(bans) <> 0 ORDER BY 2 DESC, 1 LIMIT ${Math.trunc(limit)}`,
      union,
    );
    return rows.map(({ key, bans }) => ({ key, bans: Number(bans) }));
  }

  private run<Row>(sql: string, { parameters }: Union): Promise<Row[]> {
    return execute<Row>(this.manager, sql, parameters);
  }

  private async sum(filter: RollupFilter, counted: Counted): Promise<number> {
    const union = await this.unions.union(filter, counted, 'month');
    if (union === undefined) return 0;
    const [row] = await this.run<{ bans: number }>(`SELECT sum(bans) AS bans FROM (${union.sql}) AS u`, union);
    return Number(row?.bans ?? 0);
  }

  private async points(union: Union | undefined, stepMs: number): Promise<RollupPoint[]> {
    if (union === undefined) return [];
    const rows = await this.run<{ at_ms: number; key: string; bans: number }>(
      `SELECT at_ms - at_ms % ${stepMs} AS at_ms, key, sum(bans) AS bans FROM (${union.sql}) AS u
       GROUP BY 1, 2 HAVING sum(bans) <> 0 ORDER BY 1, 2`,
      union,
    );
    return rows.map((row) => ({ atMs: Number(row.at_ms), key: row.key, bans: Number(row.bans) }));
  }

  /** Whole days in one or two parts, cut days by the hour, parts of hours from the events. */
  private async byHours(filter: RollupFilter, counted: Counted, cutOf: DayCut): Promise<RollupPoint[]> {
    if (isOfNothing(filter)) return [];
    const { fromMs, toMs } = filter;
    const [firstMs, endMs] = [Math.min(hourOf(fromMs + HOUR_MS - 1), toMs), Math.max(hourOf(toMs), fromMs)];
    const hosts =
      filter.hostIds === undefined && counted === 'host' ? await this.unions.hostsOf(filter, counted) : filter.hostIds;
    const scope = { ...filter, hostIds: hosts };
    const ends =
      firstMs > endMs
        ? [{ fromMs, toMs }]
        : [
            { fromMs, toMs: firstMs },
            { fromMs: endMs, toMs },
          ];
    const points: RollupPoint[] = [];
    for (const end of ends)
      if (end.fromMs < end.toMs)
        points.push(
          ...(await this.points(
            this.unions.part({ from: 'event', ...end, sign: 1 }, counted, filter, hosts ?? ['']),
            HOUR_MS,
          )),
        );
    for (const run of firstMs < endMs ? runsOf(firstMs, endMs, cutOf) : [])
      points.push(...(await this.ofDays(run, counted, scope)));
    return points.sort((a, b) => a.atMs - b.atMs);
  }

  private async ofDays({ cut, fromMs, toMs }: DayRun, counted: Counted, filter: RollupFilter): Promise<RollupPoint[]> {
    const parts = cut === undefined ? hourColumns() : [sumOfHours(0, cut), sumOfHours(cut, HOURS_OF_DAY)];
    const source = this.unions.days(dayOf(fromMs), dayOf(toMs - 1) + DAY_MS, counted, filter);
    const rows = await this.run<Record<string, string | number>>(
      `SELECT day_ms, ${source.key} AS key, ${parts.map((part, at) => `sum(${part}) AS p${at}`).join(', ')}
       FROM ${source.sql} GROUP BY 1, 2 ORDER BY 1, 2`,
      source,
    );
    const points: RollupPoint[] = [];
    for (const row of rows)
      for (let part = 0; part < parts.length; part += 1) {
        const bans = Number(row[`p${part}`]);
        const atMs = Number(row['day_ms']) + (cut === undefined ? part : part * cut) * HOUR_MS;
        if (bans !== 0 && atMs >= fromMs && atMs < toMs) points.push({ atMs, key: String(row['key']), bans });
      }
    return points;
  }
}

/** Days in a row that are cut alike; only the first and the last may be in part, and are then not cut. */
interface DayRun {
  readonly cut: number | undefined;
  readonly fromMs: number;
  readonly toMs: number;
}

function runsOf(firstMs: number, endMs: number, cutOf: DayCut): DayRun[] {
  const runs: DayRun[] = [];
  for (const { dayMs, fromMs, toMs } of byDay(firstMs, endMs)) {
    const cut = toMs - fromMs === DAY_MS ? cutOf(dayMs) : undefined;
    const last = runs.at(-1);
    if (last !== undefined && last.cut === cut) runs.splice(-1, 1, { ...last, toMs });
    else runs.push({ cut, fromMs, toMs });
  }
  return runs;
}

function wholeHours(filter: RollupFilter): RollupFilter {
  return { ...filter, fromMs: hourOf(filter.fromMs), toMs: hourOf(filter.toMs + HOUR_MS - 1), origins: undefined };
}
