import type { AgentPublicKeys, GatewayKeys } from '../keys/keys.js';
import type { HeartbeatBody, HelloBody } from '../messages/message.js';
import type { Clock } from '../time/clock.js';
import type { GatewayTransport } from '../transport/transport.js';

/** How far one agent's session was followed. Persist it whole, in the transaction that stores the batch. */
export interface StoredSession {
  readonly sid: string;
  readonly boot: number;
  /** Last sequence number taken. */
  readonly seq: number;
  /** Stream position of that message. */
  readonly position: string;
}

export interface VerifiedEvent {
  readonly seq: number;
  /** The host's own clock, milliseconds since the epoch. */
  readonly at: number;
  readonly kind: string;
  /** Authentic, but unchecked: validate it. Never let a bad body make `store` reject, it would be offered again for ever. */
  readonly body: unknown;
}

/** What one agent sent since the last batch, in order and without gaps. May have no events. */
export interface VerifiedBatch {
  readonly agentId: string;
  readonly session: StoredSession;
  readonly events: readonly VerifiedEvent[];
  /** Set when the batch begins a session. */
  readonly hello?: HelloBody & { readonly at: number };
  /** The latest heartbeat in the batch. */
  readonly heartbeat?: HeartbeatBody & { readonly at: number };
  /** When the gateway took the batch's last message from the wire, milliseconds since the epoch. */
  readonly receivedAt: number;
}

export type AlarmCode =
  | 'bad_header'
  | 'bad_message'
  | 'bad_seal'
  | 'bad_signature'
  | 'clock'
  | 'flood'
  | 'foreign_session'
  | 'gap'
  | 'garbage'
  | 'hello_replay'
  | 'bad_position'
  | 'oversize'
  | 'quarantined'
  | 'acl_denied'
  | 'replay'
  | 'store_failed'
  | 'unknown_kid'
  | 'unreadable'
  | 'wrong_agent';

/** Something on an agent's stream that an honest agent does not cause (except `gap`, `store_failed` and `clock` after accidents). */
export interface ChannelAlarm {
  readonly agentId: string;
  readonly code: AlarmCode;
  readonly detail: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** How often since the last report of this code for this agent; repeats are reported at most every ten seconds. */
  readonly count: number;
}

export interface PresenceChange {
  readonly agentId: string;
  readonly online: boolean;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

export interface GatewayEndpointOptions {
  readonly keys: GatewayKeys;
  readonly transport: GatewayTransport;
  readonly directory: {
    find(agentId: string): Promise<AgentPublicKeys | undefined>;
    /** Ids of every agent to follow, pending ones included, revoked ones not. */
    list(): Promise<readonly string[]>;
  };
  readonly sessions: { load(agentId: string): Promise<StoredSession | undefined> };
  /** Stores a batch and its session in one transaction. Only after it resolves is the batch acknowledged. Retried for ever. */
  store(batch: VerifiedBatch): Promise<void>;
  onPresence(change: PresenceChange): void;
  onAlarm(alarm: ChannelAlarm): void;
  /** Called when something outside went wrong and the endpoint carries on. */
  onError?(error: Error): void;
  /** An agent is offline when nothing authentic came for this long, milliseconds; default 30,000. */
  readonly offlineAfterMs?: number;
  /** For tests. */
  readonly clock?: Clock;
}

export interface CallOptions {
  /** Life of the command, milliseconds; default 10,000, at most 120,000. */
  readonly ttlMs?: number;
  /** Aborting asks the agent to cancel and rejects with `OutcomeUnknownError`. */
  readonly signal?: AbortSignal;
  readonly correlationId?: string;
}
