import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { BigintColumn } from '../columns.js';
import { BulkJob } from './bulk-job.entity.js';

/** `sending`: not accepted by its host yet. `waiting`: accepted, the host can't be heard. */
export type BulkPartState = 'sending' | 'running' | 'waiting' | 'done' | 'failed' | 'cancelled';

/** One jail of one host in a job. */
@Entity('bulk_part')
export class BulkPart {
  @ForeignKey(() => BulkJob, { name: 'FK_bulk_part_bulk_job', onDelete: 'CASCADE' })
  @PrimaryColumn('text')
  jobId: string;
  /** Place among the job's parts. */
  @PrimaryColumn('integer') number: number;
  /** Not a foreign key: what was done stays known when the host is removed. */
  @Column('text') hostId: string;
  @Column('text') hostName: string;
  @Column('text') jail: string;
  @Column('text') state: BulkPartState;
  /** One letter an entry, as far as they are known: d done, u unchanged, f failed, r refused, c cancelled. */
  @Column('text') results: string;
  /** What the entries without a letter are, once it has ended. */
  @Column('text', { nullable: true }) code: string | null;
  @Column('text', { nullable: true }) detail: string | null;
  @BigintColumn({ nullable: true }) heardAtMs: number | null;
}
