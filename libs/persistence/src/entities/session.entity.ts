import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { BigintColumn } from '../columns.js';

/** A signed-in browser. The token itself is only in its cookie. */
@Entity('session')
export class Session {
  /** Public id, 16 hexadecimal characters, for the list and for revoking. */
  @PrimaryColumn('text') id: string;
  /** SHA-256 of the cookie's token, hexadecimal. */
  @Index('UX_session_token_hash', { unique: true }) @Column('text') tokenHash: string;
  @BigintColumn() createdAtMs: number;
  @BigintColumn() lastSeenAtMs: number;
  @Index('IX_session_expires_at_ms') @BigintColumn() expiresAtMs: number;
  @Column('text') address: string;
  @Column('text') userAgent: string;
  /** `operator` or `helpdesk`: which password opened it. */
  @Column('text', { default: 'operator' }) role: string;
}
