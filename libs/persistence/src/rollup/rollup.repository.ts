import type { EntityManager } from 'typeorm';
import type { RollupLevel } from '../entities/index.js';
import { execute, isPostgres } from '../sql/dialect.js';
import { DAY_MS, HOUR_MS, piecesOf, type RangePiece } from './calendar.js';

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

/** Stored dimension, its key there, and the same key made from an event. */
const SOURCES: Record<RollupDimension | 'all', { stored: string; key: string; ofEvent: string; hasHours?: false }> = {
  all: { stored: 'all', key: 'key', ofEvent: `''` },
  jail: { stored: 'jail', key: 'key', ofEvent: 'jail' },
  country: { stored: 'country', key: 'key', ofEvent: `coalesce(country, '')` },
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
  async total(filter: RollupFilter): Promise<number> {
    const union = await this.union(filter, 'all', 'month');
    if (union === undefined) return 0;
    const [row] = await this.run<{ bans: number }>(`SELECT sum(bans) AS bans FROM (${union.sql}) AS u`, union);
    return Number(row?.bans ?? 0);
  }

  /**
   * Bans of each hour or UTC day that had any, oldest first, whole or by key. A first or last step that the range cuts has only
   * what lies in the range, and is named by its own start.
   */
  async series(
    filter: RollupFilter,
    dimension: RollupDimension | undefined,
    step: 'hour' | 'day',
  ): Promise<RollupPoint[]> {
    const union = await this.union(filter, dimension ?? 'all', step);
    if (union === undefined) return [];
    const stepMs = step === 'hour' ? HOUR_MS : DAY_MS;
    const rows = await this.run<{ at_ms: number; key: string; bans: number }>(
      `SELECT at_ms - at_ms % ${stepMs} AS at_ms, key, sum(bans) AS bans FROM (${union.sql}) AS u
       GROUP BY 1, 2 ORDER BY 1, 2`,
      union,
    );
    return rows.map((row) => ({ atMs: Number(row.at_ms), key: row.key, bans: Number(row.bans) }));
  }

  /** Keys with the most bans; those not known are counted under the empty key. */
  async top(filter: RollupFilter, dimension: RollupDimension, limit: number): Promise<RollupCount[]> {
    const union = await this.union(filter, dimension, 'month');
    if (union === undefined) return [];
    const rows = await this.run<RollupCount>(
      `SELECT key, sum(bans) AS bans FROM (${union.sql}) AS u GROUP BY key ORDER BY 2 DESC, 1 LIMIT ${Math.trunc(limit)}`,
      union,
    );
    return rows.map(({ key, bans }) => ({ key, bans: Number(bans) }));
  }

  private run<Row>(sql: string, { parameters }: Union): Promise<Row[]> {
    return execute<Row>(this.manager, sql, parameters);
  }

  private async union(
    filter: RollupFilter,
    dimension: RollupDimension | 'all',
    coarsest: RollupLevel,
  ): Promise<Union | undefined> {
    if ([filter.hostIds, filter.origins, filter.keys].some((list) => list?.length === 0)) return undefined;
    const pieces = piecesOf(filter.fromMs, filter.toMs, coarsest, SOURCES[dimension].hasHours ?? true);
    if (pieces.length === 0) return undefined;
    const hostIds = filter.hostIds ?? (await this.knownHosts());
    const parts = pieces.map((piece) => this.part(piece, dimension, filter, hostIds));
    return {
      sql: parts.map(({ sql }) => sql).join(' UNION ALL '),
      parameters: parts.flatMap(({ parameters }) => parameters),
    };
  }

  private part(
    { from, fromMs, toMs }: RangePiece,
    dimension: RollupDimension | 'all',
    { hostIds: asked, origins, keys }: RollupFilter,
    known: readonly string[],
  ): Union {
    const source = SOURCES[dimension];
    const key = isPostgres(this.manager)
      ? (name: string) => `CAST(${name} AS text) COLLATE "C"`
      : (name: string) => name;
    const byOrigin = origins === undefined ? '' : ` AND origin IN (${marks(origins)})`;
    const byKey = (name: string) => (keys === undefined ? '' : ` AND ${key(name)} IN (${marks(keys)})`);
    const bounds = [Math.ceil(fromMs), Math.ceil(toMs)];
    if (from === 'event') {
      const byHost = asked === undefined ? '' : ` AND host_id IN (${marks(asked)})`;
      return {
        sql: `SELECT at_ms, ${key(source.ofEvent)} AS key, 1 AS bans FROM ban_event
              WHERE at_ms >= ? AND at_ms < ? AND kind = 'ban'${byHost}${byOrigin}${byKey(source.ofEvent)}`,
        parameters: [...bounds, ...(asked ?? []), ...(origins ?? []), ...(keys ?? [])],
      };
    }
    // Days and months are also kept for all hosts together, hours are not.
    const isFleetRow = asked === undefined && from !== 'hour' && dimension !== 'host';
    const hosts = isFleetRow ? [''] : known;
    return {
      sql: `SELECT start_ms AS at_ms, ${key(source.key)} AS key, bans FROM ban_rollup
            WHERE dimension = '${source.stored}' AND level = '${from}' AND host_id IN (${marks(hosts)})
              AND start_ms >= ? AND start_ms < ?${byOrigin}${byKey(source.key)}`,
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

interface Union {
  readonly sql: string;
  readonly parameters: readonly (string | number)[];
}

function marks(values: readonly unknown[]): string {
  return values.map(() => '?').join(', ');
}
