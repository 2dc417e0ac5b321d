import type { EntityManager } from 'typeorm';
import type { RollupLevel } from '../entities/index.js';
import { execute, isPostgres } from '../sql/dialect.js';
import { byDay, DAY_MS, dayOf, HOUR_MS, hourOf, piecesOf, type SignedPiece, withShortEnds } from './calendar.js';
import { HOURS_OF_DAY, hourColumns, sumOfHours } from './hour-columns.js';

/** What bans can be counted by. The key of `country_jail` is the country, a space and the jail: `US sshd`. */
export type RollupDimension = 'jail' | 'country' | 'asn' | 'host' | 'origin' | 'country_jail';

/** Bans that are meant. */
export interface RollupFilter {
  /** Inclusive; need not be a full hour. */
  readonly fromMs: number;
  /** Exclusive; need not be a full hour. */
  readonly toMs: number;
  /** Absent: all hosts; an empty list: none. */
  readonly hostIds?: readonly string[] | undefined;
  /** Absent: all origins; an empty list: none. */
  readonly origins?: readonly string[] | undefined;
  /** Only these keys of what is counted by; absent: all, an empty list: none. */
  readonly keys?: readonly string[] | undefined;
}

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

/** Counted, though not from events: always whole hours. */
type Counted = RollupDimension | 'all' | 'failure';

/** Stored dimension, its key there, and the same key made from an event. */
const SOURCES: Record<Counted, { stored: string; key: string; ofEvent: string; hasHours?: false }> = {
  all: { stored: 'all', key: 'key', ofEvent: `''` },
  failure: { stored: 'failure', key: 'key', ofEvent: `''` },
  jail: { stored: 'jail', key: 'key', ofEvent: 'jail' },
  country: { stored: 'country', key: 'key', ofEvent: `coalesce(country, '')`, hasHours: false },
  asn: { stored: 'asn', key: 'key', ofEvent: `coalesce(CAST(asn AS text), '')`, hasHours: false },
  host: { stored: 'all', key: 'host_id', ofEvent: 'host_id' },
  origin: { stored: 'all', key: 'origin', ofEvent: 'origin' },
  country_jail: {
    stored: 'country_jail',
    key: 'key',
    ofEvent: `coalesce(country, '') || ' ' || jail`,
    hasHours: false,
  },
};

/** Bans counted beforehand: exact for any range, at a cost that the size of the archive has no part in. */
export class RollupRepository {
  constructor(private readonly manager: EntityManager) {}

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
    const pieces = isOfNothing(filter) ? [] : this.pieces(filter, counted, coarsest);
    const hosts = await this.hostsOf(filter, counted);
    // Whole steps beside the cut ones at the ends: at the same time, where the database can.
    const groups = [pieces.filter(({ from }) => from === coarsest), pieces.filter(({ from }) => from !== coarsest)];
    const points = await Promise.all(
      groups.map((group) => this.points(this.unionOf(group, counted, filter, hosts), stepMs)),
    );
    return joined(points.flat());
  }

  /** Keys with the most bans; those not known are counted under the empty key. */
  async top(filter: RollupFilter, dimension: RollupDimension, limit: number): Promise<RollupCount[]> {
    const union = await this.union(filter, dimension, 'month');
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
    const union = await this.union(filter, counted, 'month');
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
    const hosts = filter.hostIds === undefined && counted === 'host' ? await this.knownHosts() : filter.hostIds;
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
            this.part({ from: 'event', ...end, sign: 1 }, counted, filter, hosts ?? ['']),
            HOUR_MS,
          )),
        );
    for (const run of firstMs < endMs ? runsOf(firstMs, endMs, cutOf) : [])
      points.push(...(await this.ofDays(run, counted, scope)));
    return points.sort((a, b) => a.atMs - b.atMs);
  }

  private async ofDays({ cut, fromMs, toMs }: DayRun, counted: Counted, filter: RollupFilter): Promise<RollupPoint[]> {
    const parts = cut === undefined ? hourColumns() : [sumOfHours(0, cut), sumOfHours(cut, HOURS_OF_DAY)];
    const source = this.days(dayOf(fromMs), dayOf(toMs - 1) + DAY_MS, counted, filter);
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

  /** Rows of hours, and what their key is. */
  private days(
    firstMs: number,
    endMs: number,
    counted: Counted,
    { hostIds = [''], origins, keys }: RollupFilter,
  ): Union & { readonly key: string } {
    const key = this.keyText(SOURCES[counted].key);
    return {
      key,
      sql: `day_hours WHERE dimension = '${SOURCES[counted].stored}' AND host_id IN (${marks(hostIds)})
              AND day_ms >= ? AND day_ms < ?${this.narrowed(key, origins, keys)}`,
      parameters: [...hostIds, firstMs, endMs, ...(origins ?? []), ...(keys ?? [])],
    };
  }

  private keyText(name: string): string {
    return isPostgres(this.manager) ? `CAST(${name} AS text) COLLATE "C"` : name;
  }

  private narrowed(key: string, origins: readonly string[] | undefined, keys: readonly string[] | undefined): string {
    const byOrigin = origins === undefined ? '' : ` AND origin IN (${marks(origins)})`;
    return byOrigin + (keys === undefined ? '' : ` AND ${key} IN (${marks(keys)})`);
  }

  private async union(
    filter: RollupFilter,
    dimension: Counted,
    coarsest: RollupLevel | 'event',
  ): Promise<Union | undefined> {
    if (isOfNothing(filter)) return undefined;
    const hosts = await this.hostsOf(filter, dimension);
    return this.unionOf(this.pieces(filter, dimension, coarsest), dimension, filter, hosts);
  }

  private pieces({ fromMs, toMs }: RollupFilter, dimension: Counted, coarsest: RollupLevel | 'event'): SignedPiece[] {
    if (coarsest === 'event') return [{ from: 'event', fromMs, toMs, sign: 1 }];
    return withShortEnds(piecesOf(fromMs, toMs, coarsest, SOURCES[dimension].hasHours ?? true), coarsest, Date.now());
  }

  private async hostsOf({ hostIds }: RollupFilter, dimension: Counted): Promise<readonly string[]> {
    return hostIds ?? (dimension === 'host' ? await this.knownHosts() : ['']);
  }

  private unionOf(
    pieces: readonly SignedPiece[],
    dimension: Counted,
    filter: RollupFilter,
    hosts: readonly string[],
  ): Union | undefined {
    if (pieces.length === 0) return undefined;
    const parts = pieces.map((piece) => this.part(piece, dimension, filter, hosts));
    return {
      sql: parts.map(({ sql }) => sql).join(' UNION ALL '),
      parameters: parts.flatMap(({ parameters }) => parameters),
    };
  }

  private part(
    { from, fromMs, toMs, sign }: SignedPiece,
    dimension: Counted,
    filter: RollupFilter,
    hosts: readonly string[],
  ): Union {
    const { hostIds: asked, origins, keys } = filter;
    const source = SOURCES[dimension];
    const bounds = [Math.ceil(fromMs), Math.ceil(toMs)];
    if (from === 'event') {
      const key = this.keyText(source.ofEvent);
      const byHost = asked === undefined ? '' : ` AND host_id IN (${marks(asked)})`;
      // The index by AS number holds numbers; bans of no known network are asked for with all others or not at all.
      const numbers = dimension === 'asn' && keys?.includes('') === false ? keys.map(Number) : undefined;
      const byKey = numbers === undefined ? this.narrowed(key, origins, keys) : this.narrowed('asn', origins, keys);
      return {
        sql: `SELECT at_ms, ${key} AS key, ${sign} AS bans FROM ban_event
              WHERE at_ms >= ? AND at_ms < ? AND kind = 'ban'${byHost}${byKey}`,
        parameters: [...bounds, ...(asked ?? []), ...(origins ?? []), ...(numbers ?? keys ?? [])],
      };
    }
    if (from === 'hour') {
      const parts = byDay(fromMs, toMs).map((part) => {
        const days = this.days(part.dayMs, part.dayMs + DAY_MS, dimension, { ...filter, hostIds: hosts });
        const [first, end] = [part.fromMs - part.dayMs, part.toMs - part.dayMs];
        return { ...days, sum: sumOfHours(first / HOUR_MS, end / HOUR_MS) };
      });
      return {
        sql: parts
          .map(({ sql, key, sum }) => `SELECT day_ms AS at_ms, ${key} AS key, ${sum} AS bans FROM ${sql}`)
          .join(' UNION ALL '),
        parameters: parts.flatMap(({ parameters }) => parameters),
      };
    }
    const key = this.keyText(source.key);
    return {
      sql: `SELECT start_ms AS at_ms, ${key} AS key, ${sign} * bans AS bans FROM ban_rollup
            WHERE dimension = '${source.stored}' AND level = '${from}' AND host_id IN (${marks(hosts)})
              AND start_ms >= ? AND start_ms < ?${this.narrowed(key, origins, keys)}`,
      parameters: [...hosts, ...bounds, ...(origins ?? []), ...(keys ?? [])],
    };
  }

  /** Hosts that have bans, removed ones too; one look into the index for each. */
  private async knownHosts(): Promise<string[]> {
    const next = (after: string) =>
      `SELECT min(host_id) AS id FROM ban_rollup WHERE dimension = 'all' AND level = 'month' AND host_id > ${after}`;
    const rows = await execute<{ id: string }>(
      this.manager,
      `WITH RECURSIVE h(id) AS (${next(`''`)} UNION ALL SELECT (${next('h.id')}) FROM h WHERE h.id IS NOT NULL)
       SELECT id FROM h WHERE id IS NOT NULL`,
      [],
    );
    return rows.length === 0 ? [''] : rows.map(({ id }) => id);
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

/** Points of one step and key as one, oldest first; those that come to nothing are left out. */
function joined(points: readonly RollupPoint[]): RollupPoint[] {
  const sums = new Map<string, RollupPoint>();
  for (const point of points) {
    const id = `${point.atMs} ${point.key}`;
    sums.set(id, { ...point, bans: point.bans + (sums.get(id)?.bans ?? 0) });
  }
  return [...sums.values()]
    .filter(({ bans }) => bans !== 0)
    .sort((a, b) => a.atMs - b.atMs || (a.key < b.key ? -1 : 1));
}

function wholeHours(filter: RollupFilter): RollupFilter {
  return { ...filter, fromMs: hourOf(filter.fromMs), toMs: hourOf(filter.toMs + HOUR_MS - 1), origins: undefined };
}

function isOfNothing({ hostIds, origins, keys, fromMs, toMs }: RollupFilter): boolean {
  return fromMs >= toMs || [hostIds, origins, keys].some((list) => list?.length === 0);
}

interface Union {
  readonly sql: string;
  readonly parameters: readonly (string | number)[];
}

function marks(values: readonly unknown[]): string {
  return values.map(() => '?').join(', ');
}
