import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { BigintColumn } from '../columns.js';
import { AllowEntry } from './allow-entry.entity.js';
import { Host } from './host.entity.js';

/** What a host last answered about an allow entry. */
@Entity('allow_host')
export class AllowHost {
  @ForeignKey(() => AllowEntry, { name: 'FK_allow_host_entry', onDelete: 'CASCADE' })
  @PrimaryColumn('text')
  entryId: string;
  @ForeignKey(() => Host, { name: 'FK_allow_host_host', onDelete: 'CASCADE' })
  @PrimaryColumn('text')
  hostId: string;
  /** Revision of the entry that was answered about. */
  @Column('integer') revision: number;
  /** `applied` or `failed`. */
  @Column('text') state: string;
  @Column('text', { nullable: true }) detail: string | null;
  @BigintColumn() atMs: number;
}
