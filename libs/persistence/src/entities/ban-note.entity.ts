import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { BigintColumn } from '../columns.js';
import { Host } from './host.entity.js';

/** What was said about a ban by hand: why, by whom, until when. */
@Entity('ban_note')
export class BanNote {
  @ForeignKey(() => Host, { name: 'FK_ban_note_host', onDelete: 'CASCADE' })
  @PrimaryColumn('text')
  hostId: string;
  @PrimaryColumn('text', { collation: 'C' }) jail: string;
  @PrimaryColumn('text', { collation: 'C' }) address: string;
  @Column('text', { nullable: true }) reason: string | null;
  @Column('text') actor: string;
  @BigintColumn() atMs: number;
  /** Seconds asked for, −1 permanent; null: as long as the jail says. */
  @BigintColumn({ nullable: true }) durationSeconds: number | null;
}
