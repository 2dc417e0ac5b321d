import { Column, Entity, PrimaryColumn } from 'typeorm';
import { BigintColumn } from '../columns.js';

/** Why events are deleted: their time is over, or somebody asked. */
export type PurgeReason = 'retention' | 'asked';
export type PurgeState = 'running' | 'done' | 'cancelled';

/** The last deletion of events. There is one row: it is also the lock that lets one copy of the gateway delete at a time. */
@Entity('archive_purge')
export class ArchivePurge {
  /** Always `current`. */
  @PrimaryColumn('text') id: string;
  @Column('text') jobId: string;
  @Column('text') reason: PurgeReason;
  @Column('text') state: PurgeState;
  /** Who asked. */
  @Column('text') actor: string;
  /** Events older than that go, milliseconds since the epoch. */
  @BigintColumn() beforeMs: number;
  /** Events there were to delete; null when they were too many to count. */
  @BigintColumn({ nullable: true }) total: number | null;
  @BigintColumn() deleted: number;
  @BigintColumn() startedAtMs: number;
  /** Last sign of the copy that deletes; another takes over when it stays away. */
  @BigintColumn() heartbeatAtMs: number;
  @BigintColumn({ nullable: true }) finishedAtMs: number | null;
}
