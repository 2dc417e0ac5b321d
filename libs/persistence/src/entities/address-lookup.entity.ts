import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { BigintColumn, JsonColumn } from '../columns.js';

export type LookupOutcome = 'found' | 'nothing' | 'failed';

/** What a look-up of one kind said about an address or network last, and whether another answer is awaited. */
@Entity('address_lookup')
@Index('IX_address_lookup_asked_at_ms', ['askedAtMs'])
export class AddressLookup {
  /** Canonical. */
  @PrimaryColumn('text', { collation: 'C' }) address: string;
  /** `rdap`, `reverse-dns`, `abuseipdb` or `otx`. */
  @PrimaryColumn('text') kind: string;
  /** The question an answer is awaited to; null: none. */
  @Column('text', { nullable: true }) askId: string | null;
  @BigintColumn() askedAtMs: number;
  /** null: never answered. */
  @BigintColumn({ nullable: true }) answeredAtMs: number | null;
  @Column('text', { nullable: true }) outcome: LookupOutcome | null;
  /** Why it failed. */
  @Column('text', { nullable: true }) code: string | null;
  @Column('text', { nullable: true }) detail: string | null;
  /** What was found; untrusted text in it. */
  @JsonColumn({ nullable: true }) facts: object | null;
}
