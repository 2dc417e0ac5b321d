import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Who runs an autonomous system, as far as some address of it was ever looked up. */
@Entity('as_name')
export class AsName {
  @PrimaryColumn('bigint', { transformer: { to: (value: unknown) => value, from: Number } }) asn: number;
  /** Chosen by whoever registered it: untrusted text. */
  @Column('text') name: string;
}
