import { type EntityManager, LessThan, type SelectQueryBuilder } from 'typeorm';
import { BanEvent, FailureCount } from '../entities/index.js';
import { DAY_MS, hourOf } from '../rollup/calendar.js';
import { whereHosts } from './ban-event.repository.js';

/** Time range and hosts of a sum. Both ends are taken to whole hours downwards. */
export interface CountRange {
  readonly hostIds?: readonly string[] | undefined;
  /** Inclusive. */
  readonly fromMs: number;
  /** Exclusive. */
  readonly toMs: number;
}

/** Bans that are meant. */
export interface BanSample extends CountRange {
  /** Absent: all origins. */
  readonly origins?: readonly string[] | undefined;
}

/** Newest bans that are looked through for what they have in common; keeps the query short on any archive. */
export const SAMPLE = 2_000;

/** Failures by jail, and what the newest bans have in common. All else is counted by `RollupRepository`. */
export class CountRepository {
  constructor(private readonly manager: EntityManager) {}

  /** Failures of each jail in each hour that had any. */
  async failuresByJail(range: CountRange): Promise<{ hostId: string; jail: string; hourMs: number; count: number }[]> {
    const { hostIds, fromMs, toMs } = range;
    const query = this.manager
      .createQueryBuilder(FailureCount, 'c')
      .select('c.hostId', 'hostId')
      .addSelect('c.jail', 'jail')
      .addSelect('c.hourMs', 'hourMs')
      .addSelect('c.failures', 'count')
      .where('c.hourMs >= :from AND c.hourMs < :toMs', { from: hourOf(fromMs), toMs });
    whereHosts(query, hostIds);
    const rows = await query.getRawMany<{ hostId: string; jail: string; hourMs: number; count: number }>();
    return rows.map((row) => ({ ...row, hourMs: Number(row.hourMs), count: Number(row.count) }));
  }

  /** Forgets failures by jail before a time, at most a day of them at once; their sums stay. @returns how many rows */
  async purgeFailures(beforeMs: number): Promise<number> {
    const oldest = await this.manager.minimum(FailureCount, 'hourMs');
    if (oldest === null) return 0;
    const endMs = Math.min(beforeMs, Number(oldest) + DAY_MS);
    return (await this.manager.delete(FailureCount, { hourMs: LessThan(endMs) })).affected ?? 0;
  }

  /** Addresses with the most bans, among the newest {@link SAMPLE} bans of the range. */
  async topAddresses(
    range: BanSample,
    limit: number,
  ): Promise<{ address: string; country: string | null; bans: number }[]> {
    const sample = this.newest(range).select('e.address', 'address').addSelect('e.country', 'country');
    const [sql, parameters] = sample.getQueryAndParameters();
    const rows = await this.manager.query<{ address: string; country: string | null; bans: number }[]>(
      `SELECT address, max(country) AS country, count(*) AS bans FROM (${sql}) AS sample
       GROUP BY address ORDER BY bans DESC, address ASC LIMIT ${Math.trunc(limit)}`,
      parameters,
    );
    return rows.map((row) => ({ ...row, bans: Number(row.bans) }));
  }

  /**
   * The /24 or /64 with the most bans among the newest {@link SAMPLE} of the range: one of the addresses banned in it, how many
   * bans, and how many were looked at.
   */
  async topSubnet(range: BanSample): Promise<{ address: string; bans: number; looked: number } | undefined> {
    const sample = this.newest(range).select('e.address', 'address').addSelect('e.addressSort', 'address_sort');
    const [sql, parameters] = sample.getQueryAndParameters();
    // A sort key is the family, then the address in hexadecimal: 6 digits are 24 bits, 16 are 64.
    const rows = await this.manager.query<{ address: string; bans: number; looked: number }[]>(
      `SELECT min(address) AS address, count(*) AS bans, sum(count(*)) OVER () AS looked FROM (${sql}) AS sample
       GROUP BY CASE WHEN substr(address_sort, 1, 1) = '4' THEN substr(address_sort, 1, 7) ELSE substr(address_sort, 1, 17) END
       ORDER BY bans DESC, address ASC LIMIT 1`,
      parameters,
    );
    return rows.map(({ address, bans, looked }) => ({ address, bans: Number(bans), looked: Number(looked) }))[0];
  }

  private newest({ hostIds, origins, fromMs, toMs }: BanSample): SelectQueryBuilder<BanEvent> {
    const query = this.manager
      .createQueryBuilder(BanEvent, 'e')
      .where("e.kind = 'ban' AND e.atMs >= :fromMs AND e.atMs < :toMs", { fromMs, toMs })
      .orderBy('e.atMs', 'DESC')
      .limit(SAMPLE);
    whereHosts(query, hostIds);
    if (origins !== undefined) query.andWhere('e.origin IN (:...origins)', { origins });
    return query;
  }
}
