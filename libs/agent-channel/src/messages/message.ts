import type { ErrorKind } from '../errors/channel.error.js';

/** Direction of a message: gateway to agent, or agent to gateway. */
export type Direction = 'g2a' | 'a2g';

/** What an agent tells about itself when a session begins. */
export interface HelloBody {
  /** Version of the agent program. */
  agentVersion: string;
  /** Version of the host's fail2ban, or null when it does not answer. */
  fail2banVersion: string | null;
  hostName: string;
  /** Policy groups granted on the host: `read`, `ban`, `firewall`, `config`, `raw`. */
  capabilities: string[];
  /** Fingerprint of the agent's own public keys, as `fingerprint()` prints it. */
  fingerprint: string;
  /** Anything else worth showing; validated by the application. */
  details?: Record<string, unknown>;
}

/** Signs of life. */
export interface HeartbeatBody {
  /** One-minute load average of the host. */
  load: number;
  /** Events waiting in the agent's outbox. */
  spool: number;
  /** Events the agent had to drop since it started. */
  dropped: number;
  /** Anything else worth showing; validated by the application. */
  details?: Record<string, unknown>;
}

/** Why a command failed, as the agent says it. */
export interface WireError {
  code: string;
  kind: ErrorKind;
  detail: string;
  data?: unknown;
}

/** One part of a value too large for a message. Parts are base64 slices of the value's JSON text. */
export interface Chunk {
  index: number;
  count: number;
  /** SHA-256 of the whole JSON text, lower-case hex. */
  sha256: string;
  data: string;
}

export interface CommandMessage {
  t: 'cmd';
  /** UUID; a command id runs at most once. */
  id: string;
  to: string;
  sid: string;
  /** Issued and expires, milliseconds since the epoch by the gateway's clock. */
  iat: number;
  exp: number;
  cmd: string;
  args?: unknown;
  chunk?: Chunk;
  /** Correlation id of the request behind the command. */
  cid?: string;
}

export interface WelcomeMessage {
  t: 'welcome';
  to: string;
  sid: string;
  nonce: string;
  /** Gateway time, milliseconds since the epoch. */
  now: number;
  /** The gateway's current key id. */
  kid: number;
}

/** Everything up to `seq` of session `sid` is stored. */
export interface AckMessage {
  t: 'ack';
  to: string;
  sid: string;
  seq: number;
}

/** The gateway can no longer follow session `sid`: begin a new one. */
export interface ResetMessage {
  t: 'reset';
  to: string;
  sid: string;
  reason: string;
}

export type GatewayMessage = CommandMessage | WelcomeMessage | AckMessage | ResetMessage;

interface AgentMessageBase {
  from: string;
  sid: string;
  /** 1 for the hello, then one more for each message of the session. */
  seq: number;
  /** The host's own clock, milliseconds since the epoch; for showing skew, never for judging. */
  at: number;
}

export interface HelloMessage extends AgentMessageBase {
  t: 'hello';
  /** Persisted counter that grows with every session. */
  boot: number;
  nonce: string;
  body: HelloBody;
}

export interface ResultMessage extends AgentMessageBase {
  t: 'res';
  /** Id of the command answered. */
  re: string;
  ok: boolean;
  result?: unknown;
  err?: WireError;
  chunk?: Chunk;
}

export interface EventMessage extends AgentMessageBase {
  t: 'evt';
  kind: string;
  body: unknown;
}

export interface HeartbeatMessage extends AgentMessageBase, HeartbeatBody {
  t: 'hb';
}

export type AgentMessage = HelloMessage | ResultMessage | EventMessage | HeartbeatMessage;
