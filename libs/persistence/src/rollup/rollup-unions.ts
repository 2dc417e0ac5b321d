import type { EntityManager } from 'typeorm';
import type { RollupLevel } from '../entities/index.js';
import { execute, isPostgres } from '../sql/dialect.js';
import { byDay, DAY_MS, HOUR_MS, piecesOf, type SignedPiece, withShortEnds } from './calendar.js';
import { sumOfHours } from './hour-columns.js';

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

/** Counted, though not from events: always whole hours. */
export type Counted = RollupDimension | 'all' | 'failure';

/** Stored dimension, its key there, and the same key made from an event. */
export const SOURCES: Record<Counted, { stored: string; key: string; ofEvent: string; hasHours?: false }> = {
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

/** SELECTs of roll-ups and events joined by UNION ALL, with columns `at_ms`, `key` and `bans`. */
export interface Union {
  readonly sql: string;
  readonly parameters: readonly (string | number)[];
}

/** Says what is read for a question: roll-ups where they fit, events for the rest. */
export class RollupUnions {
  constructor(private readonly manager: EntityManager) {}

  /** Everything a filter means; undefined: nothing. @param coarsest longest whole that may be read */
  async union(filter: RollupFilter, dimension: Counted, coarsest: RollupLevel | 'event'): Promise<Union | undefined> {
    if (isOfNothing(filter)) return undefined;
    const { fromMs, toMs } = filter;
    const pieces: SignedPiece[] =
      coarsest === 'event'
        ? [{ from: 'event', fromMs, toMs, sign: 1 }]
        : withShortEnds(piecesOf(fromMs, toMs, coarsest, SOURCES[dimension].hasHours ?? true), coarsest, Date.now());
    const hosts = await this.hostsOf(filter, dimension);
    const parts = pieces.map((piece) => this.part(piece, dimension, filter, hosts));
    if (parts.length === 0) return undefined;
    return {
      sql: parts.map(({ sql }) => sql).join(' UNION ALL '),
      parameters: parts.flatMap(({ parameters }) => parameters),
    };
  }

  /** Hosts whose rows are read; the empty one stands for all together. */
  async hostsOf({ hostIds }: RollupFilter, dimension: Counted): Promise<readonly string[]> {
    return hostIds ?? (dimension === 'host' ? await this.knownHosts() : ['']);
  }

  /** One piece. */
  part(
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

  /** Rows of hours, and what their key is. */
  days(
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
}

export function isOfNothing({ hostIds, origins, keys, fromMs, toMs }: RollupFilter): boolean {
  return fromMs >= toMs || [hostIds, origins, keys].some((list) => list?.length === 0);
}

function marks(values: readonly unknown[]): string {
  return values.map(() => '?').join(', ');
}
