import { Column, Entity, PrimaryColumn } from 'typeorm';
import { BigintColumn } from '../columns.js';

/** A one-time permission to enrol one host. */
@Entity('enrolment_token')
export class EnrolmentToken {
  @PrimaryColumn('text') id: string;
  /** Key that checks a request made with the secret; the secret itself is not kept. Base64. */
  @Column('text') verifierKey: string;
  @BigintColumn() createdAtMs: number;
  @BigintColumn() expiresAtMs: number;
  @BigintColumn({ nullable: true }) usedAtMs: number | null;
  @Column('integer') wrongTries: number;
  /** The host it enrolled. */
  @Column('text', { nullable: true }) hostId: string | null;
  /** Whether it was made for the agent on the gateway's own machine. */
  @Column('boolean') isLocal: boolean;
}
