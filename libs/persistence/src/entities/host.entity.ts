import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { BigintColumn, JsonColumn } from '../columns.js';

/** `pending`: enrolled, no signed hello yet. `revoked`: its messages are ignored for ever. */
export type StoredHostState = 'pending' | 'active' | 'revoked';

/** A host that runs fail2ban, and the agent that speaks for it. */
@Entity('host')
export class Host {
  /** 16 lower-case hexadecimal characters; equals {@link agentId} for a host with an agent of its own. */
  @PrimaryColumn('text') id: string;
  @Index('IX_host_agent_id') @Column('text') agentId: string;
  /** What operators call it. */
  @Column('text') name: string;
  /** What it calls itself. */
  @Column('text') hostname: string;
  @JsonColumn() tags: string[];
  @Column('text') state: StoredHostState;
  /** Whether it is the machine the gateway runs on. */
  @Column('boolean') isLocal: boolean;

  /** Ed25519 public key of the agent, base64url. */
  @Column('text') signPublicKey: string;
  /** X25519 public key of the agent, base64url. */
  @Column('text') sealPublicKey: string;
  /** Generation of the two keys. */
  @Column('integer') keyId: number;
  @Column('text') fingerprint: string;
  /** SHA-256 of the agent's Redis password, hexadecimal: the access rule can be made again after Redis lost it. */
  @Column('text') redisPasswordSha256: string;

  @BigintColumn() enrolledAtMs: number;
  /** Last signed message. */
  @BigintColumn({ nullable: true }) lastSeenAtMs: number | null;
  @Column('text', { nullable: true }) agentVersion: string | null;
  @Column('text', { nullable: true }) fail2banVersion: string | null;
  @Column('text', { nullable: true }) socketPath: string | null;
  /** Command groups its administrator grants. */
  @JsonColumn() policyGroups: string[];
  /** Host clock minus gateway clock, milliseconds. */
  @BigintColumn({ nullable: true }) clockSkewMs: number | null;
  /** Last summary of fail2ban as the agent reported it. */
  @JsonColumn({ nullable: true }) status: object | null;
  @BigintColumn({ nullable: true }) statusAtMs: number | null;
  @Column('integer') alarmCount: number;

  /** Channel session: a message is stored in the transaction that moves these on. */
  @Column('text', { nullable: true }) sessionSid: string | null;
  /** Persisted start counter of the agent; must grow. */
  @BigintColumn() sessionBoot: number;
  /** Number of the last stored message of the session. */
  @BigintColumn() sessionSeq: number;
  /** Id of the last stored stream entry. */
  @Column('text', { nullable: true }) streamPosition: string | null;

  /** Number of the last failure that was counted; see `IngestTicket.number`. */
  @BigintColumn({ default: 0 }) failureNumber: number;

  /** Snapshot whose chunks are being staged. */
  @Column('text', { nullable: true }) snapshotId: string | null;
  @Column('integer') snapshotNextIndex: number;
}
