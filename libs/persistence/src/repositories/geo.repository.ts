import { type EntityManager, In, IsNull } from 'typeorm';
import { AsName, GeoAddress } from '../entities/index.js';
import { placeBans } from '../rollup/place-bans.js';
import { execute, rowParameter, rowSource, storableText } from '../sql/dialect.js';

/** What the data say about an address; null where they say nothing. */
export interface ResolvedAddress {
  readonly address: string;
  readonly country: string | null;
  readonly asn: number | null;
  readonly rir: string | null;
}

/** One answer of a worker. */
export interface GeoAnswer {
  readonly entries: readonly ResolvedAddress[];
  readonly asNames: readonly { readonly asn: number; readonly name: string }[];
  readonly dataVersion: string;
}

const RESOLVED = { address: 'text', country: 'text', asn: 'bigint', rir: 'text' } as const;
const NAME = { asn: 'bigint', name: 'text' } as const;
/** Bans of this age are put right when better data say otherwise; older ones happened where they were said to. */
const CORRECTED_MS = 30 * 86_400_000;

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

  /** A slice of all addresses, in order, behind the given one. */
  async slice(after: string, limit: number): Promise<GeoAddress[]> {
    return this.manager
      .createQueryBuilder(GeoAddress, 'g')
      .where('g.address > :after', { after })
      .orderBy('g.address')
      .limit(limit)
      .getMany();
  }

  /** Addresses known, and those still to be looked up. */
  async counts(): Promise<{ known: number; waiting: number }> {
    const [known, waiting] = [
      await this.manager.count(GeoAddress),
      await this.manager.countBy(GeoAddress, { resolvedAtMs: IsNull() }),
    ];
    return { known: known - waiting, waiting };
  }

  /** Names of some systems by number; those nobody knows are left out. */
  async asNames(asns: readonly number[]): Promise<Map<number, string>> {
    const rows = asns.length === 0 ? [] : await this.manager.findBy(AsName, { asn: In([...asns]) });
    return new Map(rows.map(({ asn, name }) => [asn, name]));
  }

  /**
   * Stores an answer of the worker, and writes what is new in it into the archive, the current bans and the roll-ups. Bans of
   * the last 30 days are put right where the answer differs from the one before.
   */
  async resolve({ entries, asNames, dataVersion }: GeoAnswer, nowMs: number): Promise<void> {
    if (entries.length === 0) return;
    const before = new Map((await this.find(entries.map(({ address }) => address))).map((row) => [row.address, row]));
    await execute(
      this.manager,
      `INSERT INTO geo_address (address, country, asn, rir, data_version, resolved_at_ms, last_seen_at_ms)
       SELECT r.address, r.country, r.asn, r.rir, CAST(? AS text), CAST(? AS bigint), CAST(? AS bigint)
       FROM ${rowSource(this.manager, 'r', RESOLVED)} WHERE 1 = 1
       ON CONFLICT (address) DO UPDATE SET country = excluded.country, asn = excluded.asn, rir = excluded.rir,
         data_version = excluded.data_version, resolved_at_ms = excluded.resolved_at_ms`,
      [dataVersion, nowMs, nowMs, rowParameter(RESOLVED, entries.map(toRow))],
    );
    await this.nameSystems(asNames);
    const changed = entries.filter(({ address, country, asn }) => {
      const known = before.get(address);
      if (known === undefined || known.resolvedAtMs === null) return true;
      return known.country !== country || known.asn !== asn;
    });
    await placeBans(this.manager, changed, nowMs - CORRECTED_MS);
  }

  /** Forgets addresses that no ban named since a time and that are not banned; how many. */
  async purge(beforeMs: number): Promise<number> {
    const forgotten = await this.manager
      .createQueryBuilder()
      .delete()
      .from(GeoAddress)
      .where('last_seen_at_ms < :beforeMs', { beforeMs })
      .andWhere('address NOT IN (SELECT address FROM active_ban)')
      .execute();
    return forgotten.affected ?? 0;
  }

  private async nameSystems(names: GeoAnswer['asNames']): Promise<void> {
    if (names.length === 0) return;
    const rows = names.map(({ asn, name }) => ({ asn, name: storableText(name) })).sort((a, b) => a.asn - b.asn);
    await execute(
      this.manager,
      `INSERT INTO as_name (asn, name) SELECT r.asn, r.name FROM ${rowSource(this.manager, 'r', NAME)} WHERE 1 = 1
       ON CONFLICT (asn) DO UPDATE SET name = excluded.name WHERE as_name.name <> excluded.name`,
      [rowParameter(NAME, rows)],
    );
  }
}

function toRow({ address, country, asn, rir }: ResolvedAddress) {
  return { address, country, asn, rir };
}
