import { setImmediate as nextTurn } from 'node:timers/promises';
import { coveringKeys, isAddress, networkRange, type IpNetwork } from '@bailiff/ip';
import type { EntityManager, ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import { ActiveBan, BanEvent } from '../entities/index.js';
import { decodeCursor, encodeCursor } from '../paging/cursor.js';
import { DEFAULT_PAGE_SIZE, fetchPage, type PageRequest, type PageResult, type SortField } from '../paging/keyset.js';
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
const BY_TIME = { fields: { at: AT }, defaultSort: '-at', id: ID } as const;
const KEY = { key: 'text' } as const;
/** Events of a network that are put in order at once; of one that has more, a page is soon met on a walk back in time. */
const MAX_SORTED = 5_000;
/** Rows of the archive that a walk looks at, and of a network that are summed up, before others have their turn. */
const STEP = 2_000;
const SUMMED = 1_000;

/**
 * Everything the database knows about one address or network. Reads the index on `address_sort`, so its cost grows with what is
 * known of the address, not with the archive; where that is much, in steps, since SQLite runs on the event loop.
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
    const { first, last } = networkRange(network);
    const around = (await this.knownAround(network)).filter((key) => key !== first);
    if (first !== last && isSortedByTime(page) && (await this.hasMany(first, last)))
      return this.walk(first, last, around, page);
    const query = this.manager.createQueryBuilder(BanEvent, 'e');
    const inside = first === last ? 'e.addressSort = :first' : 'e.addressSort BETWEEN :first AND :last';
    // Without networks around it the condition is one equality, from which the index gives the order as well.
    if (around.length === 0) query.where(inside, { first, last });
    else query.where(`(${inside} OR e.addressSort IN (:...around))`, { first, last, around });
    return fetchPage(query, page, BY_TIME);
  }

  /** Where it, or what is inside, was banned, by `cap` events, of a network the last by address. @returns whether it has more */
  async places(network: IpNetwork, cap: number): Promise<{ places: BanPlace[]; isCapped: boolean }> {
    const { first, last } = networkRange(network);
    const found = new Map<string, Mutable<BanPlace>>();
    let after: readonly (string | number)[] = [last, Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER];
    let examined = 0;
    while (examined < cap) {
      const size = Math.min(SUMMED, cap - examined);
      const rows = await execute<Record<string, string | number>>(
        this.manager,
        `SELECT id, address_sort, host_id, jail, kind, at_ms FROM ban_event
         WHERE ${first === last ? 'address_sort = ? AND (at_ms, id) < (?, ?)' : '(address_sort, at_ms, id) < (?, ?, ?) AND address_sort >= ?'}
         ORDER BY address_sort DESC, at_ms DESC, id DESC LIMIT ?`,
        [...after, ...(first === last ? [] : [first]), size],
      );
      for (const row of rows) sumUp(found, row);
      examined += rows.length;
      const lowest = rows.at(-1);
      if (lowest === undefined || rows.length < size) break;
      after = [String(lowest['address_sort']), Number(lowest['at_ms']), Number(lowest['id'])];
      await nextTurn();
    }
    return { places: [...found.values()].sort(byLatest), isCapped: examined >= cap };
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

  private async hasMany(first: string, last: string): Promise<boolean> {
    const [row] = await execute<{ events: number }>(
      this.manager,
      `SELECT count(*) AS events FROM (
         SELECT 1 FROM ban_event WHERE address_sort BETWEEN ? AND ? LIMIT ${MAX_SORTED}
       ) AS counted`,
      [first, last],
    );
    return Number(row?.events ?? 0) >= MAX_SORTED;
  }

  /** A page of events by time, looked for in steps along the index of that order. */
  private async walk(
    first: string,
    last: string,
    around: readonly string[],
    { cursor, limit = DEFAULT_PAGE_SIZE, sort = BY_TIME.defaultSort }: PageRequest,
  ): Promise<PageResult<BanEvent>> {
    const isBack = sort.startsWith('-');
    // No column as it stands, so that no index but that of the order is of use.
    const key = `(e.addressSort || '')`;
    const isAround = around.length === 0 ? '' : `OR ${key} IN (:...around)`;
    const found: BanEvent[] = [];
    for (let from = cursor; ;) {
      const end = await this.endOfStep(from, sort, isBack);
      const query = this.manager
        .createQueryBuilder(BanEvent, 'e')
        .where(`(${key} BETWEEN :first AND :last ${isAround})`, { first, last, around });
      if (end !== undefined) query.andWhere(`(e.atMs, e.id) ${isBack ? '>=' : '<='} (:endAt, :endId)`, end);
      const wanted = limit + 1 - found.length;
      found.push(...(await fetchPage(query, { cursor: from, limit: wanted, sort }, BY_TIME)).items);
      if (found.length > limit || end === undefined) break;
      from = encodeCursor({ sort, value: end.endAt, id: end.endId });
      await nextTurn();
    }
    const items = found.slice(0, limit);
    const least = items.at(-1);
    const hasMore = found.length > limit && least !== undefined;
    return { items, nextCursor: hasMore ? encodeCursor({ sort, value: least.atMs, id: least.id }) : null };
  }

  /** The last row of a step through the archive; undefined when less than a step is left. */
  private async endOfStep(
    cursor: string | undefined,
    sort: string,
    isBack: boolean,
  ): Promise<{ endAt: number; endId: number } | undefined> {
    const position = cursor === undefined ? undefined : decodeCursor(cursor, sort, { value: 'number', id: 'number' });
    const direction = isBack ? 'DESC' : 'ASC';
    const [row] = await execute<{ at_ms: number; id: number }>(
      this.manager,
      `SELECT at_ms, id FROM ban_event ${position === undefined ? '' : `WHERE (at_ms, id) ${isBack ? '<' : '>'} (?, ?)`}
       ORDER BY at_ms ${direction}, id ${direction} LIMIT 1 OFFSET ${STEP - 1}`,
      position === undefined ? [] : [position.value, position.id],
    );
    return row === undefined ? undefined : { endAt: Number(row.at_ms), endId: Number(row.id) };
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

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

function isSortedByTime({ sort = BY_TIME.defaultSort }: PageRequest): boolean {
  return sort === 'at' || sort === '-at';
}

function sumUp(places: Map<string, Mutable<BanPlace>>, row: Record<string, string | number>): void {
  const [hostId, jail, atMs] = [String(row['host_id']), String(row['jail']), Number(row['at_ms'])];
  const key = `${hostId}\n${jail}`;
  let place = places.get(key);
  if (place === undefined) {
    place = { hostId, jail, bans: 0, unbans: 0, firstAtMs: atMs, lastAtMs: atMs };
    places.set(key, place);
  }
  if (row['kind'] === 'ban') place.bans += 1;
  else place.unbans += 1;
  place.firstAtMs = Math.min(place.firstAtMs, atMs);
  place.lastAtMs = Math.max(place.lastAtMs, atMs);
}

function byLatest(a: BanPlace, b: BanPlace): number {
  const isFirst = a.hostId < b.hostId || (a.hostId === b.hostId && a.jail < b.jail);
  return b.lastAtMs - a.lastAtMs || (isFirst ? -1 : 1);
}
