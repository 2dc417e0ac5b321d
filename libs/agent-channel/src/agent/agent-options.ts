import type { AgentIdentity, GatewayPublicKeys } from '../keys/keys.js';
import type { HeartbeatBody, HelloBody } from '../messages/message.js';
import type { Clock } from '../time/clock.js';
import type { AgentTransport } from '../transport/transport.js';
import type { CommandJournal } from './command-journal.js';

/** A command that passed every check of the channel; its arguments are still unchecked. */
export interface VerifiedCommand {
  readonly id: string;
  readonly cmd: string;
  readonly args: unknown;
  readonly correlationId: string | undefined;
}

/** A message from the wire that the agent did not obey. For logs and counters. */
export interface AgentRefusal {
  /** `oversize`, `bad_header`, `unknown_kid`, `bad_seal`, `bad_signature`, `bad_message`, `wrong_agent`, `wrong_session`, `not_welcomed`, `expired`, `ttl_too_long`, `replay`, `rate`, `busy`, … */
  readonly code: string;
  readonly detail: string;
  /** How often since the last report of this code; see `refusalEveryMs`. */
  readonly count: number;
}

export interface AgentEndpointOptions {
  readonly identity: AgentIdentity;
  readonly transport: AgentTransport;
  /** The persisted session counter: each call returns a larger integer than every call before it, also across restarts. */
  readonly boot: { next(): Promise<number> };
  readonly journal: CommandJournal;
  /** Asked at the start of every session. */
  describe(): Promise<HelloBody>;
  /** Asked for every heartbeat; must not block. */
  load(): HeartbeatBody;
  /** Runs a command. Reject with `CommandError` to answer with an error; `signal` aborts on `cmd.cancel` and on stop. */
  run(command: VerifiedCommand, signal: AbortSignal): Promise<unknown>;
  /** Whether a command only reads: up to four of them run beside each other and beside the one mutation. */
  isRead(cmd: string): boolean;
  /** Persists the gateway keys after a rotation; resolves once they are safe on disk. Without it `key.rotate` is refused. */
  trust?(keys: readonly GatewayPublicKeys[]): Promise<void>;
  /** Called when messages were not obeyed: at once for the first of a code, then counted. */
  onRefusal?(refusal: AgentRefusal): void;
  /** Called when something outside went wrong and the endpoint carries on. */
  onError?(error: Error): void;
  /** Milliseconds between heartbeats; default 10,000. */
  readonly heartbeatMs?: number;
  /** A new session begins when something was sent and nothing at all was acknowledged for this long, milliseconds; default 15,000. */
  readonly ackTimeoutMs?: number;
  /** Commands per second and burst; default 2,000 and 4,000. */
  readonly rate?: { readonly perSecond: number; readonly burst: number };
  /** Least time between two reports of one refusal code, milliseconds; default 10,000: whoever floods must not fill a log. */
  readonly refusalEveryMs?: number;
  /** For tests. */
  readonly clock?: Clock;
}
