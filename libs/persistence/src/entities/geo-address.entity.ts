import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { BigintColumn } from '../columns.js';

/** What is known of an address; unresolved ones wait for the worker. */
@Entity('geo_address')
@Index('IX_geo_address_resolved_at_ms', ['resolvedAtMs'])
export class GeoAddress {
  @PrimaryColumn('text', { collation: 'C' }) address: string;
  /** ISO 3166-1 alpha-2; null when the data holds none. */
  @Column('text', { nullable: true }) country: string | null;
  /** Number of the autonomous system; null when the data holds none. */
  @BigintColumn({ nullable: true }) asn: number | null;
  /** Regional registry, by name. */
  @Column('text', { nullable: true }) rir: string | null;
  /** Names the data it was read from. */
  @Column('text', { nullable: true }) dataVersion: string | null;
  /** null: not asked or not answered yet. */
  @BigintColumn({ nullable: true }) resolvedAtMs: number | null;
  @BigintColumn() lastSeenAtMs: number;
}
