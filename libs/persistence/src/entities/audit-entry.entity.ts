import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';
import { BigintColumn, JsonColumn } from '../columns.js';

export type AuditEntryResult = 'pending' | 'ok' | 'failed' | 'unknown';

/**
 * One state-changing act: written as `pending` before it is tried, completed once afterwards. Triggers in both databases
 * refuse every other change and every deletion.
 */
@Entity('audit_entry')
@Index('IX_audit_entry_at_ms', ['atMs', 'id'])
@Index('IX_audit_entry_action', ['action', 'id'])
@Index('IX_audit_entry_host_id', ['hostId', 'id'])
export class AuditEntry {
  @PrimaryGeneratedColumn() id: number;
  @BigintColumn() atMs: number;
  @BigintColumn({ nullable: true }) completedAtMs: number | null;
  /** `operator`, an API token's name, `setup` or `system`. */
  @Column('text') actor: string;
  @Column('text', { nullable: true }) address: string | null;
  @Column('text') action: string;
  @Column('text', { nullable: true }) hostId: string | null;
  @Column('text', { nullable: true }) hostName: string | null;
  @Column('text', { nullable: true }) target: string | null;
  @JsonColumn({ nullable: true }) before: object | null;
  @JsonColumn({ nullable: true }) after: object | null;
  @Column('text') result: AuditEntryResult;
  @Column('text', { nullable: true }) code: string | null;
  @Column('text') correlationId: string;
}
