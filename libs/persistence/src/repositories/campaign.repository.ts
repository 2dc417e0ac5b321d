import type { NetworkRange } from '@bailiff/ip';
import type { EntityManager } from 'typeorm';
import { execute, isPostgres, rowParameter, rowSource } from '../sql/dialect.js';

/** What campaigns are found by: a ban without its lines. */
export interface BanSource {
  readonly id: number;
  readonly atMs: number;
  readonly hostId: string;
  readonly jail: string;
  readonly addressSort: string;
  readonly country: string | null;
  readonly asn: number | null;
}

/** A place in the archive, newest first. */
export interface SourcePlace {
  readonly atMs: number;
  readonly id: number;
}

const RANGE = { first: 'text', last: 'text' } as const;

/** Reads the newest bans of a time range, a slice at a time: each is a short read on an index by time. */
export class CampaignRepository {
  constructor(private readonly manager: EntityManager) {}

  /** Bans since a time that come before a place, newest first: of one host, or of all. */
  async newest(fromMs: number, before: SourcePlace, limit: number, hostId?: string): Promise<BanSource[]> {
    const index = hostId === undefined ? 'IX_ban_event_at_ms' : 'UX_ban_event_natural';
    const rows = await execute<Record<string, unknown>>(
      this.manager,
      `SELECT id, at_ms, host_id, jail, address_sort, country, asn
       FROM ban_event ${isPostgres(this.manager) ? '' : `INDEXED BY "${index}"`}
       WHERE ${hostId === undefined ? '' : 'host_id = ? AND'} at_ms >= ? AND (at_ms, id) < (?, ?) AND kind = 'ban'
       ORDER BY at_ms DESC, id DESC LIMIT ${Math.trunc(limit)}`,
      [...(hostId === undefined ? [] : [hostId]), fromMs, before.atMs, before.id],
    );
    return rows.map((row) => ({
      id: Number(row['id']),
      atMs: Number(row['at_ms']),
      hostId: String(row['host_id']),
      jail: String(row['jail']),
      addressSort: String(row['address_sort']),
      country: typeof row['country'] === 'string' ? row['country'] : null,
      asn: row['asn'] === null || row['asn'] === undefined ? null : Number(row['asn']),
    }));
  }

  /** Number of current bans in each of some ranges, in their order; of some hosts, or of all. */
  async activeIn(ranges: readonly NetworkRange[], hostIds?: readonly string[]): Promise<number[]> {
    const counts = ranges.map(() => 0);
    const hosts = this.hosts(hostIds);
    const rows = await execute<{ first: string; last: string; bans: unknown }>(
      this.manager,
      `SELECT r.first AS first, r.last AS last, (
         SELECT count(*) FROM ${this.activeBans} WHERE a.address_sort BETWEEN r.first AND r.last ${hosts.sql}
       ) AS bans FROM ${rowSource(this.manager, 'r', RANGE)}`,
      [
        ...hosts.parameters,
        rowParameter(
          RANGE,
          ranges.map(({ first, last }) => ({ first, last })),
        ),
      ],
    );
    const byRange = new Map(rows.map(({ first, last, bans }) => [`${first} ${last}`, Number(bans)]));
    for (const [index, { first, last }] of ranges.entries()) counts[index] = byRange.get(`${first} ${last}`) ?? 0;
    return counts;
  }

  /** Those of some sort keys of addresses and networks that are banned now, each with the number of its bans. */
  async activeOf(keys: readonly string[], hostIds?: readonly string[]): Promise<Map<string, number>> {
    const hosts = this.hosts(hostIds);
    const source = isPostgres(this.manager)
      ? 'SELECT value FROM json_array_elements_text(?::json)'
      : 'SELECT value FROM json_each(?)';
    const rows = await execute<{ key: string; bans: unknown }>(
      this.manager,
      `SELECT a.address_sort AS key, count(*) AS bans FROM ${this.activeBans}
       WHERE a.address_sort IN (${source}) ${hosts.sql} GROUP BY a.address_sort`,
      [JSON.stringify(keys), ...hosts.parameters],
    );
    return new Map(rows.map(({ key, bans }) => [key, Number(bans)]));
  }

  /** By address, also where hosts are named: SQLite would rather read all bans of a host for each address. */
  private get activeBans(): string {
    return `active_ban a ${isPostgres(this.manager) ? '' : 'INDEXED BY "IX_active_ban_address_sort"'}`;
  }

  private hosts(hostIds: readonly string[] | undefined): { sql: string; parameters: readonly string[] } {
    if (hostIds === undefined) return { sql: '', parameters: [] };
    if (hostIds.length === 0) return { sql: 'AND 1 = 0', parameters: [] };
    return { sql: `AND a.host_id IN (${hostIds.map(() => '?').join(', ')})`, parameters: hostIds };
  }
}
