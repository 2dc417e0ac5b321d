import { networkRange, tryParseNetwork } from '@bailiff/ip';
import { setImmediate } from 'node:timers/promises';
import type { EntityManager } from 'typeorm';
import { all, type Condition, oneOf } from '../archive/archive-filter.js';
import { ArchiveCount } from '../archive/archive-count.js';
import { Offender } from '../entities/index.js';
import { InvalidSortError } from '../errors/invalid-sort.error.js';
import { decodeCursor, encodeCursor } from '../paging/cursor.js';
import { DEFAULT_PAGE_SIZE, type PageRequest, type PageResult } from '../paging/keyset.js';
import { containsPattern, execute, hydrate, isPostgres, rowParameter, rowSource } from '../sql/dialect.js';

/** Offenders that are meant: those with at least one ban of that kind. Their counts are always of all their bans. */
export interface OffenderFilter {
  readonly hostIds?: readonly string[] | undefined;
  readonly jail?: string | undefined;
  readonly country?: string | undefined;
  readonly asn?: number | undefined;
  /** Part of an address, or a network whose members are meant. */
  readonly q?: string | undefined;
  /** Banned at or after; the last ban counts. */
  readonly sinceMs?: number | undefined;
}

/** An address with where it was banned. */
export interface OffenderReport {
  readonly offender: Offender;
  /** Most bans first, at most {@link MAX_PLACES}. */
  readonly places: readonly { readonly hostId: string; readonly jail: string; readonly bans: number }[];
}

/** Jails of hosts that one address is listed with. */
const MAX_PLACES = 20;
/** Rows a step looks at before others get their turn. */
const STEP = 5_000;
/** Bans that are read one by one to find the few offenders of a rare jail, host or country. */
const FEW = 5_000;

/** Addresses that were banned more than once. */
export class OffenderRepository {
  constructor(private readonly manager: EntityManager) {}

  /**
   * Most bans first (`-bans`, the only order).
   * @throws {InvalidSortError} @throws {InvalidCursorError}
   */
  async page(
    filter: OffenderFilter,
    { cursor, limit = DEFAULT_PAGE_SIZE, sort = '-bans' }: PageRequest,
  ): Promise<PageResult<OffenderReport>> {
    if (sort !== '-bans') throw new InvalidSortError(sort, ['-bans']);
    let after = cursor === undefined ? undefined : decodeCursor(cursor, sort, { value: 'number', id: 'string' });
    const few = await this.few(filter);
    const found: Offender[] = [];
    for (;;) {
      const step: Offender[] = await this.step(filter, few, after, STEP, limit + 1 - found.length);
      found.push(...step);
      if (few !== undefined || found.length > limit) break;
      const next = await this.positionAfter(after, STEP);
      if (next === undefined) break;
      after = { sort, ...next };
      await setImmediate();
    }
    const items = found.slice(0, limit);
    const last = items.at(-1);
    const isMore = found.length > limit && last !== undefined;
    return {
      items: await this.withPlaces(items),
      nextCursor: isMore ? encodeCursor({ sort, value: last.bans, id: last.addressSort }) : null,
    };
  }

  /** Addresses with the most bans of all, ties by address. */
  async top(limit: number): Promise<Offender[]> {
    return this.step({}, undefined, undefined, limit, limit);
  }

  /** Offenders of one walk along the order, at most `looked` rows of it, or of the few addresses given. */
  private async step(
    filter: OffenderFilter,
    few: readonly string[] | undefined,
    after: { readonly value: string | number; readonly id: string | number } | undefined,
    looked: number,
    limit: number,
  ): Promise<Offender[]> {
    const { manager } = this;
    const beyond: Condition[] =
      after === undefined ? [] : [{ sql: '(o.bans, o.address_sort) < (?, ?)', parameters: [after.value, after.id] }];
    const walked = all([{ sql: 'o.bans > 1', parameters: [] }, ...beyond]);
    const wanted = conditionsOf(filter, isPostgres(manager));
    const source =
      few === undefined
        ? {
            sql: `(SELECT o.* FROM offender o WHERE ${walked.sql} ORDER BY o.bans DESC, o.address_sort DESC LIMIT ${looked}) AS o WHERE ${wanted.sql}`,
            parameters: [...walked.parameters, ...wanted.parameters],
          }
        : {
            sql: `${rowSource(manager, 'f', { address_sort: 'text' })} CROSS JOIN offender o
                  WHERE o.address_sort = f.address_sort AND ${walked.sql} AND ${wanted.sql}`,
            parameters: [
              rowParameter(
                { address_sort: 'text' },
                few.map((address_sort) => ({ address_sort })),
              ),
              ...walked.parameters,
              ...wanted.parameters,
            ],
          };
    const rows = await execute<Record<string, unknown>>(
      manager,
      `SELECT o.* FROM ${source.sql} ORDER BY o.bans DESC, o.address_sort DESC LIMIT ${limit}`,
      source.parameters,
    );
    return rows.map((row) => hydrate(manager, Offender, row));
  }

  private async positionAfter(
    after: { readonly value: string | number; readonly id: string | number } | undefined,
    looked: number,
  ): Promise<{ value: number; id: string } | undefined> {
    const beyond = after === undefined ? '' : ' AND (bans, address_sort) < (?, ?)';
    const [row] = await execute<{ bans: number; address_sort: string }>(
      this.manager,
      `SELECT bans, address_sort FROM offender WHERE bans > 1${beyond}
       ORDER BY bans DESC, address_sort DESC LIMIT 1 OFFSET ${looked - 1}`,
      after === undefined ? [] : [after.value, after.id],
    );
    return row === undefined ? undefined : { value: Number(row.bans), id: row.address_sort };
  }

  /** Keys of all addresses that can match, when a jail, host, country or network has few bans; undefined when it has many. */
  private async few({ hostIds, jail, country, asn, q }: OffenderFilter): Promise<string[] | undefined> {
    const network = q === undefined ? undefined : tryParseNetwork(q);
    if (network !== undefined) {
      const { first, last } = networkRange(network);
      return this.keys(
        `SELECT address_sort FROM offender WHERE address_sort BETWEEN ? AND ? AND bans + 0 > 1 LIMIT ${FEW + 1}`,
        [first, last],
      );
    }
    if (asn !== undefined)
      return this.keys(
        `SELECT DISTINCT address_sort FROM (SELECT address_sort FROM ban_event WHERE asn = ? LIMIT ${FEW + 1}) AS e`,
        [asn],
        FEW,
      );
    const counted = await new ArchiveCount(this.manager).counted({ hostIds, jail, country, kind: 'ban' });
    if (counted === undefined || counted > FEW) return undefined;
    const where = all([
      { sql: `e.kind = 'ban'`, parameters: [] },
      ...(hostIds === undefined ? [] : [oneOf('e.host_id', hostIds)]),
      ...(jail === undefined ? [] : [{ sql: 'e.jail = ?', parameters: [jail] }]),
      ...(country === undefined ? [] : [{ sql: 'e.country = ?', parameters: [country] }]),
    ]);
    if (where.parameters.length !== 1) return undefined; // no index gives the rows of two filters
    return this.keys(`SELECT DISTINCT e.address_sort FROM ban_event e WHERE ${where.sql}`, where.parameters);
  }

  private async keys(sql: string, parameters: readonly (string | number)[], most = FEW): Promise<string[] | undefined> {
    const rows = await execute<{ address_sort: string }>(this.manager, sql, parameters);
    return rows.length > most ? undefined : rows.map(({ address_sort }) => address_sort);
  }

  private async withPlaces(offenders: readonly Offender[]): Promise<OffenderReport[]> {
    if (offenders.length === 0) return [];
    const key = { address_sort: 'text' } as const;
    const rows = await execute<{ address_sort: string; host_id: string; jail: string; bans: number }>(
      this.manager,
      `SELECT j.address_sort, j.host_id, j.jail, j.bans FROM ${rowSource(this.manager, 'k', key)}
       CROSS JOIN offender_jail j WHERE j.address_sort = k.address_sort ORDER BY j.bans DESC, j.host_id, j.jail`,
      [
        rowParameter(
          key,
          offenders.map(({ addressSort }) => ({ address_sort: addressSort })),
        ),
      ],
    );
    const places = Map.groupBy(rows, ({ address_sort }) => address_sort);
    return offenders.map((offender) => ({
      offender,
      places: (places.get(offender.addressSort) ?? [])
        .slice(0, MAX_PLACES)
        .map(({ host_id: hostId, jail, bans }) => ({ hostId, jail, bans: Number(bans) })),
    }));
  }
}

function conditionsOf({ hostIds, jail, country, asn, q, sinceMs }: OffenderFilter, isPg: boolean): Condition {
  const parts: Condition[] = [];
  if (country !== undefined) parts.push({ sql: 'o.country = ?', parameters: [country] });
  if (asn !== undefined) parts.push({ sql: 'o.asn = ?', parameters: [asn] });
  if (sinceMs !== undefined) parts.push({ sql: 'o.last_at_ms >= ?', parameters: [sinceMs] });
  if (q !== undefined) {
    const network = tryParseNetwork(q);
    if (network === undefined)
      parts.push({ sql: `o.address ${isPg ? 'ILIKE' : 'LIKE'} ? ESCAPE '\\'`, parameters: [containsPattern(q)] });
    else {
      const { first, last } = networkRange(network);
      parts.push({ sql: 'o.address_sort BETWEEN ? AND ?', parameters: [first, last] });
    }
  }
  if (hostIds !== undefined || jail !== undefined) {
    const inside = all([
      ...(hostIds === undefined ? [] : [oneOf('j.host_id', hostIds)]),
      ...(jail === undefined ? [] : [{ sql: 'j.jail = ?', parameters: [jail] }]),
    ]);
    parts.push({
      sql: `EXISTS (SELECT 1 FROM offender_jail j WHERE j.address_sort = o.address_sort AND ${inside.sql})`,
      parameters: inside.parameters,
    });
  }
  return all(parts);
}
