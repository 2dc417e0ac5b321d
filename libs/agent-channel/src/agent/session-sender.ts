import { ChannelError } from '../errors/channel.error.js';
import { MessageTooLargeError, NotWelcomedError } from '../errors/envelope.error.js';
import { ENVELOPE_OVERHEAD } from '../envelope/envelope.js';
import type { ChannelKeyring } from '../envelope/channel-keyring.js';
import { cutIntoChunks } from '../messages/chunks.js';
import { MAX_MESSAGE_BYTES } from '../messages/limits.js';
import type { AgentMessage, HeartbeatBody, HelloBody } from '../messages/message.js';
import type { Clock } from '../time/clock.js';
import type { AgentTransport } from '../transport/transport.js';
import type { Answer } from './answer.js';

/** Bytes sent and not acknowledged beyond which events and answers wait. Keeps an honest stream far below the watchdog's 32 MB. */
const WINDOW_BYTES = 8 * 1024 * 1024;
const JSON_LIMIT = MAX_MESSAGE_BYTES - ENVELOPE_OVERHEAD;

type Numbered = 'from' | 'sid' | 'seq' | 'at';
type Body<M extends AgentMessage> = M extends AgentMessage ? Omit<M, Numbered> : never;

interface Outstanding {
  readonly seq: number;
  readonly bytes: number;
  readonly sentAtMs: number;
  readonly answer: Answer | undefined;
  position: string | undefined;
}

export interface SessionSenderOptions {
  readonly agentId: string;
  readonly sid: string;
  readonly keyring: ChannelKeyring;
  readonly transport: AgentTransport;
  readonly clock: Clock;
  /** Something could not be written: the numbering has a hole, the session is over. */
  onLost(error: Error): void;
}

/** Numbers, seals and appends the messages of one session, and remembers what is not acknowledged yet. */
export class SessionSender {
  readonly sid: string;
  private seq = 0;
  private isClosed = false;
  private unackedBytes = 0;
  private trimBefore: string | undefined;
  private lastAckAtMs = Number.NEGATIVE_INFINITY;
  private readonly outstanding: Outstanding[] = [];
  private readonly waiting: (() => void)[] = [];

  constructor(private readonly o: SessionSenderOptions) {
    this.sid = o.sid;
  }

  hello(boot: number, nonce: string, body: HelloBody): void {
    this.transmit({ t: 'hello', boot, nonce, body });
  }

  heartbeat(load: HeartbeatBody): void {
    this.transmit({ t: 'hb', ...load });
  }

  /**
   * Sends an event and resolves to its sequence number, before any acknowledgement of it can be delivered.
   * @throws {MessageTooLargeError} {@link NotWelcomedError} when the session ends while waiting for room
   */
  async event(kind: string, body: unknown): Promise<number> {
    if (!this.hasRoom) await this.room();
    if (this.isClosed) throw new NotWelcomedError();
    return this.transmit({ t: 'evt', kind, body: body ?? null });
  }

  /**
   * Sends an answer, in parts when it is large.
   * @throws {NotWelcomedError} when the session ended before all of it was sent
   * @throws {MessageTooLargeError} over 8 MiB
   */
  async answer(answer: Answer): Promise<void> {
    if (!this.hasRoom) await this.room();
    if (this.isClosed) throw new NotWelcomedError();
    const { re, outcome } = answer;
    if (!outcome.ok) {
      this.transmit({ t: 'res', re, ok: false, err: outcome.err }, answer);
      return;
    }
    const result = outcome.result ?? null;
    try {
      this.transmit({ t: 'res', re, ok: true, result }, answer);
      return;
    } catch (error) {
      if (!(error instanceof MessageTooLargeError)) throw error;
    }
    const chunks = cutIntoChunks(Buffer.from(JSON.stringify(result)));
    for (const chunk of chunks) {
      if (!this.hasRoom) await this.room();
      if (this.isClosed) throw new NotWelcomedError();
      // Only the last part carries the answer: when any part is lost, all of it is sent again.
      this.transmit({ t: 'res', re, ok: true, chunk }, chunk.index === chunk.count - 1 ? answer : undefined);
    }
  }

  /** Takes an acknowledgement; false when it names something never sent. */
  acknowledge(seq: number): boolean {
    if (seq > this.seq) return false;
    this.lastAckAtMs = this.o.clock.monotonicMs();
    const next = this.outstanding.findIndex((item) => item.seq > seq);
    for (const item of this.outstanding.splice(0, next === -1 ? this.outstanding.length : next)) {
      this.unackedBytes -= item.bytes;
      // Only what the gateway has stored may be forgotten by Redis; so trimming never tears a hole.
      if (item.position !== undefined) this.trimBefore = item.position;
    }
    while (this.hasRoom && this.waiting.length > 0) this.waiting.shift()?.();
    return true;
  }

  /**
   * Milliseconds for which nothing was acknowledged though something waits for it.
   * Not the age of the oldest message: a gateway that works through a long backlog slowly, but acknowledges as it
   * goes, must not be sent all of it again.
   */
  get silentMs(): number {
    const first = this.outstanding[0];
    return first === undefined ? 0 : this.o.clock.monotonicMs() - Math.max(first.sentAtMs, this.lastAckAtMs);
  }

  /** Ends the session; whoever waits for room is refused. Returns the answers nobody acknowledged. */
  close(): Answer[] {
    this.isClosed = true;
    for (const wake of this.waiting.splice(0)) wake();
    return this.outstanding.flatMap((item) => (item.answer === undefined ? [] : [item.answer]));
  }

  private get hasRoom(): boolean {
    return this.unackedBytes < WINDOW_BYTES;
  }

  private room(): Promise<void> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  private transmit(body: Body<AgentMessage>, answer?: Answer): number {
    const { agentId, sid, keyring, transport, clock } = this.o;
    const seq = this.seq + 1;
    const message = { ...body, from: agentId, sid, seq, at: Math.round(clock.wallMs()) };
    const json = Buffer.from(JSON.stringify(message));
    if (json.length > JSON_LIMIT) throw new MessageTooLargeError(json.length, JSON_LIMIT);
    const bytes = keyring.seal(json);
    this.seq = seq;
    const item: Outstanding = {
      seq,
      bytes: bytes.length,
      sentAtMs: clock.monotonicMs(),
      answer,
      position: undefined,
    };
    this.outstanding.push(item);
    this.unackedBytes += bytes.length;
    transport.send(bytes, this.trimBefore).then(
      (position) => {
        item.position = position;
      },
      (cause: unknown) => {
        if (this.isClosed) return;
        this.o.onLost(new ChannelError('channel/send-failed', 'operational', 'A message was not written', { cause }));
      },
    );
    return seq;
  }
}
