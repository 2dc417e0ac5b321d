import { type EntityManager, LessThan } from 'typeorm';
import { BannedCount } from '../entities/index.js';
import { hourOf } from '../rollup/calendar.js';
import type { RollupFilter } from '../rollup/rollup-unions.js';
import { execute, rowParameter, rowSource } from '../sql/dialect.js';

const SPAN = { from_ms: 'bigint', to_ms: 'bigint' } as const;

/** How many in one hour. */
export interface HourCount {
  readonly hourMs: number;
  readonly count: number;
}

/** How many were banned, by the hour. */
export class BannedCountRepository {
  constructor(private readonly manager: EntityManager) {}

  /** Notes how many are banned now on each host; what was noted in the same hour before is replaced. */
  async note(nowMs: number): Promise<void> {
    const hourMs = hourOf(nowMs);
    await this.manager.delete(BannedCount, { hourMs });
    const into = `INSERT INTO banned_count (hour_ms, host_id, origin, banned)`;
    // Two gateways may do this at once.
    const orReplace = `ON CONFLICT (hour_ms, host_id, origin) DO UPDATE SET banned = excluded.banned`;
    await execute(
      this.manager,
      `${into} SELECT CAST(? AS bigint), b.host_id, b.origin, count(*) FROM active_ban b WHERE 1 = 1
       GROUP BY b.host_id, b.origin ${orReplace}`,
      [hourMs],
    );
    await execute(
      this.manager,
      `${into} SELECT CAST(? AS bigint), h.id, '', (SELECT count(*) FROM active_ban b WHERE b.host_id = h.id)
       FROM host h WHERE 1 = 1 ${orReplace}`,
      [hourMs],
    );
  }

  /**
   * How many were banned in each hour that was noted, oldest first.
   * @param spans when given, only the last noted hour of each is read
   */
  async course(
    { fromMs, toMs, hostIds, origins }: RollupFilter,
    spans?: readonly { readonly fromMs: number; readonly toMs: number }[],
  ): Promise<HourCount[]> {
    if (hostIds?.length === 0) return [];
    const marks = (values: readonly string[]) => values.map(() => '?').join(', ');
    const wanted = origins ?? [''];
    const byHost = hostIds === undefined ? '' : ` AND host_id IN (${marks(hostIds)})`;
    const lastHours = `hour_ms IN (SELECT (SELECT max(n.hour_ms) FROM banned_count n WHERE n.hour_ms >= s.from_ms AND n.hour_ms < s.to_ms)
        FROM ${rowSource(this.manager, 's', SPAN)})`;
    const asked = spans?.map((span) => ({ from_ms: hourOf(span.fromMs), to_ms: Math.ceil(span.toMs) }));
    const rows = await execute<{ hour_ms: number; banned: number }>(
      this.manager,
      `SELECT hour_ms, sum(CASE WHEN origin IN (${marks(wanted)}) THEN banned ELSE 0 END) AS banned FROM banned_count
       WHERE hour_ms >= ? AND hour_ms < ?${asked === undefined ? '' : ` AND ${lastHours}`}${byHost}
       GROUP BY hour_ms ORDER BY hour_ms`,
      [
        ...wanted,
        hourOf(fromMs),
        Math.ceil(toMs),
        ...(asked === undefined ? [] : [rowParameter(SPAN, asked)]),
        ...(hostIds ?? []),
      ],
    );
    return rows.map(({ hour_ms, banned }) => ({ hourMs: Number(hour_ms), count: Number(banned) }));
  }

  /** Forgets hours before a time; how many rows. */
  async purge(beforeMs: number): Promise<number> {
    return (await this.manager.delete(BannedCount, { hourMs: LessThan(beforeMs) })).affected ?? 0;
  }
}
