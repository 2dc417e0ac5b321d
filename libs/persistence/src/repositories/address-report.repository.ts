import { coveringKeys, isAddress, networkRange, type IpNetwork } from '@bailiff/ip';
import type { EntityManager, ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import { ActiveBan, BanEvent } from '../entities/index.js';
import { fetchPage, type PageRequest, type PageResult, type SortField } from '../paging/keyset.js';
import { execute, rowParameter, rowSource } from '../sql/dialect.js';

/** Bans of one jail of one host in the archive. */
export interface BanPlace {
  readonly hostId: string;
  readonly jail: string;
  readonly bans: number;
  readonly unbans: number;
  readonly firstAtMs: number;
  readonly lastAtMs: number;
}

/** Addresses of one network that are banned now. */
export interface BannedNeighbours {
  readonly count: number;
  readonly addresses: readonly { readonly address: string; readonly bans: number; readonly sinceMs: number }[];
}

const ID: SortField<BanEvent> = { property: 'id', type: 'number', value: ({ id }) => id };
const AT: SortField<BanEvent> = { property: 'atMs', type: 'number', value: ({ atMs }) => atMs };
const KEY = { key: 'text' } as const;

/**
 * Everything the database knows about one address or network. All of it reads the index on `address_sort`, so its cost grows
 * with what is known of the address, not with the archive.
 */
export class AddressReportRepository {
  constructor(private readonly manager: EntityManager) {}

  /** Current bans of it, of networks around it, and of what is inside; widest first. */
  activeBans(network: IpNetwork, limit: number): Promise<ActiveBan[]> {
    return this.touching(this.manager.createQueryBuilder(ActiveBan, 'b'), network)
      .orderBy('b.addressSort', 'ASC')
      .addOrderBy('b.id', 'ASC')
      .limit(limit)
      .getMany();
  }

  /** Number of current bans that {@link activeBans} is about. */
  countActiveBans(network: IpNetwork): Promise<number> {
    return this.touching(this.manager.createQueryBuilder(ActiveBan, 'b'), network).getCount();
  }

  /** Its bans and unbans on every host, those of banned networks around it among them. Newest first. */
  async events(network: IpNetwork, page: PageRequest): Promise<PageResult<BanEvent>> {
    const query = this.manager.createQueryBuilder(BanEvent, 'e');
    const { first, last } = networkRange(network);
    const around = (await this.knownAround(network)).filter((key) => key !== first);
    const inside = first === last ? 'e.addressSort = :first' : 'e.addressSort BETWEEN :first AND :last';
    // Without networks around it the condition is one equality, from which the index gives the order as well.
    if (around.length === 0) query.where(inside, { first, last });
    else query.where(`(${inside} OR e.addressSort IN (:...around))`, { first, last, around });
    return fetchPage(query, page, { fields: { at: AT }, defaultSort: '-at', id: ID });
  }

  /** Where it, or what is inside, was banned, by the newest `cap` events. @returns whether older ones were left out too */
  async places(network: IpNetwork, cap: number): Promise<{ places: BanPlace[]; isCapped: boolean }> {
    const { first, last } = networkRange(network);
    const rows = await execute<Record<string, string | number>>(
      this.manager,
      `SELECT host_id, jail, sum(CASE kind WHEN 'ban' THEN 1 ELSE 0 END) AS bans,
         sum(CASE kind WHEN 'ban' THEN 0 ELSE 1 END) AS unbans, min(at_ms) AS first_ms, max(at_ms) AS last_ms
       FROM (SELECT host_id, jail, kind, at_ms FROM ban_event
             WHERE ${first === last ? 'address_sort = ?' : 'address_sort BETWEEN ? AND ?'}
             ORDER BY address_sort DESC, at_ms DESC, id DESC LIMIT ?) AS recent
       GROUP BY host_id, jail ORDER BY 6 DESC, 1, 2`,
      [...(first === last ? [first] : [first, last]), cap],
    );
    const places = rows.map((row) => ({
      hostId: String(row['host_id']),
      jail: String(row['jail']),
      bans: Number(row['bans']),
      unbans: Number(row['unbans']),
      firstAtMs: Number(row['first_ms']),
      lastAtMs: Number(row['last_ms']),
    }));
    return { places, isCapped: places.reduce((sum, { bans, unbans }) => sum + bans + unbans, 0) >= cap };
  }

  /** Addresses inside a network that are banned now, but for one; how many, and the latest few. */
  async bannedInside(network: IpNetwork, except: string, limit: number): Promise<BannedNeighbours> {
    const { first, last } = networkRange(network);
    const condition = `address_sort BETWEEN ? AND ? AND address <> ? AND address NOT LIKE '%/%'`;
    const parameters = [first, last, except];
    const [total] = await execute<{ count: number }>(
      this.manager,
      `SELECT count(DISTINCT address) AS count FROM active_ban WHERE ${condition}`,
      parameters,
    );
    const rows = await execute<{ address: string; bans: number; since_ms: number }>(
      this.manager,
      `SELECT address, count(*) AS bans, max(banned_at_ms) AS since_ms FROM active_ban WHERE ${condition}
       GROUP BY address ORDER BY 3 DESC, 1 LIMIT ?`,
      [...parameters, limit],
    );
    return {
      count: Number(total?.count ?? 0),
      addresses: rows.map(({ address, bans, since_ms }) => ({
        address,
        bans: Number(bans),
        sinceMs: Number(since_ms),
      })),
    };
  }

  private touching<T extends ObjectLiteral>(query: SelectQueryBuilder<T>, network: IpNetwork): SelectQueryBuilder<T> {
    const { alias } = query;
    const { first, last } = networkRange(network);
    const around = coveringKeys(network);
    if (isAddress(network)) return query.where(`${alias}.addressSort IN (:...around)`, { around });
    return query.where(`(${alias}.addressSort BETWEEN :first AND :last OR ${alias}.addressSort IN (:...around))`, {
      first,
      last,
      around,
    });
  }

  /** Keys of it and of networks around it that the archive knows. */
  private async knownAround(network: IpNetwork): Promise<string[]> {
    const rows = await execute<{ key: string }>(
      this.manager,
      `SELECT r.key FROM ${rowSource(this.manager, 'r', KEY)}
       WHERE EXISTS (SELECT 1 FROM ban_event e WHERE e.address_sort = r.key)`,
      [
        rowParameter(
          KEY,
          coveringKeys(network).map((key) => ({ key })),
        ),
      ],
    );
    return rows.map(({ key }) => key);
  }
}
