import { Column, Entity, PrimaryColumn } from 'typeorm';

/** An act in the audit log whose end is waited for. */
@Entity('audit_pending')
export class AuditPending {
  @PrimaryColumn('bigint', { transformer: { to: (v: unknown) => v, from: Number } }) entryId: number;
  /** The gateway that waits; empty: one of a version that did not say. */
  @Column('text') gatewayId: string;
}
