import { Entity, Index, PrimaryColumn } from 'typeorm';
import { BigintColumn } from '../columns.js';

/**
 * What a roll-up row counts bans by; `all` has no key. `unban` counts unbans, by country and jail. `asn`, `country_jail` and `unban`
 * are kept by day and month only: by the hour they would have nearly as many rows as the archive.
 */
export type StoredRollupDimension = 'all' | 'jail' | 'country' | 'asn' | 'country_jail' | 'unban';

/** Length of time a row covers: an hour, a day or a calendar month, all UTC. */
export type RollupLevel = 'hour' | 'day' | 'month';

/**
 * Bans counted beforehand, kept in the transaction that stores or deletes them, so that totals and charts never read the archive.
 * The key begins with what a question fixes: its rows lie side by side. One country in one jail is found by an index of its own:
 * those are the many rows. See docs/adr/0008.
 */
@Entity('ban_rollup', { withoutRowid: true })
@Index('IX_ban_rollup_pair', ['hostId', 'key', 'startMs'], {
  where: "dimension = 'country_jail' AND level = 'day'",
})
export class BanRollup {
  @PrimaryColumn('text') dimension: StoredRollupDimension;
  @PrimaryColumn('text') level: RollupLevel;
  /** Empty: every host together; kept for days and months only. */
  @PrimaryColumn('text') hostId: string;
  /** Milliseconds since the epoch. */
  @PrimaryColumn('bigint', { transformer: { to: (v: unknown) => v, from: Number } }) startMs: number;
  /** Jail, country, AS number, or country and jail with a space between; empty while unknown. */
  @PrimaryColumn('text', { collation: 'C' }) key: string;
  @PrimaryColumn('text') origin: string;
  @BigintColumn() bans: number;
}
