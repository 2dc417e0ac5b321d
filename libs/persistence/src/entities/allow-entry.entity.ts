import { Column, Entity, PrimaryColumn } from 'typeorm';
import { BigintColumn, JsonColumn } from '../columns.js';

/** An address or network that is never to be banned, for a time or until it is removed. */
@Entity('allow_entry')
export class AllowEntry {
  /** UUID. */
  @PrimaryColumn('text') id: string;
  /** Canonical address or network. */
  @Column('text') address: string;
  @Column('text', { nullable: true }) comment: string | null;
  /** null: every jail. */
  @JsonColumn({ nullable: true }) jails: string[] | null;
  /** null: every host, or those with the tag. */
  @JsonColumn({ nullable: true }) hostIds: string[] | null;
  @Column('text', { nullable: true }) tag: string | null;
  @Column('text') createdBy: string;
  @BigintColumn() createdAtMs: number;
  /** null: until it is removed. */
  @BigintColumn({ nullable: true }) expiresAtMs: number | null;
  /** Grows with every change: a host's state belongs to one of them. */
  @Column('integer') revision: number;
}
