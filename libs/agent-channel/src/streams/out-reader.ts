import type { Redis } from 'ioredis';
import type { GatewayTransportHandlers } from '../transport/transport.js';
import { ReplyGuard } from './redis-connection.js';
import { compareStreamIds } from './stream-id.js';
import { outKey, WAKE_KEY } from './stream-keys.js';
import { readStreamReply, type StreamReply } from './stream-reply.js';

const BLOCK_MS = 5_000;
const READ_GRACE_MS = 10_000;
/** Entries per stream and read in good times; halved whenever Redis cuts the connection over a reply that is too large. */
const MAX_COUNT = 200;
const START = '0-0';
/** After a failed read nothing is asked for so long, milliseconds. */
const RECOVER_MS = 25;
/** The event loop gets its turn after this many milliseconds of work on one reply. */
const SLICE_MS = 10;

interface Cursor {
  readonly agentId: string;
  readonly key: string;
  position: string;
}

/** Reads every followed `out` stream and the wake key with one XREAD on a connection of its own. */
export class OutReader {
  private readonly cursors = new Map<string, Cursor>();
  private readonly guard: ReplyGuard;
  private handlers: GatewayTransportHandlers | undefined;
  private wakeAt: string | undefined;
  private count = MAX_COUNT;
  private isClosed = false;
  /** Set while an XREAD waits, so that a newly followed stream interrupts it. */
  private isWaiting = false;
  private isStale = false;

  constructor(
    private readonly redis: Redis,
    private readonly instance: string,
    private readonly interrupt: () => Promise<void>,
  ) {
    this.guard = new ReplyGuard(redis);
  }

  open(handlers: GatewayTransportHandlers): void {
    this.handlers = handlers;
    this.redis.connect().catch(() => undefined);
    void this.loop();
  }

  close(): void {
    this.isClosed = true;
    this.redis.disconnect();
  }

  /** First id of the wake key worth reading: only the first call counts. */
  startWakeAt(id: string): void {
    this.wakeAt ??= id;
  }

  follow(agentId: string, position: string | undefined): void {
    const key = outKey(agentId);
    this.cursors.set(key, { agentId, key, position: position ?? START });
    if (this.isWaiting && !this.isStale) {
      this.isStale = true;
      // Not heard (Redis away): the read ends by itself within its block time.
      this.interrupt().catch(() => undefined);
    }
  }

  unfollow(agentId: string): void {
    this.cursors.delete(outKey(agentId));
  }

  private async loop(): Promise<void> {
    while (!this.isClosed) {
      if (this.redis.status !== 'ready') {
        await this.readyOrClosed();
        continue;
      }
      if (this.wakeAt === undefined) {
        // Without the wake key nothing could interrupt the read; the other connection is about to tell.
        await new Promise((resolve) => setTimeout(resolve, 20));
        continue;
      }
      const asked = [...this.cursors.values()].map((cursor) => ({ cursor, from: cursor.position }));
      const askedAtMs = performance.now();
      const { streams, failure } = await this.xread(asked, this.count, BLOCK_MS);
      if (this.isClosed) return;
      if (failure !== undefined) await this.recover(failure);
      else if (streams.length > 0) {
        this.count = Math.min(MAX_COUNT, this.count * 2);
        await this.deliver(streams, asked);
      } else if (performance.now() - askedAtMs < BLOCK_MS / 2 && !this.isStale) {
        // Redis does not answer "nothing" early, unless it means us harm.
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
  }

  private async xread(
    asked: readonly { cursor: Cursor; from: string }[],
    count: number,
    blockMs: number | undefined,
  ): Promise<{ streams: StreamReply[]; failure: unknown }> {
    const wake = blockMs === undefined || this.wakeAt === undefined ? [] : [[WAKE_KEY, this.wakeAt]];
    const all = [...wake, ...asked.map(({ cursor, from }) => [cursor.key, from])];
    const block = blockMs === undefined ? [] : ['BLOCK', blockMs];
    const watchdog = setTimeout(() => this.redis.disconnect(true), (blockMs ?? 0) + READ_GRACE_MS);
    this.isWaiting = blockMs !== undefined;
    this.isStale = false;
    try {
      const keys = all.map(([key = '']) => key);
      const ids = all.map(([, id = START]) => id);
      const args = ['COUNT', count, ...block, 'STREAMS', ...keys, ...ids];
      const reply: unknown = await this.redis.callBuffer('XREAD', ...args);
      return { streams: readStreamReply(reply), failure: undefined };
    } catch (failure) {
      return { streams: [], failure };
    } finally {
      clearTimeout(watchdog);
      this.isWaiting = false;
      this.guard.reset();
    }
  }

  private async deliver(
    streams: readonly StreamReply[],
    asked: readonly { cursor: Cursor; from: string }[],
  ): Promise<void> {
    let sliceAtMs = performance.now();
    const byKey = new Map(asked.map((one) => [one.cursor.key, one]));
    for (const { key, entries, fields } of streams) {
      if (key === WAKE_KEY) {
        this.takeWake(entries.at(-1)?.position, fields);
        continue;
      }
      const one = byKey.get(key);
      // Followed anew or not at all since we asked: what came belongs to the old question.
      if (one === undefined || this.cursors.get(key) !== one.cursor) continue;
      const fresh = entries.filter((entry) => compareStreamIds(entry.position, one.from) > 0);
      const last = fresh.at(-1);
      if (last === undefined) continue;
      one.cursor.position = last.position;
      this.handlers?.received(one.cursor.agentId, fresh);
      if (performance.now() - sliceAtMs > SLICE_MS) {
        await new Promise((resolve) => setImmediate(resolve));
        sliceAtMs = performance.now();
      }
    }
  }

  private takeWake(position: string | undefined, fields: readonly Buffer[][]): void {
    if (position !== undefined) this.wakeAt = position;
    const isFromAnother = (words: readonly Buffer[]): boolean =>
      words[1]?.toString('latin1') !== this.instance && words[3]?.toString('latin1') === 'agents';
    if (fields.some(isFromAnother)) this.handlers?.agentsChanged();
  }

  /**
   * The common read failed. A lost connection may be Redis cutting off a reply that is too large, an error may be one
   * key of a wrong type: read each stream alone, a little at a time, and give up those that still fail.
   */
  private async recover(failure: unknown): Promise<void> {
    // A connection that is being cut still calls itself ready and refuses at once. Only the event loop, which a loop of
    // promises alone would never let run again, brings the word that it is closed.
    await new Promise((resolve) => setTimeout(resolve, RECOVER_MS));
    if (this.isClosed) return;
    const isRefused = failure instanceof Error && failure.name === 'ReplyError';
    if (!isRefused && this.count > 1) {
      this.count = Math.max(1, Math.floor(this.count / 8));
      await this.readyOrClosed();
      return;
    }
    for (const cursor of [...this.cursors.values()]) {
      await this.readyOrClosed();
      if (this.isClosed) return;
      const asked = [{ cursor, from: cursor.position }];
      const first = await this.xread(asked, 1, undefined);
      if (first.failure === undefined) {
        await this.deliver(first.streams, asked);
        continue;
      }
      // Once more, and only with Redis seen well in between: a Redis that keeps dying is no agent's fault.
      await this.readyOrClosed();
      if (this.isClosed || !(await this.isRedisWell())) return;
      const second = await this.xread(asked, 1, undefined);
      if (second.failure === undefined) await this.deliver(second.streams, asked);
      else if (!this.isClosed && this.cursors.get(cursor.key) === cursor) {
        this.cursors.delete(cursor.key);
        this.handlers?.unreadable(
          cursor.agentId,
          'its stream cannot be read: an entry is too large or the key is not a stream',
        );
      }
    }
  }

  private async isRedisWell(): Promise<boolean> {
    try {
      await this.redis.callBuffer('XREAD', 'COUNT', 1, 'STREAMS', WAKE_KEY, this.wakeAt ?? START);
      return true;
    } catch {
      return false;
    }
  }

  private readyOrClosed(): Promise<void> {
    if (this.redis.status === 'ready' || this.isClosed) return Promise.resolve();
    return new Promise((resolve) => {
      const done = (): void => {
        this.redis.off('ready', done);
        this.redis.off('end', done);
        resolve();
      };
      this.redis.on('ready', done);
      this.redis.on('end', done);
    });
  }
}
