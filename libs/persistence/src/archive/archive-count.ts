import type { EntityManager } from 'typeorm';
import { piecesOf, withShortEnds } from '../rollup/calendar.js';
import { execute, isPostgres } from '../sql/dialect.js';
import { kindsOf, rollupCondition } from './archive-days.js';
import { all, type BanEventFilter, residualOf, searchedText } from './archive-filter.js';
import { TextSearch } from './text-search.js';

const LOOKED_AT = 10_000;

/** Counts rows without reading them, as far as that can be done. */
export class ArchiveCount {
  /** @param lookedAt rows of the archive itself that are looked at to count; more than that is "more than" */
  constructor(
    private readonly manager: EntityManager,
    private readonly lookedAt = LOOKED_AT,
  ) {}

  /** Number of rows that match; null when only a look at very many of them could tell. */
  async total(filter: BanEventFilter): Promise<number | null> {
    if (filter.hostIds?.length === 0 || filter.origins?.length === 0) return 0;
    const counted = await this.counted(filter);
    if (counted !== undefined) return counted;
    if (filter.q === undefined && filter.asn === undefined) return null;
    const searched = searchedText(filter);
    const ids = searched === undefined ? undefined : await new TextSearch(this.manager).candidates(searched);
    if (ids !== undefined) return this.among(filter, ids);
    return (await this.looked(filter)) ?? (isOneSystem(filter) ? ((await this.summed(filter)) ?? null) : null);
  }

  /** Exact from the roll-ups and the parts of days at the ends of the range; undefined for what they do not know. */
  async counted(filter: BanEventFilter): Promise<number | undefined> {
    return filter.q !== undefined || filter.asn !== undefined ? undefined : this.summed(filter);
  }

  private async summed(filter: BanEventFilter): Promise<number | undefined> {
    const pieces = piecesOf(filter.fromMs ?? Date.UTC(1970), filter.toMs ?? Date.UTC(3000), 'month', false);
    let total = 0;
    for (const { from, fromMs, toMs, sign } of withShortEnds(pieces, 'month', Date.now())) {
      if (from === 'event') {
        const part = await this.looked({ ...filter, fromMs, toMs });
        if (part === null) return undefined;
        total += sign * part;
      } else if (from !== 'hour') {
        const conditions = kindsOf(filter).map((kind) => rollupCondition(filter, kind, from, fromMs, toMs));
        const [row] = await execute<{ bans: number | null }>(
          this.manager,
          `SELECT sum(u.bans) AS bans FROM (${conditions.map(({ sql }) => `SELECT bans FROM ban_rollup WHERE ${sql}`).join(' UNION ALL ')}) AS u`,
          conditions.flatMap(({ parameters }) => parameters),
        );
        total += sign * Number(row?.bans ?? 0);
      }
    }
    return total;
  }

  /** By looking at rows, the newest first; null when there are too many. */
  private async looked(filter: BanEventFilter): Promise<number | null> {
    const { fromMs, toMs, asn } = filter;
    const bounds = all([
      ...(fromMs === undefined ? [] : [{ sql: 'e.at_ms >= ?', parameters: [fromMs] }]),
      ...(toMs === undefined ? [] : [{ sql: 'e.at_ms < ?', parameters: [toMs] }]),
      ...(asn === undefined ? [] : [{ sql: 'e.asn = ?', parameters: [asn] }]),
    ]);
    const residual = residualOf(filter, new Set(asn === undefined ? [] : ['asn']), isPostgres(this.manager));
    const [row] = await execute<{ looked: number; matched: number | null }>(
      this.manager,
      `SELECT count(*) AS looked, sum(CASE WHEN ${residual.sql} THEN 1 ELSE 0 END) AS matched
       FROM (SELECT e.* FROM ban_event e WHERE ${bounds.sql} LIMIT ${this.lookedAt}) AS e`,
      [...residual.parameters, ...bounds.parameters],
    );
    return Number(row?.looked ?? 0) < this.lookedAt ? Number(row?.matched ?? 0) : null;
  }

  private async among(filter: BanEventFilter, ids: readonly number[]): Promise<number> {
    const { fromMs, toMs } = filter;
    const where = all([
      ...(fromMs === undefined ? [] : [{ sql: 'e.at_ms >= ?', parameters: [fromMs] }]),
      ...(toMs === undefined ? [] : [{ sql: 'e.at_ms < ?', parameters: [toMs] }]),
      residualOf(filter, new Set(), isPostgres(this.manager)),
    ]);
    const source = isPostgres(this.manager)
      ? 'SELECT CAST(value AS bigint) FROM json_array_elements_text(?::json)'
      : 'SELECT value FROM json_each(?)';
    const [row] = await execute<{ total: number }>(
      this.manager,
      `SELECT count(*) AS total FROM ban_event e WHERE e.id IN (${source}) AND ${where.sql}`,
      [JSON.stringify(ids), ...where.parameters],
    );
    return Number(row?.total ?? 0);
  }
}

/** Whether the roll-ups count what is asked for: bans of one autonomous system, in whatever jail and country. */
function isOneSystem({ q, asn, kind, jail, country }: BanEventFilter): boolean {
  return q === undefined && asn !== undefined && kind === 'ban' && jail === undefined && country === undefined;
}
