import { tryParseNetwork } from '@bailiff/ip';
import { type EntityManager, LessThan, type SelectQueryBuilder } from 'typeorm';
import { BanEvent, type BanEventKind } from '../entities/index.js';
import { fetchPage, type PageRequest, type PageResult, type SortField } from '../paging/keyset.js';
import { containsPattern, isPostgres } from '../sql/dialect.js';
import { whereAddress } from './address-filter.js';

/** Rows of the archive that are meant; absent fields mean all. */
export interface BanEventFilter {
  readonly hostIds?: readonly string[] | undefined;
  readonly kind?: BanEventKind | undefined;
  readonly jail?: string | undefined;
  /** Part of an address, requested URL or site, or an address or network whose members are meant. */
  readonly q?: string | undefined;
  readonly country?: string | undefined;
  readonly origin?: string | undefined;
  /** Inclusive. */
  readonly fromMs?: number | undefined;
  /** Exclusive. */
  readonly toMs?: number | undefined;
}

const ID: SortField<BanEvent> = { property: 'id', type: 'number', value: ({ id }) => id };
const FIELDS: Record<string, SortField<BanEvent>> = {
  at: { property: 'atMs', type: 'number', value: ({ atMs }) => atMs },
  address: { property: 'addressSort', type: 'string', value: ({ addressSort }) => addressSort },
  jail: { property: 'jail', type: 'string', value: ({ jail }) => jail },
};

/** The archive of bans and unbans. */
export class BanEventRepository {
  constructor(private readonly manager: EntityManager) {}

  /** Newest first, by default. */
  page(filter: BanEventFilter, page: PageRequest): Promise<PageResult<BanEvent>> {
    return fetchPage(this.filtered(filter), page, { fields: FIELDS, defaultSort: '-at', id: ID });
  }

  find(id: number): Promise<BanEvent | null> {
    return this.manager.findOneBy(BanEvent, { id });
  }

  /** Number of rows that match, or `cap` when there are at least that many: counting stops there. */
  async countUpTo(filter: BanEventFilter, cap: number): Promise<number> {
    const [sql, parameters] = this.filtered(filter).select('1', 'one').limit(cap).getQueryAndParameters();
    const [row] = await this.manager.query<{ total: number }[]>(
      `SELECT count(*) AS total FROM (${sql}) AS matched`,
      parameters,
    );
    return Number(row?.total ?? 0);
  }

  /** Events stored after a feed position, in the order they were stored. */
  after(id: number, limit: number): Promise<BanEvent[]> {
    return this.manager
      .createQueryBuilder(BanEvent, 'e')
      .where('e.id > :id', { id })
      .orderBy('e.id', 'ASC')
      .limit(limit)
      .getMany();
  }

  /** Position of the newest stored event, 0 when there is none. */
  async lastId(): Promise<number> {
    const row = await this.manager
      .createQueryBuilder(BanEvent, 'e')
      .select('max(e.id)', 'last')
      .getRawOne<{ last: number | null }>();
    return Number(row?.last ?? 0);
  }

  /** Deletes events older than a time, at most `limit` of them so that a purge can breathe; how many. */
  async purge(beforeMs: number, limit: number): Promise<number> {
    const rows = await this.manager.find(BanEvent, {
      select: { id: true },
      where: { atMs: LessThan(beforeMs) },
      order: { atMs: 'ASC' },
      take: limit,
    });
    if (rows.length === 0) return 0;
    await this.manager.delete(
      BanEvent,
      rows.map(({ id }) => id),
    );
    return rows.length;
  }

  private filtered(filter: BanEventFilter): SelectQueryBuilder<BanEvent> {
    const query = this.manager.createQueryBuilder(BanEvent, 'e');
    whereHosts(query, filter.hostIds);
    if (filter.kind !== undefined) query.andWhere('e.kind = :kind', filter);
    if (filter.jail !== undefined) query.andWhere('e.jail = :jail', filter);
    if (filter.country !== undefined) query.andWhere('e.country = :country', filter);
    if (filter.origin !== undefined) query.andWhere('e.origin = :origin', filter);
    if (filter.fromMs !== undefined) query.andWhere('e.atMs >= :fromMs', filter);
    if (filter.toMs !== undefined) query.andWhere('e.atMs < :toMs', filter);
    if (filter.q !== undefined) whereText(query, filter.q);
    return query;
  }
}

/** Part of an address and of hardly anything else: `192.0.`, `2001:db8`. */
const ADDRESS_PART = /^(?=.*\d)(?=.*[.:])[\da-f.:]{1,45}$/i;

/**
 * An address or network means what is inside it, a part of an address is looked for in addresses alone, which is the cheaper
 * half; other text in addresses, URLs and sites, whatever its case.
 */
function whereText(query: SelectQueryBuilder<BanEvent>, text: string): void {
  if (tryParseNetwork(text) !== undefined || ADDRESS_PART.test(text)) {
    whereAddress(query, text, { covering: false });
    return;
  }
  const like = isPostgres(query.connection.manager) ? 'ILIKE' : 'LIKE';
  const fields = ['e.address', 'e.requestUrl', `coalesce(e.targetSubdomain || '.', '') || e.targetDomain`];
  query.andWhere(`(${fields.map((field) => `${field} ${like} :pattern ESCAPE '\\'`).join(' OR ')})`, {
    pattern: containsPattern(text),
  });
}

/** Narrows to some hosts; an empty list means none, absent means all. */
export function whereHosts<T extends { hostId: string }>(
  query: SelectQueryBuilder<T>,
  hostIds: readonly string[] | undefined,
): void {
  if (hostIds === undefined) return;
  if (hostIds.length === 0) query.andWhere('1 = 0');
  else if (hostIds.length === 1) query.andWhere(`${query.alias}.hostId = :hostId`, { hostId: hostIds[0] });
  else query.andWhere(`${query.alias}.hostId IN (:...hostIds)`, { hostIds });
}
