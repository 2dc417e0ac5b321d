import { setImmediate } from 'node:timers/promises';
import type { EntityManager } from 'typeorm';
import type { BanEvent } from '../entities/index.js';
import { DEFAULT_PAGE_SIZE, type PageRequest, type PageResult } from '../paging/keyset.js';
import { ArchiveCount } from './archive-count.js';
import { type ArchiveDay, ArchiveDays } from './archive-days.js';
import { type BanEventFilter, searchedText } from './archive-filter.js';
import { ArchiveOrder } from './archive-order.js';
import { ArchiveWalk, FIRST_STEP } from './archive-walk.js';
import { TextSearch } from './text-search.js';

/** Rows that are sorted in memory rather than looked for along an index of another order. */
const MAX_SORTED = 2_000;
/** Rows of one index that are sorted by the database for the same reason. */
const MAX_READ = 10_000;
/** Days, and rows of the walked index, that are read in one go before others get their turn. */
const MAX_DAYS = 100;
const ROWS_AT_ONCE = 2_000;

/**
 * Pages of the archive at a cost that does not grow with it. A common filter is met soon on a walk along the index that gives
 * the order. What the first rows of a walk do not hold is rare, and is found through the roll-ups (which days have any) or the
 * index of words. What neither knows is walked for in steps, between which others have their turn.
 */
export class ArchivePages {
  constructor(private readonly manager: EntityManager) {}

  /** Newest first, by default. @throws {InvalidSortError} @throws {InvalidCursorError} */
  async page(
    filter: BanEventFilter,
    { cursor, limit = DEFAULT_PAGE_SIZE, sort }: PageRequest,
  ): Promise<PageResult<BanEvent>> {
    const order = ArchiveOrder.of(sort);
    const after = cursor === undefined ? undefined : order.positionAt(cursor);
    const events = isImpossible(filter) ? [] : await this.rows(filter, order, after, limit + 1);
    const items = events.slice(0, limit);
    const last = items.at(-1);
    return { items, nextCursor: events.length > limit && last !== undefined ? order.cursorAfter(last) : null };
  }

  private async rows(
    filter: BanEventFilter,
    order: ArchiveOrder,
    after: (string | number)[] | undefined,
    limit: number,
  ): Promise<BanEvent[]> {
    const walk = new ArchiveWalk(this.manager, filter, order);
    const searched = searchedText(filter);
    if (searched !== undefined) {
      const ids = await new TextSearch(this.manager).candidates(searched);
      if (ids !== undefined) return walk.among(ids, after, limit);
    }
    if (order.isByTime && isOfSeveral(filter)) {
      const days = this.daysOf(filter, order, after);
      const { rows, walked } = await days.outlook();
      // Met too seldom for the first step of a walk to fill a page.
      if (rows * FIRST_STEP < walked * limit) return this.byDays(days, filter, order, after, [], limit);
    }
    const begun = await walk.first(after, limit);
    if (begun.position === undefined || begun.events.length >= limit) return begun.events;
    if (order.isByTime) {
      const days = this.daysOf(filter, order, begun.position);
      return this.byDays(days, filter, order, begun.position, begun.events, limit);
    }
    const few = await this.gathered(filter, order, after, limit);
    return few ?? walk.finish(begun, limit);
  }

  /** Days beyond a position. */
  private daysOf(filter: BanEventFilter, order: ArchiveOrder, position: (string | number)[] | undefined): ArchiveDays {
    const { drivenBy } = new ArchiveWalk(this.manager, filter, order);
    return new ArchiveDays(this.manager, rest(filter, order, position), drivenBy, order.isDescending);
  }

  /** Goes on from a position through the days that the roll-ups name. */
  private async byDays(
    days: ArchiveDays,
    filter: BanEventFilter,
    order: ArchiveOrder,
    position: (string | number)[] | undefined,
    events: BanEvent[],
    limit: number,
  ): Promise<BanEvent[]> {
    const walk = new ArchiveWalk(this.manager, filter, order);
    const outlook = await days.outlook();
    const daysAtOnce = Math.min(MAX_DAYS, Math.floor((ROWS_AT_ONCE * outlook.days) / Math.max(1, outlook.walked)));
    let waiting: ArchiveDay[] = [];
    const read = async () => {
      if (waiting.length === 0) return;
      await setImmediate();
      events.push(...(await walk.within(waiting, position, limit - events.length)));
      waiting = [];
    };
    for await (const day of days.of()) {
      if (daysAtOnce === 0) {
        await setImmediate();
        const ofDay = new ArchiveWalk(this.manager, { ...filter, fromMs: day.fromMs, toMs: day.toMs }, order);
        const begun = await ofDay.first(position, limit - events.length);
        events.push(...(await ofDay.finish(begun, limit - events.length)));
      } else {
        waiting.push(day);
        // What is counted of the first may lie before the position.
        const expected = waiting.slice(1).reduce((sum, { rows }) => sum + rows, 0);
        if (waiting.length >= daysAtOnce || expected >= limit - events.length) await read();
      }
      if (events.length >= limit) break;
    }
    await read();
    return events;
  }

  /** A page of few rows, sorted in memory; undefined when they are many, or nobody knows. */
  private async gathered(
    filter: BanEventFilter,
    order: ArchiveOrder,
    after: (string | number)[] | undefined,
    limit: number,
  ): Promise<BanEvent[] | undefined> {
    const count = new ArchiveCount(this.manager);
    const { fromMs, toMs, kind: _kind, ...other } = filter;
    const filters = Object.entries(other).filter(([, value]) => value !== undefined);
    const [only] = filters;
    if (filters.length === 1 && only !== undefined && (only[0] === 'country' || only[0] === 'jail')) {
      const read = await count.counted({ [only[0]]: only[1] as string, fromMs, toMs });
      if (read !== undefined && read <= MAX_READ)
        return new ArchiveWalk(this.manager, filter, order).sorted(after, limit);
    }
    const total = await count.counted(filter);
    if (total === undefined || total > MAX_SORTED) return undefined;
    const byTime = ArchiveOrder.of('-at');
    const all = await this.rows(filter, byTime, undefined, MAX_SORTED + 1);
    if (all.length > MAX_SORTED) return undefined;
    const sorted = all.sort((a, b) => order.compare(a, b));
    if (after === undefined) return sorted.slice(0, limit);
    const start = sorted.findIndex((event) => order.isAfter(event, after));
    return start === -1 ? [] : sorted.slice(start, start + limit);
  }
}

/** Whether the roll-ups count what is asked for, and an index alone does not find it. */
function isOfSeveral({ hostIds, jail, country, origins, asn, q }: BanEventFilter): boolean {
  const isCounted = asn === undefined && q === undefined;
  return isCounted && [hostIds, jail, country, origins].filter((one) => one !== undefined).length > 1;
}

/** What of a filter lies beyond a position in the order of time. */
function rest(filter: BanEventFilter, order: ArchiveOrder, position: (string | number)[] | undefined): BanEventFilter {
  if (position === undefined) return filter;
  const atMs = Number(position[0]);
  return order.isDescending
    ? { ...filter, toMs: Math.min(filter.toMs ?? Infinity, atMs + 1) }
    : { ...filter, fromMs: Math.max(filter.fromMs ?? -Infinity, atMs) };
}

function isImpossible({ hostIds, origins }: BanEventFilter): boolean {
  return hostIds?.length === 0 || origins?.length === 0;
}
