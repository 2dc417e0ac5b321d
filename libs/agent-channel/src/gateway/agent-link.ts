import type { ChannelKeyring } from '../envelope/channel-keyring.js';
import { EnvelopeError } from '../errors/envelope.error.js';
import type { AgentMessage, HelloMessage, ResultMessage } from '../messages/message.js';
import { parseAgentMessage } from '../messages/parse-message.js';
import type { TransportEntry } from '../transport/transport.js';
import type { AlarmCode, StoredSession } from './gateway-options.js';
import type { StoreQueue } from './store-queue.js';

/** A reset for the same agent is repeated at most this often, milliseconds. */
const RESET_EVERY_MS = 2_000;

export interface AgentLinkOptions {
  readonly agentId: string;
  readonly keyring: ChannelKeyring;
  readonly stored: StoredSession | undefined;
  readonly queue: StoreQueue;
  onAlarm(code: AlarmCode, detail: string): void;
  onResult(message: ResultMessage): void;
  /** The agent must begin a new session. */
  onReset(sid: string, reason: string): void;
  monotonicMs(): number;
}

/**
 * What the gateway knows of one agent's stream. Believes a message only when seal, signature, sender, session and
 * number are right; whatever else stands in the stream is an alarm.
 */
export class AgentLink {
  private session: StoredSession | undefined;
  private isBroken = false;
  private resetAtMs = -Infinity;
  private seenAtMs = -Infinity;
  /** Position of the last entry taken from the stream, good or bad. */
  position: string | undefined;
  /** Key ids the agent used last. */
  kids: { mine: number; theirs: number } | undefined;
  /** Nonce of the hello that began the session. */
  nonce = '';
  /** Whether the agent has answered in this session since this process started: an old stream proves nothing. */
  isConfirmed = false;

  constructor(private readonly o: AgentLinkOptions) {
    this.session = o.stored;
    this.position = o.stored?.position;
  }

  get agentId(): string {
    return this.o.agentId;
  }

  get keyring(): ChannelKeyring {
    return this.o.keyring;
  }

  get queue(): StoreQueue {
    return this.o.queue;
  }

  /** Id of the session that commands must name; undefined while there is none to be followed. */
  get liveSid(): string | undefined {
    return this.isBroken ? undefined : this.session?.sid;
  }

  /** Milliseconds since the last authentic message of the live session. */
  get silentMs(): number {
    return this.o.monotonicMs() - this.seenAtMs;
  }

  /** Takes entries in order; returns how many of them an honest agent would not have written. */
  accept(entries: readonly TransportEntry[]): number {
    let bad = 0;
    for (const entry of entries) {
      this.position = entry.position;
      if (!this.take(entry)) bad += 1;
    }
    this.o.queue.flush();
    return bad;
  }

  private take({ bytes, position }: TransportEntry): boolean {
    if (bytes === undefined) return this.alarm('garbage', 'an entry without our shape');
    let message: AgentMessage;
    try {
      const { json, myKid, theirKid } = this.o.keyring.open(bytes);
      message = parseAgentMessage(json);
      if (message.from === this.agentId) this.kids = { mine: myKid, theirs: theirKid };
    } catch (error) {
      if (!(error instanceof EnvelopeError)) throw error;
      return this.alarm(error.fault, error.message);
    }
    if (message.from !== this.agentId) return this.alarm('wrong_agent', `claims to come from ${message.from}`);
    if (message.t === 'hello') return this.takeHello(message, position);
    const { session } = this;
    if (session === undefined || message.sid !== session.sid) {
      this.reset(message.sid, 'unknown session');
      return this.alarm('foreign_session', 'a message of another session');
    }
    if (this.isBroken) {
      this.reset(session.sid, 'gap');
      return true;
    }
    if (message.seq <= session.seq) return this.alarm('replay', `message ${message.seq} came again`);
    if (message.seq !== session.seq + 1) {
      this.isBroken = true;
      this.reset(session.sid, 'gap');
      return this.alarm('gap', `messages ${session.seq + 1} to ${message.seq - 1} are missing`);
    }
    this.seenAtMs = this.o.monotonicMs();
    this.session = { ...session, seq: message.seq, position };
    this.pass(message, this.session, bytes.length);
    return true;
  }

  private pass(message: Exclude<AgentMessage, HelloMessage>, session: StoredSession, bytes: number): void {
    const { queue } = this.o;
    switch (message.t) {
      case 'evt': {
        const { seq, at, kind, body } = message;
        queue.event(session, { seq, at, kind, body }, bytes);
        return;
      }
      case 'hb': {
        const { at, load, spool, dropped, details } = message;
        queue.heartbeat(session, { at, load, spool, dropped, ...(details === undefined ? {} : { details }) });
        return;
      }
      case 'res':
        queue.advance(session, bytes);
        // Answered before it is stored: nothing about an answer needs to last, and its caller waits.
        this.o.onResult(message);
        return;
    }
  }

  private takeHello(message: HelloMessage, position: string): boolean {
    const { boot, sid, seq, body, at } = message;
    if (boot <= (this.session?.boot ?? 0)) return this.alarm('hello_replay', `session counter ${boot} is not new`);
    if (seq !== 1) return this.alarm('bad_message', 'a hello that is not the first of its session');
    this.session = { sid, boot, seq, position };
    this.nonce = message.nonce;
    this.isBroken = false;
    this.isConfirmed = false;
    this.seenAtMs = this.o.monotonicMs();
    this.o.queue.hello(this.session, { ...body, at });
    return true;
  }

  private reset(sid: string, reason: string): void {
    if (this.o.monotonicMs() - this.resetAtMs < RESET_EVERY_MS) return;
    this.resetAtMs = this.o.monotonicMs();
    this.o.onReset(sid, reason);
  }

  private alarm(code: AlarmCode, detail: string): false {
    this.o.onAlarm(code, detail);
    return false;
  }
}
