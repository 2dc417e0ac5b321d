import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { BigintColumn, SortedTextColumn } from '../columns.js';

/** An address that was banned, with all its bans counted; kept in the transaction that stores or deletes them. */
@Entity('offender', { withoutRowid: true })
@Index('IX_offender_bans', ['bans', 'addressSort'], { where: 'bans > 1' })
export class Offender {
  @PrimaryColumn('text', { collation: 'C' }) addressSort: string;
  @SortedTextColumn() address: string;
  @BigintColumn() bans: number;
  @BigintColumn() firstAtMs: number;
  @BigintColumn() lastAtMs: number;
  /** ISO 3166-1 alpha-2. */
  @Column('text', { nullable: true }) country: string | null;
  /** Number of the autonomous system. */
  @BigintColumn({ nullable: true }) asn: number | null;
}
