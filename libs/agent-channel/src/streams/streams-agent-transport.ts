import type { Redis } from 'ioredis';
import { ChannelDownError } from '../errors/call.errors.js';
import { Backoff } from '../time/backoff.js';
import type { AgentTransport, AgentTransportHandlers, TransportEntry } from '../transport/transport.js';
import { connectRedis, type RedisTarget, ReplyGuard } from './redis-connection.js';
import { compareStreamIds, isStreamId, streamIdMs } from './stream-id.js';
import { commandKey, FIELD, outKey } from './stream-keys.js';
import { readStreamReply } from './stream-reply.js';

const BLOCK_MS = 5_000;
/** A read that takes this much longer than it asked for hangs, milliseconds. */
const READ_GRACE_MS = 10_000;
/** Entries a read: 64 of the largest stay below the reply guard. */
const READ_COUNT = 64;
/**
 * Length beyond which old entries go while nothing was acknowledged yet. Agents have no XTRIM; an evil trim tears a
 * hole that the numbering shows. With an acknowledged position the trim is by that position instead, so that only
 * what the gateway has stored is forgotten and the stream holds no more than the unacknowledged window (8 MiB).
 */
const MAX_LENGTH = 20_000;

/** Redis Streams, the agent's end: appends to `out`, reads `cmd`, on one connection each. */
class StreamsAgentTransport implements AgentTransport {
  private readonly writer: Redis;
  private readonly reader: Redis;
  private readonly guard: ReplyGuard;
  private readonly cmd: string;
  private readonly out: string;
  private handlers: AgentTransportHandlers | undefined;
  private isUp = false;
  private isClosed = false;
  /** Grows with every connection, which ends the read loop of the one before. */
  private epoch = 0;
  private readingEpoch = 0;

  constructor(target: RedisTarget, agentId: string) {
    this.cmd = commandKey(agentId);
    this.out = outKey(agentId);
    // One of the two is enough to say why: they fail alike.
    this.writer = connectRedis(target, (error) => this.handlers?.failed(error));
    this.reader = connectRedis(target);
    this.guard = new ReplyGuard(this.reader);
  }

  open(handlers: AgentTransportHandlers): void {
    this.handlers = handlers;
    for (const redis of [this.writer, this.reader]) {
      redis.on('ready', () => this.update());
      redis.on('close', () => this.update());
      redis.connect().catch(() => undefined);
    }
  }

  async send(bytes: Buffer, trimBefore: string | undefined): Promise<string> {
    if (!this.isUp) throw new ChannelDownError();
    const { epoch } = this;
    const trim = trimBefore === undefined ? ['MAXLEN', '~', MAX_LENGTH] : ['MINID', '~', trimBefore];
    const position = await this.writer.call('XADD', this.out, ...trim, '*', FIELD, bytes);
    if (typeof position !== 'string' || !isStreamId(position)) throw new ChannelDownError();
    // Our first entry tells Redis's time: whatever answers it stands behind that. So nothing old is read, nothing new missed.
    if (this.isUp && epoch === this.epoch && this.readingEpoch !== epoch) {
      this.readingEpoch = epoch;
      void this.read(epoch, `${Math.max(0, streamIdMs(position) - 1)}-0`);
    }
    return position;
  }

  close(): Promise<void> {
    this.isClosed = true;
    this.epoch += 1;
    this.writer.disconnect();
    this.reader.disconnect();
    return Promise.resolve();
  }

  private update(): void {
    const isUp = !this.isClosed && this.writer.status === 'ready' && this.reader.status === 'ready';
    if (isUp === this.isUp) return;
    this.isUp = isUp;
    this.epoch += 1;
    if (isUp) this.handlers?.connected();
    else {
      this.handlers?.disconnected('connection to Redis lost');
    }
  }

  private async read(epoch: number, after: string): Promise<void> {
    const pause = new Backoff(50, 2_000);
    let cursor = after;
    while (epoch === this.epoch) {
      const watchdog = setTimeout(() => this.reader.disconnect(true), BLOCK_MS + READ_GRACE_MS);
      const askedAtMs = performance.now();
      let entries: TransportEntry[] = [];
      try {
        const reply: unknown = await this.reader.callBuffer(
          ...(['XREAD', 'COUNT', READ_COUNT, 'BLOCK', BLOCK_MS, 'STREAMS', this.cmd, cursor] as const),
        );
        entries = readStreamReply(reply)
          .filter((stream) => stream.key === this.cmd)
          .flatMap((stream) => stream.entries)
          .filter((entry) => compareStreamIds(entry.position, cursor) > 0);
      } catch {
        // Lost connections end the loop by the epoch; refusals (NOPERM, WRONGTYPE) are asked again, slower and slower.
      }
      clearTimeout(watchdog);
      this.guard.reset();
      if (epoch !== this.epoch) return;
      const last = entries.at(-1);
      if (last !== undefined) {
        pause.reset();
        cursor = last.position;
        await this.handlers?.received(entries);
      } else if (performance.now() - askedAtMs < BLOCK_MS / 2) {
        // An empty answer before its time is not Redis's way: do not spin on it.
        await new Promise((resolve) => setTimeout(resolve, pause.next()));
      }
    }
  }
}

/**
 * Redis Streams as an agent's wire. The agent's user may XREAD its `cmd` and XADD its `out`, nothing else.
 * @throws {AgentIdError}
 */
export function streamsAgentTransport(o: RedisTarget & { readonly agentId: string }): AgentTransport {
  return new StreamsAgentTransport(o, o.agentId);
}
