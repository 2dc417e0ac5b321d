import { Entity, PrimaryColumn } from 'typeorm';
import { BigintColumn } from '../columns.js';

/**
 * How many were banned in an hour, as last looked at in it. Who was banned when can't be worked out from the archive: a restart
 * of fail2ban lifts and makes bans again without an event for each.
 */
@Entity('banned_count')
export class BannedCount {
  /** Start of the hour, milliseconds since the epoch. */
  @PrimaryColumn('bigint', { transformer: { to: (v: unknown) => v, from: Number } }) hourMs: number;
  @PrimaryColumn('text') hostId: string;
  /** Empty: of all origins together; that row is there also when nobody was banned. */
  @PrimaryColumn('text') origin: string;
  @BigintColumn() banned: number;
}
