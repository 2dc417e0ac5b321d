import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { BulkJob } from './bulk-job.entity.js';

/** Why some neighbouring entries of a part were not done. */
@Entity('bulk_failure')
export class BulkFailure {
  @ForeignKey(() => BulkJob, { name: 'FK_bulk_failure_bulk_job', onDelete: 'CASCADE' })
  @PrimaryColumn('text')
  jobId: string;
  @PrimaryColumn('integer') part: number;
  /** Inclusive. */
  @PrimaryColumn('integer') fromPosition: number;
  /** Exclusive. */
  @Column('integer') toPosition: number;
  @Column('text') code: string;
  @Column('text') detail: string;
}
