import { type EntityManager, In, IsNull, LessThan } from 'typeorm';
import { BanCountHour, GeoAddress } from '../entities/index.js';
import { addressSortKey } from '../sql/address-sort.js';
import { execute, rowParameter, rowSource } from '../sql/dialect.js';
import { HOUR_MS } from './count.repository.js';

/** Country of an address; null when the data holds none. */
export interface ResolvedAddress {
  readonly address: string;
  readonly country: string | null;
}

const RESOLVED = { address: 'text', address_sort: 'text', country: 'text' } as const;

/** What is known of addresses. */
export class GeoRepository {
  constructor(private readonly manager: EntityManager) {}

  /** Addresses nobody resolved yet, last seen first. */
  async unresolved(limit: number): Promise<string[]> {
    const rows = await this.manager.find(GeoAddress, {
      select: { address: true },
      where: { resolvedAtMs: IsNull() },
      order: { lastSeenAtMs: 'DESC' },
      take: limit,
    });
    return rows.map(({ address }) => address);
  }

  find(addresses: readonly string[]): Promise<GeoAddress[]> {
    return this.manager.findBy(GeoAddress, { address: In([...addresses]) });
  }

  /** Stores answers of the worker, and writes countries into the archive, the current bans and the counters. */
  async resolve(entries: readonly ResolvedAddress[], nowMs: number): Promise<void> {
    if (entries.length === 0) return;
    const rows = entries.map(({ address, country }) => ({ address, address_sort: addressSortKey(address), country }));
    const source = rowSource(this.manager, 'r', RESOLVED);
    await execute(
      this.manager,
      `INSERT INTO geo_address (address, country, resolved_at_ms, last_seen_at_ms)
       SELECT r.address, r.country, ${Math.trunc(nowMs)}, ${Math.trunc(nowMs)} FROM ${source} WHERE 1 = 1
       ON CONFLICT (address) DO UPDATE SET country = excluded.country, resolved_at_ms = excluded.resolved_at_ms`,
      [rowParameter(this.manager, RESOLVED, rows)],
    );
    const known = rows.filter(({ country }) => country !== null);
    if (known.length === 0) return;
    const parameter = rowParameter(this.manager, RESOLVED, known);
    await this.moveCounts(source, parameter);
    for (const table of ['ban_event', 'active_ban']) {
      await execute(
        this.manager,
        `UPDATE ${table} SET country = r.country FROM ${source}
         WHERE ${table}.address_sort = r.address_sort AND ${table}.country IS NULL`,
        [parameter],
      );
    }
  }

  /** Forgets addresses that no ban named since a time; how many. */
  async purge(beforeMs: number): Promise<number> {
    return (await this.manager.delete(GeoAddress, { lastSeenAtMs: LessThan(beforeMs) })).affected ?? 0;
  }

  /** Bans counted under "unknown" move to their country. */
  private async moveCounts(source: string, parameter: string): Promise<void> {
    const moved = await execute<{ hour_ms: number; host_id: string; jail: string; country: string; bans: number }>(
      this.manager,
      `SELECT e.at_ms - e.at_ms % ${HOUR_MS} AS hour_ms, e.host_id, e.jail, r.country, count(*) AS bans
       FROM ${source} CROSS JOIN ban_event e
       WHERE e.address_sort = r.address_sort AND e.country IS NULL AND e.kind = 'ban'
       GROUP BY 1, 2, 3, 4`,
      [parameter],
    );
    for (const row of moved) {
      const key = { hourMs: Number(row.hour_ms), hostId: row.host_id, jail: row.jail };
      const bans = Number(row.bans);
      await this.manager.decrement(BanCountHour, { ...key, country: '' }, 'bans', bans);
      await execute(
        this.manager,
        `INSERT INTO ban_count_hour (hour_ms, host_id, jail, country, bans) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (hour_ms, host_id, jail, country) DO UPDATE SET bans = ban_count_hour.bans + excluded.bans`,
        [key.hourMs, key.hostId, key.jail, row.country, bans],
      );
    }
  }
}
