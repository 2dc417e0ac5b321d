import type { EntityManager, SelectQueryBuilder } from 'typeorm';
import { ArchiveCount } from '../archive/archive-count.js';
import type { BanEventFilter } from '../archive/archive-filter.js';
import { ArchivePages } from '../archive/archive-pages.js';
import { BanEvent } from '../entities/index.js';
import type { PageRequest, PageResult } from '../paging/keyset.js';

/** The archive of bans and unbans. */
export class BanEventRepository {
  constructor(private readonly manager: EntityManager) {}

  /** Newest first, by default. @throws {InvalidSortError} @throws {InvalidCursorError} */
  page(filter: BanEventFilter, page: PageRequest): Promise<PageResult<BanEvent>> {
    return new ArchivePages(this.manager).page(filter, page);
  }

  find(id: number): Promise<BanEvent | null> {
    return this.manager.findOneBy(BanEvent, { id });
  }

  /** Number of rows that match; null when only a look at very many of them could tell. */
  total(filter: BanEventFilter): Promise<number | null> {
    return new ArchiveCount(this.manager).total(filter);
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
