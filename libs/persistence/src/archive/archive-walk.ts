import { setImmediate } from 'node:timers/promises';
import type { EntityManager } from 'typeorm';
import { BanEvent } from '../entities/index.js';
import { execute, hydrate, isPostgres, rowParameter, rowSource } from '../sql/dialect.js';
import { all, type BanEventFilter, type Condition, residualOf, searchedText } from './archive-filter.js';
import { ArchiveOrder } from './archive-order.js';

/** Rows the first step of a walk looks at: enough where a filter is common, over at once where it is rare. */
export const FIRST_STEP = 1_000;
/** Rows each later step looks at before others get their turn: some 10 ms of SQLite. */
const STEP = 2_000;

const RANGE = { from_ms: 'bigint', to_ms: 'bigint' } as const;

/** What an index is walked by. */
interface Driver {
  /** SQLite's index; PostgreSQL finds it by itself, as nothing else fits. */
  readonly index: string;
  readonly condition: Condition;
  readonly fields: ReadonlySet<keyof BanEventFilter>;
}

/** Where a walk is and what it found. */
export interface WalkStep {
  readonly events: BanEvent[];
  /** Position the next step goes on from; undefined at the end. */
  readonly position: (string | number)[] | undefined;
}

/** Reads an index in order, a bounded number of rows at a time, and keeps what matches. */
export class ArchiveWalk {
  private readonly isPostgres: boolean;

  constructor(
    private readonly manager: EntityManager,
    private readonly filter: BanEventFilter,
    private readonly order: ArchiveOrder,
  ) {
    this.isPostgres = isPostgres(manager);
  }

  /** The first rows after a position, looking at no more than {@link FIRST_STEP}. */
  first(after: (string | number)[] | undefined, limit: number): Promise<WalkStep> {
    return this.step(after, limit, FIRST_STEP);
  }

  /** Goes on until there are `limit` rows or no more, letting others have their turn between steps. */
  async finish(begun: WalkStep, limit: number): Promise<BanEvent[]> {
    const events = begun.events;
    for (let position = begun.position; position !== undefined && events.length < limit;) {
      await setImmediate();
      const step: WalkStep = await this.step(position, limit - events.length, STEP);
      events.push(...step.events);
      position = step.position;
    }
    return events;
  }

  /** The first rows after a position, by sorting all that the filter's own index gives; for filters with few rows. */
  async sorted(after: (string | number)[] | undefined, limit: number): Promise<BanEvent[]> {
    const driver = this.driver(ArchiveOrder.of('-at'));
    const residual = residualOf(this.filter, driver.fields, this.isPostgres);
    const where = all([driver.condition, residual, ...this.beyond(after)]);
    const rows = await execute<Record<string, unknown>>(
      this.manager,
      `SELECT e.* FROM ban_event e ${this.hint(driver)} WHERE ${where.sql} ORDER BY ${this.order.by('e')} LIMIT ${limit}`,
      where.parameters,
    );
    return this.hydrated(rows);
  }

  /** The filter that says which index is walked, alone. */
  get drivenBy(): BanEventFilter {
    const { fields } = this.driver();
    return Object.fromEntries(
      Object.entries(this.filter).filter(([field]) => fields.has(field as keyof BanEventFilter)),
    );
  }

  /** The first rows after a position that lie in some ranges of time, which are in order and hold few rows of the index. */
  async within(
    ranges: readonly { readonly fromMs: number; readonly toMs: number }[],
    after: (string | number)[] | undefined,
    limit: number,
  ): Promise<BanEvent[]> {
    const driver = this.driver();
    const inRange = { sql: 'e.at_ms >= r.from_ms AND e.at_ms < r.to_ms', parameters: [] };
    const residual = residualOf(this.filter, driver.fields, this.isPostgres);
    const where = all([driver.condition, inRange, residual, ...this.beyond(after)]);
    const ordered = `ORDER BY ${this.order.by('e')} LIMIT ${limit}`;
    const matching = `ban_event e ${this.hint(driver)} WHERE ${where.sql}`;
    // One plan for all ranges, and each by the index: PostgreSQL would need as long to plan a part for each as to read them.
    const joined = this.isPostgres ? `LATERAL (SELECT e.* FROM ${matching} ${ordered}) AS e` : matching;
    const rows = await execute<Record<string, unknown>>(
      this.manager,
      `SELECT e.* FROM ${rowSource(this.manager, 'r', RANGE)} CROSS JOIN ${joined} ${ordered}`,
      [
        rowParameter(
          RANGE,
          ranges.map(({ fromMs, toMs }) => ({ from_ms: fromMs, to_ms: toMs })),
        ),
        ...where.parameters,
      ],
    );
    return this.hydrated(rows);
  }

  /** Rows of some ids that match. */
  async among(ids: readonly number[], after: (string | number)[] | undefined, limit: number): Promise<BanEvent[]> {
    const where = all([...this.times(), residualOf(this.filter, new Set(), this.isPostgres), ...this.beyond(after)]);
    const source = this.isPostgres
      ? 'SELECT CAST(value AS bigint) FROM json_array_elements_text(?::json)'
      : 'SELECT value FROM json_each(?)';
    const rows = await execute<Record<string, unknown>>(
      this.manager,
      `SELECT e.* FROM ban_event e WHERE e.id IN (${source}) AND ${where.sql} ORDER BY ${this.order.by('e')} LIMIT ${limit}`,
      [JSON.stringify(ids), ...where.parameters],
    );
    return this.hydrated(rows);
  }

  private async step(after: (string | number)[] | undefined, limit: number, looked: number): Promise<WalkStep> {
    const driver = this.driver();
    const residual = residualOf(this.filter, driver.fields, this.isPostgres);
    const walked = all([driver.condition, ...this.beyond(after)]);
    const isFiltered = residual.parameters.length > 0;
    const end = isFiltered ? await this.positionAfter(driver, walked, looked) : undefined;
    const where = all([walked, residual, ...(end === undefined ? [] : [this.upTo(end)])]);
    const rows = await execute<Record<string, unknown>>(
      this.manager,
      `SELECT e.* FROM ban_event e ${this.hint(driver)} WHERE ${where.sql} ORDER BY ${this.order.by('e')} LIMIT ${limit}`,
      where.parameters,
    );
    return { events: this.hydrated(rows), position: end };
  }

  /** Position of the last row a step looks at; undefined when fewer are left. Reads the index alone. */
  private async positionAfter(
    driver: Driver,
    walked: Condition,
    looked: number,
  ): Promise<(string | number)[] | undefined> {
    const columns = this.order.columns;
    const [row] = await execute<Record<string, string | number>>(
      this.manager,
      `SELECT ${columns.map((column) => `e.${column}`).join(', ')} FROM ban_event e ${this.hint(driver)}
       WHERE ${walked.sql} ORDER BY ${this.order.by('e')} LIMIT 1 OFFSET ${looked - 1}`,
      walked.parameters,
    );
    return row === undefined ? undefined : columns.map((column) => row[column] ?? 0);
  }

  /** The index that is walked: the one filter by which rows lie in order, likely the rarest; else the order's own. */
  private driver(order = this.order): Driver {
    const times = this.times();
    const { filter } = this;
    const made = (
      index: string,
      field: keyof BanEventFilter,
      sql: string,
      ...parameters: (string | number)[]
    ): Driver => ({
      index,
      condition: all([{ sql, parameters }, ...times]),
      fields: new Set<keyof BanEventFilter>([field]),
    });
    const searched = searchedText(filter);
    if (searched !== undefined && 'first' in searched) {
      if (order.isByTime && searched.first === searched.last)
        return made('IX_ban_event_address_sort', 'q', 'e.address_sort = ?', searched.first);
      if (order.isByAddress)
        return made(order.index, 'q', 'e.address_sort BETWEEN ? AND ?', searched.first, searched.last);
    }
    if (order.isByJail && filter.jail !== undefined) return made(order.index, 'jail', 'e.jail = ?', filter.jail);
    if (order.isByTime) {
      if (filter.asn !== undefined) return made('IX_ban_event_asn', 'asn', 'e.asn = ?', filter.asn);
      if (filter.country !== undefined) return made('IX_ban_event_country', 'country', 'e.country = ?', filter.country);
      if (filter.jail !== undefined) return made('IX_ban_event_jail', 'jail', 'e.jail = ?', filter.jail);
      const [origin, otherOrigin] = filter.origins ?? [];
      if (origin !== undefined && otherOrigin === undefined && origin !== 'selfblock')
        // Said as the index says it, which holds no others.
        return made('IX_ban_event_origin', 'origins', `e.origin = ? AND e.origin <> 'selfblock'`, origin);
      const [host, otherHost] = filter.hostIds ?? [];
      if (host !== undefined && otherHost === undefined)
        return made('UX_ban_event_natural', 'hostIds', 'e.host_id = ?', host);
    }
    return { index: order.index, condition: all(times), fields: new Set() };
  }

  /** Time as bounds of an index, beside whatever drives. */
  private times(): Condition[] {
    const { fromMs, toMs } = this.filter;
    return [
      ...(fromMs === undefined ? [] : [{ sql: 'e.at_ms >= ?', parameters: [fromMs] }]),
      ...(toMs === undefined ? [] : [{ sql: 'e.at_ms < ?', parameters: [toMs] }]),
    ];
  }

  private beyond(position: (string | number)[] | undefined): Condition[] {
    if (position === undefined) return [];
    return [this.bound(this.order.isDescending ? '<' : '>', position)];
  }

  private upTo(position: (string | number)[]): Condition {
    return this.bound(this.order.isDescending ? '>=' : '<=', position);
  }

  private bound(operator: string, parameters: (string | number)[]): Condition {
    const columns = this.order.columns.map((column) => `e.${column}`).join(', ');
    return { sql: `(${columns}) ${operator} (${parameters.map(() => '?').join(', ')})`, parameters };
  }

  private hint({ index }: Driver): string {
    return this.isPostgres ? '' : `INDEXED BY "${index}"`;
  }

  private hydrated(rows: readonly Record<string, unknown>[]): BanEvent[] {
    return rows.map((row) => hydrate(this.manager, BanEvent, row));
  }
}
