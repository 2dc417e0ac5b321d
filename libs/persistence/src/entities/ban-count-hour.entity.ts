import { Entity, PrimaryColumn } from 'typeorm';
import { BigintColumn } from '../columns.js';

/** Bans an hour, by jail and country: totals and charts read this, never the archive. */
@Entity('ban_count_hour')
export class BanCountHour {
  /** Start of the hour, milliseconds since the epoch. */
  @PrimaryColumn('bigint', { transformer: { to: (v: unknown) => v, from: Number } }) hourMs: number;
  @PrimaryColumn('text') hostId: string;
  @PrimaryColumn('text', { collation: 'C' }) jail: string;
  /** ISO 3166-1 alpha-2; empty while unknown. */
  @PrimaryColumn('text') country: string;
  @BigintColumn() bans: number;
}
