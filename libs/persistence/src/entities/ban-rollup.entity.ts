import { Entity, Index, PrimaryColumn } from 'typeorm';
import { BigintColumn } from '../columns.js';

/**
 * What a roll-up row counts bans by; `all` has no key. `unban` counts unbans, by country and jail, `failure` failures. Hours are in
 * `DayHours`, of all bans, jails and failures; by the hour the others would be nearly as many as the archive has rows.
 */
export type StoredRollupDimension = 'all' | 'jail' | 'country' | 'asn' | 'country_jail' | 'unban' | 'failure';

/** Length of time a row covers: a day or a calendar month, both UTC. */
export type RollupLevel = 'day' | 'month';

/**
 * Bans counted beforehand, kept in the transaction that stores or deletes them, so that totals and charts never read the archive.
 * The primary key begins with what totals fix: their rows lie side by side. The days of one key are found by an index of their
 * own. See docs/adr/0008.
 */
@Entity('ban_rollup', { withoutRowid: true })
@Index('IX_ban_rollup_day', ['dimension', 'hostId', 'key', 'startMs'], { where: "level = 'day'" })
export class BanRollup {
  @PrimaryColumn('text') dimension: StoredRollupDimension;
  @PrimaryColumn('text') level: RollupLevel;
  /** Empty: every host together. */
  @PrimaryColumn('text') hostId: string;
  /** Milliseconds since the epoch. */
  @PrimaryColumn('bigint', { transformer: { to: (v: unknown) => v, from: Number } }) startMs: number;
  /** Jail, country, AS number, or country and jail with a space between; empty while unknown. */
  @PrimaryColumn('text', { collation: 'C' }) key: string;
  @PrimaryColumn('text') origin: string;
  @BigintColumn() bans: number;
}
