import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { BigintColumn, JsonColumn } from '../columns.js';

/** `draft`: uploaded, nothing done. */
export type BulkJobState = 'draft' | 'running' | 'cancelling' | 'done' | 'cancelled';

/** A list of addresses to ban or unban, and what it is to be done to. */
@Entity('bulk_job')
@Index('IX_bulk_job_created_at_ms', ['createdAtMs'])
export class BulkJob {
  @PrimaryColumn('text') id: string;
  @Column('text') direction: 'ban' | 'unban';
  @Column('text') state: BulkJobState;
  @Column('text', { nullable: true }) name: string | null;
  @Column('text', { nullable: true }) reason: string | null;
  /** −1: for ever; null: the jail decides. */
  @Column('integer', { nullable: true }) durationSeconds: number | null;
  /** Who uploaded it: kind of credential and name. */
  @Column('text') ownerKind: string;
  @Column('text') owner: string;
  @BigintColumn() createdAtMs: number;
  @BigintColumn({ nullable: true }) startedAtMs: number | null;
  @BigintColumn({ nullable: true }) endedAtMs: number | null;
  /** When something was last written about it: what nobody drives any more is taken over. */
  @BigintColumn() touchedAtMs: number;
  @Column('integer') entries: number;
  @JsonColumn() jails: readonly string[];
  /** What the upload showed. */
  @JsonColumn() preview: object;
}
