import type { HeartbeatBody, HelloBody } from '../messages/message.js';
import { Backoff } from '../time/backoff.js';
import type { StoredSession, VerifiedBatch, VerifiedEvent } from './gateway-options.js';

/** Most events in one `store` call: a transaction of this size stays well under 50 ms. */
const MAX_BATCH_ITEMS = 500;
/** Event bytes after which a batch is full: each is acknowledged by itself, so the agent sees that its backlog moves. */
const MAX_BATCH_BYTES = 256 * 1024;
/** Heartbeats and answers alone may wait this long to be stored and acknowledged, milliseconds. */
const IDLE_FLUSH_MS = 500;
const IDLE_FLUSH_BYTES = 1024 * 1024;

interface Item {
  session: StoredSession;
  readonly event?: VerifiedEvent;
  /** Size of the event on the wire. */
  readonly bytes?: number;
  readonly hello?: HelloBody & { readonly at: number };
  heartbeat?: HeartbeatBody & { readonly at: number };
}

export interface StoreQueueOptions {
  readonly agentId: string;
  store(batch: VerifiedBatch): Promise<void>;
  /** A batch is safe; `hasHello` when it began a session. */
  onStored(session: StoredSession, hasHello: boolean): void;
  onFailed(error: unknown): void;
  /** Milliseconds since the epoch. */
  now(): number;
}

/** Hands one agent's verified messages to the database: in order, batched, one call at a time, retried for ever. */
export class StoreQueue {
  private readonly items: Item[] = [];
  private readonly backoff = new Backoff(100, 5_000);
  private idleBytes = 0;
  private isUrgent = false;
  private isBusy = false;
  private isClosed = false;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly o: StoreQueueOptions) {}

  /** Items waiting; the reader pauses an agent whose database cannot keep up. */
  get depth(): number {
    return this.items.length;
  }

  hello(session: StoredSession, hello: HelloBody & { at: number }): void {
    this.items.push({ session, hello });
    this.isUrgent = true;
  }

  event(session: StoredSession, event: VerifiedEvent, bytes: number): void {
    this.items.push({ session, event, bytes });
    this.isUrgent = true;
  }

  heartbeat(session: StoredSession, heartbeat: HeartbeatBody & { at: number }): void {
    this.advance(session, 0);
    const last = this.items.at(-1);
    if (last !== undefined) last.heartbeat = heartbeat;
  }

  /** Notes that a message without lasting content was taken. */
  advance(session: StoredSession, bytes: number): void {
    this.idleBytes += bytes;
    const last = this.items.at(-1);
    if (last === undefined) this.items.push({ session });
    else last.session = session;
  }

  /** Begins to store what is there: at once when it holds events, else a little later. */
  flush(): void {
    if (this.isBusy || this.isClosed || this.items.length === 0) return;
    if (this.isUrgent || this.idleBytes > IDLE_FLUSH_BYTES) {
      clearTimeout(this.timer);
      this.timer = undefined;
      void this.drain();
    } else {
      this.timer ??= setTimeout(() => {
        this.timer = undefined;
        if (!this.isBusy) void this.drain();
      }, IDLE_FLUSH_MS);
    }
  }

  /** Stops storing; what is left will be read again from the stored position. */
  close(): void {
    this.isClosed = true;
    clearTimeout(this.timer);
  }

  private async drain(): Promise<void> {
    this.isBusy = true;
    while (this.items.length > 0 && !this.isClosed) {
      const items = this.takeBatch();
      await this.storeBatch(items);
    }
    this.isBusy = false;
  }

  /** Items up to the limits; a hello always comes first in its batch, since it changes the session. */
  private takeBatch(): Item[] {
    let count = 1;
    let bytes = this.items[0]?.bytes ?? 0;
    for (const item of this.items.slice(1, MAX_BATCH_ITEMS)) {
      bytes += item.bytes ?? 0;
      if (item.hello !== undefined || bytes > MAX_BATCH_BYTES) break;
      count += 1;
    }
    const items = this.items.splice(0, count);
    this.isUrgent = this.items.some((item) => item.event !== undefined || item.hello !== undefined);
    this.idleBytes = 0;
    return items;
  }

  private async storeBatch(items: readonly Item[]): Promise<void> {
    const session = items.at(-1)?.session;
    if (session === undefined) return;
    const hello = items[0]?.hello;
    const heartbeat = items.findLast((item) => item.heartbeat !== undefined)?.heartbeat;
    const batch: VerifiedBatch = {
      agentId: this.o.agentId,
      session,
      events: items.flatMap((item) => (item.event === undefined ? [] : [item.event])),
      receivedAt: this.o.now(),
      ...(hello === undefined ? {} : { hello }),
      ...(heartbeat === undefined ? {} : { heartbeat }),
    };
    if (await this.storeAtLast(batch)) this.o.onStored(session, hello !== undefined);
  }

  /** Resolves to false only when closed. */
  private async storeAtLast(batch: VerifiedBatch): Promise<boolean> {
    while (!this.isClosed) {
      try {
        await this.o.store(batch);
        this.backoff.reset();
        return true;
      } catch (error) {
        this.o.onFailed(error);
        await new Promise((resolve) => setTimeout(resolve, this.backoff.next()));
      }
    }
    return false;
  }
}
