import { Column, Entity, ForeignKey, Index, PrimaryGeneratedColumn } from 'typeorm';
import { BigintColumn } from '../columns.js';
import { Host } from './host.entity.js';

/** A message of an agent that was refused, or one that is missing. */
@Entity('host_alarm')
@Index('IX_host_alarm_host_id', ['hostId', 'id'])
export class HostAlarm {
  @PrimaryGeneratedColumn() id: number;
  @ForeignKey(() => Host, { name: 'FK_host_alarm_host', onDelete: 'CASCADE' })
  @Column('text')
  hostId: string;
  @BigintColumn() atMs: number;
  @Column('text') code: string;
  @Column('text') detail: string;
}
