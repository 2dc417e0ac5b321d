import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { BigintColumn } from '../columns.js';
import { Host } from './host.entity.js';

/** A jail of a host as its agent last reported it. */
@Entity('host_jail')
export class HostJail {
  @ForeignKey(() => Host, { name: 'FK_host_jail_host', onDelete: 'CASCADE' })
  @PrimaryColumn('text')
  hostId: string;
  @PrimaryColumn('text', { collation: 'C' }) name: string;
  /** `running`, `idle`, `stopped` or `inactive`. */
  @Column('text') status: string;
  @Column('text', { nullable: true }) backend: string | null;
  @BigintColumn({ nullable: true }) currentlyBanned: number | null;
  @BigintColumn({ nullable: true }) totalBanned: number | null;
  @BigintColumn({ nullable: true }) currentlyFailed: number | null;
  @BigintColumn({ nullable: true }) totalFailed: number | null;
  @Column('double precision', { nullable: true }) findtimeSeconds: number | null;
  /** −1 is permanent. */
  @Column('double precision', { nullable: true }) bantimeSeconds: number | null;
  @BigintColumn({ nullable: true }) maxretry: number | null;
  @BigintColumn() reportedAtMs: number;
}
