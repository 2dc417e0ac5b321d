import { networkRange, type IpNetwork } from '@bailiff/ip';
import { type EntityManager, In, type SelectQueryBuilder } from 'typeorm';
import { NEVER_MS } from '../columns.js';
import { ActiveBan, GeoAddress } from '../entities/index.js';
import { fetchPage, type PageRequest, type PageResult, type SortField } from '../paging/keyset.js';
import { whereAddress } from './address-filter.js';
import { whereHosts } from './ban-event.repository.js';

/** Current bans that are meant; absent fields mean all. */
export interface ActiveBanFilter {
  readonly hostIds?: readonly string[] | undefined;
  readonly jail?: string | undefined;
  /** Part of an address, or an address or network that must cover or be covered. */
  readonly q?: string | undefined;
  readonly country?: string | undefined;
  /** Number of an autonomous system, as addresses are placed now. */
  readonly asn?: number | undefined;
  readonly origin?: string | undefined;
}

const ID: SortField<ActiveBan> = { property: 'id', type: 'number', value: ({ id }) => id };
const FIELDS: Record<string, SortField<ActiveBan>> = {
  bannedAt: { property: 'bannedAtMs', type: 'number', value: ({ bannedAtMs }) => bannedAtMs },
  expiresAt: { property: 'expiresAtMs', type: 'number', value: ({ expiresAtMs }) => expiresAtMs ?? NEVER_MS },
  address: { property: 'addressSort', type: 'string', value: ({ addressSort }) => addressSort },
  jail: { property: 'jail', type: 'string', value: ({ jail }) => jail },
  banCount: { property: 'banCount', type: 'number', value: ({ banCount }) => banCount },
};

/** What is banned now. */
export class ActiveBanRepository {
  constructor(private readonly manager: EntityManager) {}

  /** Latest ban first, by default. */
  page(filter: ActiveBanFilter, page: PageRequest): Promise<PageResult<ActiveBan>> {
    return fetchPage(this.filtered(filter), page, { fields: FIELDS, defaultSort: '-bannedAt', id: ID });
  }

  count(filter: ActiveBanFilter): Promise<number> {
    return this.filtered(filter).getCount();
  }

  /** The current ban of each of some (host, jail, address), as far as there are any. */
  findByAddresses(hostId: string, addresses: readonly string[]): Promise<ActiveBan[]> {
    return this.manager.findBy(ActiveBan, { hostId, address: In([...addresses]) });
  }

  /** Sets when bans end that an operator gave an end of their own. */
  async setEnd(hostId: string, jail: string, addresses: readonly string[], expiresAtMs: number | null): Promise<void> {
    await this.manager.update(ActiveBan, { hostId, jail, address: In([...addresses]) }, { expiresAtMs });
  }

  /** Bans of single IPv6 addresses in the order they were stored, after a row. */
  async ipv6Singles(afterId: number, limit: number): Promise<ActiveBan[]> {
    return this.manager
      .createQueryBuilder(ActiveBan, 'b')
      .where("b.id > :afterId AND b.addressSort LIKE '6________________________________80'", { afterId })
      .orderBy('b.id', 'ASC')
      .limit(limit)
      .getMany();
  }

  /** Current bans inside a network, itself included, in one jail or in all. */
  async inNetwork(
    network: IpNetwork,
    scope: { readonly hostId?: string; readonly jail?: string } = {},
  ): Promise<ActiveBan[]> {
    const { first, last } = networkRange(network);
    const query = this.manager
      .createQueryBuilder(ActiveBan, 'b')
      .where('b.addressSort BETWEEN :first AND :last', { first, last });
    if (scope.hostId !== undefined) query.andWhere('b.hostId = :hostId', scope);
    if (scope.jail !== undefined) query.andWhere('b.jail = :jail', scope);
    return query.limit(5_000).getMany();
  }

  /** Number of current bans of each host and jail. */
  async countByJail(hostIds?: readonly string[]): Promise<{ hostId: string; jail: string; bans: number }[]> {
    const query = this.manager
      .createQueryBuilder(ActiveBan, 'b')
      .select('b.hostId', 'hostId')
      .addSelect('b.jail', 'jail')
      .addSelect('count(*)', 'bans')
      .groupBy('b.hostId')
      .addGroupBy('b.jail');
    whereHosts(query, hostIds);
    const rows = await query.getRawMany<{ hostId: string; jail: string; bans: number }>();
    return rows.map((row) => ({ ...row, bans: Number(row.bans) }));
  }

  /** Drops bans whose time was over before a moment: their unban was never reported. How many. */
  async purgeExpired(beforeMs: number): Promise<number> {
    const result = await this.manager
      .createQueryBuilder()
      .delete()
      .from(ActiveBan)
      .where('expires_at_ms < :beforeMs', { beforeMs })
      .execute();
    return result.affected ?? 0;
  }

  private filtered(filter: ActiveBanFilter): SelectQueryBuilder<ActiveBan> {
    const query = this.manager.createQueryBuilder(ActiveBan, 'b');
    whereHosts(query, filter.hostIds);
    if (filter.jail !== undefined) query.andWhere('b.jail = :jail', filter);
    if (filter.country !== undefined) query.andWhere('b.country = :country', filter);
    if (filter.asn !== undefined) {
      const placed = query
        .subQuery()
        .select('1')
        .from(GeoAddress, 'g')
        .where('g.address = b.address AND g.asn = :asn', filter);
      query.andWhere(`EXISTS ${placed.getQuery()}`, { asn: filter.asn });
    }
    if (filter.origin !== undefined) query.andWhere('b.origin = :origin', filter);
    if (filter.q !== undefined) whereAddress(query, filter.q, { covering: true });
    return query;
  }
}
