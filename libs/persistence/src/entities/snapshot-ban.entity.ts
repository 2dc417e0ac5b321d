import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { BigintColumn, ExpiryColumn } from '../columns.js';
import { Host } from './host.entity.js';

/** A ban of a snapshot whose last chunk has not come yet. */
@Entity('snapshot_ban')
export class SnapshotBan {
  @ForeignKey(() => Host, { name: 'FK_snapshot_ban_host', onDelete: 'CASCADE' })
  @PrimaryColumn('text')
  hostId: string;
  @PrimaryColumn('text', { collation: 'C' }) jail: string;
  @PrimaryColumn('text', { collation: 'C' }) address: string;
  @Column('text') addressSort: string;
  @BigintColumn() bannedAtMs: number;
  @ExpiryColumn() expiresAtMs: number | null;
  @BigintColumn() banCount: number;
  @Column('text', { nullable: true }) origin: string | null;
}
