import { Entity, PrimaryColumn } from 'typeorm';
import { BigintColumn } from '../columns.js';

/** How often an address was banned in one jail of one host. */
@Entity('offender_jail', { withoutRowid: true })
export class OffenderJail {
  @PrimaryColumn('text', { collation: 'C' }) addressSort: string;
  @PrimaryColumn('text') hostId: string;
  @PrimaryColumn('text', { collation: 'C' }) jail: string;
  @BigintColumn() bans: number;
}
