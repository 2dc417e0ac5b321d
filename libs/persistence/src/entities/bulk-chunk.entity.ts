import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { BulkJob } from './bulk-job.entity.js';

/** Some entries of a list, or some lines that were left out of it. */
@Entity('bulk_chunk')
export class BulkChunk {
  @ForeignKey(() => BulkJob, { name: 'FK_bulk_chunk_bulk_job', onDelete: 'CASCADE' })
  @PrimaryColumn('text')
  jobId: string;
  @PrimaryColumn('text') kind: 'entries' | 'problems';
  @PrimaryColumn('integer') number: number;
  /** Addresses, one a line; or problems, one JSON a line. */
  @Column('text') body: string;
}
