import { Column, Entity, ForeignKey, Index, PrimaryGeneratedColumn } from 'typeorm';
import { BigintColumn, ExpiryColumn, SortedTextColumn } from '../columns.js';
import { Host } from './host.entity.js';

/** What is banned now: kept by events, put right by snapshots. One index for each order it is paged in. */
@Entity('active_ban')
@Index('UX_active_ban_natural', ['hostId', 'jail', 'address'], { unique: true })
@Index('IX_active_ban_banned_at_ms', ['bannedAtMs', 'id'])
@Index('IX_active_ban_expires_at_ms', ['expiresAtMs', 'id'])
@Index('IX_active_ban_address_sort', ['addressSort', 'id'])
@Index('IX_active_ban_jail', ['jail', 'id'])
@Index('IX_active_ban_ban_count', ['banCount', 'id'])
export class ActiveBan {
  @PrimaryGeneratedColumn() id: number;
  @ForeignKey(() => Host, { name: 'FK_active_ban_host', onDelete: 'CASCADE' })
  @Column('text')
  hostId: string;
  @SortedTextColumn() jail: string;
  @SortedTextColumn() address: string;
  @SortedTextColumn() addressSort: string;
  @BigintColumn() bannedAtMs: number;
  /** null: permanent, or not known. */
  @ExpiryColumn() expiresAtMs: number | null;
  @BigintColumn() banCount: number;
  @Column('text') origin: string;
  @Column('text', { nullable: true }) country: string | null;
}
