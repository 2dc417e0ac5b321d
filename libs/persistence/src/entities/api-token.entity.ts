import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { BigintColumn, JsonColumn } from '../columns.js';

/** A credential for automation; shown once, kept as a hash. */
@Entity('api_token')
export class ApiToken {
  /** 16 hexadecimal characters. */
  @PrimaryColumn('text') id: string;
  @Column('text') name: string;
  /** SHA-256 of the token, hexadecimal. */
  @Index('UX_api_token_token_hash', { unique: true }) @Column('text') tokenHash: string;
  @JsonColumn() scopes: string[];
  @BigintColumn() createdAtMs: number;
  /** null: never. */
  @BigintColumn({ nullable: true }) expiresAtMs: number | null;
  @BigintColumn({ nullable: true }) revokedAtMs: number | null;
  @BigintColumn({ nullable: true }) lastUsedAtMs: number | null;
  @Column('text', { nullable: true }) lastUsedFrom: string | null;
}
