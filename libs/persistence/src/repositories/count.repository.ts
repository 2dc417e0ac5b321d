import type { EntityManager } from 'typeorm';
import { BanCountHour, BanEvent, FailureCount } from '../entities/index.js';
import { whereHosts } from './ban-event.repository.js';

/** Milliseconds of the hour that counters are kept by. */
export const HOUR_MS = 3_600_000;

/** Start of the hour a time lies in. */
export function hourOf(atMs: number): number {
  return atMs - (atMs % HOUR_MS);
}

/** Time range and hosts of a sum. Both ends are taken to whole hours downwards. */
export interface CountRange {
  readonly hostIds?: readonly string[] | undefined;
  /** Inclusive. */
  readonly fromMs: number;
  /** Exclusive. */
  readonly toMs: number;
}

/** One hour's sum. */
export interface HourCount {
  readonly hourMs: number;
  readonly count: number;
}

/** Newest bans that are looked through for the addresses seen most; keeps the query short on any archive. */
const TOP_ADDRESS_SAMPLE = 20_000;

/** Sums for charts and totals, from hourly counters. */
export class CountRepository {
  constructor(private readonly manager: EntityManager) {}

  /** Bans of each hour that had any, oldest first. */
  bansByHour(range: CountRange): Promise<HourCount[]> {
    return this.byHour(BanCountHour, 'bans', range);
  }

  /** Failures of each hour that had any, oldest first. */
  failuresByHour(range: CountRange): Promise<HourCount[]> {
    return this.byHour(FailureCount, 'failures', range);
  }

  /** Jails with the most bans. */
  topJails(range: CountRange, limit: number): Promise<{ jail: string; bans: number }[]> {
    return this.top<{ jail: string; bans: number }>('jail', range, limit);
  }

  /** Countries with the most bans; unknown ones are left out. */
  topCountries(range: CountRange, limit: number): Promise<{ country: string; bans: number }[]> {
    return this.top<{ country: string; bans: number }>('country', range, limit);
  }

  /** Addresses with the most bans, among the newest {@link TOP_ADDRESS_SAMPLE} bans of the range. */
  async topAddresses(
    { hostIds, fromMs, toMs }: CountRange,
    limit: number,
  ): Promise<{ address: string; country: string | null; bans: number }[]> {
    const sample = this.manager
      .createQueryBuilder(BanEvent, 'e')
      .select('e.address', 'address')
      .addSelect('e.country', 'country')
      .where("e.kind = 'ban' AND e.atMs >= :fromMs AND e.atMs < :toMs", { fromMs, toMs })
      .orderBy('e.atMs', 'DESC')
      .limit(TOP_ADDRESS_SAMPLE);
    whereHosts(sample, hostIds);
    const [sql, parameters] = sample.getQueryAndParameters();
    const rows = await this.manager.query<{ address: string; country: string | null; bans: number }[]>(
      `SELECT address, max(country) AS country, count(*) AS bans FROM (${sql}) AS sample
       GROUP BY address ORDER BY bans DESC, address ASC LIMIT ${Math.trunc(limit)}`,
      parameters,
    );
    return rows.map((row) => ({ ...row, bans: Number(row.bans) }));
  }

  private async byHour<T extends BanCountHour | FailureCount>(
    entity: new () => T,
    column: 'bans' | 'failures',
    { hostIds, fromMs, toMs }: CountRange,
  ): Promise<HourCount[]> {
    const query = this.manager
      .createQueryBuilder<T>(entity, 'c')
      .select('c.hourMs', 'hourMs')
      .addSelect(`sum(c.${column})`, 'count')
      .where('c.hourMs >= :from AND c.hourMs < :toMs', { from: hourOf(fromMs), toMs })
      .groupBy('c.hourMs')
      .orderBy('c.hourMs', 'ASC');
    whereHosts(query, hostIds);
    const rows = await query.getRawMany<{ hourMs: number; count: number }>();
    return rows.map((row) => ({ hourMs: Number(row.hourMs), count: Number(row.count) }));
  }

  private async top<Row extends { bans: number }>(
    column: 'jail' | 'country',
    { hostIds, fromMs, toMs }: CountRange,
    limit: number,
  ): Promise<Row[]> {
    const query = this.manager
      .createQueryBuilder(BanCountHour, 'c')
      .select(`c.${column}`, column)
      .addSelect('sum(c.bans)', 'bans')
      .where(`c.hourMs >= :from AND c.hourMs < :toMs AND c.${column} <> ''`, { from: hourOf(fromMs), toMs })
      .groupBy(`c.${column}`)
      .having('sum(c.bans) > 0')
      .orderBy('sum(c.bans)', 'DESC')
      .addOrderBy(`c.${column}`, 'ASC')
      .limit(limit);
    whereHosts(query, hostIds);
    const rows = await query.getRawMany<Row>();
    return rows.map((row) => ({ ...row, bans: Number(row.bans) }));
  }
}
