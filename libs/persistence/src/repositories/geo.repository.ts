import { type EntityManager, In, IsNull, LessThan } from 'typeorm';
import { GeoAddress } from '../entities/index.js';
import { placeBans } from '../rollup/place-bans.js';
import { execute, rowParameter, rowSource } from '../sql/dialect.js';

/** Country of an address; null when the data holds none. */
export interface ResolvedAddress {
  readonly address: string;
  readonly country: string | null;
}

const RESOLVED = { address: 'text', country: 'text' } as const;

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
    const rows = entries.map(({ address, country }) => ({ address, country }));
    const source = rowSource(this.manager, 'r', RESOLVED);
    await execute(
      this.manager,
      `INSERT INTO geo_address (address, country, resolved_at_ms, last_seen_at_ms)
       SELECT r.address, r.country, ${Math.trunc(nowMs)}, ${Math.trunc(nowMs)} FROM ${source} WHERE 1 = 1
       ON CONFLICT (address) DO UPDATE SET country = excluded.country, resolved_at_ms = excluded.resolved_at_ms`,
      [rowParameter(this.manager, RESOLVED, rows)],
    );
    await placeBans(
      this.manager,
      entries.map(({ address, country }) => ({ address, country, asn: null })),
    );
  }

  /** Forgets addresses that no ban named since a time; how many. */
  async purge(beforeMs: number): Promise<number> {
    return (await this.manager.delete(GeoAddress, { lastSeenAtMs: LessThan(beforeMs) })).affected ?? 0;
  }
}
