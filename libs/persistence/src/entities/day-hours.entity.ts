import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { StoredRollupDimension } from './ban-rollup.entity.js';

/** What is counted by the hour. */
export type HourlyDimension = Extract<StoredRollupDimension, 'all' | 'jail' | 'failure'>;

/**
 * Counts of the 24 hours of a UTC day, in one row: a year of them is read in milliseconds, cut into days at whatever hour a zone
 * begins its own, where a row for each hour would be the better part of a hundred thousand. See docs/adr/0015.
 */
@Entity('day_hours', { withoutRowid: true })
export class DayHours {
  @PrimaryColumn('text') dimension: HourlyDimension;
  /** Empty: every host together. */
  @PrimaryColumn('text') hostId: string;
  /** Start of the day, milliseconds since the epoch. */
  @PrimaryColumn('bigint', { transformer: { to: (v: unknown) => v, from: Number } }) dayMs: number;
  /** As in `BanRollup`. */
  @PrimaryColumn('text', { collation: 'C' }) key: string;
  @PrimaryColumn('text') origin: string;
  @Column('integer') h0: number;
  @Column('integer') h1: number;
  @Column('integer') h2: number;
  @Column('integer') h3: number;
  @Column('integer') h4: number;
  @Column('integer') h5: number;
  @Column('integer') h6: number;
  @Column('integer') h7: number;
  @Column('integer') h8: number;
  @Column('integer') h9: number;
  @Column('integer') h10: number;
  @Column('integer') h11: number;
  @Column('integer') h12: number;
  @Column('integer') h13: number;
  @Column('integer') h14: number;
  @Column('integer') h15: number;
  @Column('integer') h16: number;
  @Column('integer') h17: number;
  @Column('integer') h18: number;
  @Column('integer') h19: number;
  @Column('integer') h20: number;
  @Column('integer') h21: number;
  @Column('integer') h22: number;
  @Column('integer') h23: number;
}
