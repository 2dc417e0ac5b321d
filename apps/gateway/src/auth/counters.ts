import { Injectable, Logger } from '@nestjs/common';
import { InternalRedis } from '../core/redis.js';

/** Short-lived counters and locks. */
export interface Counters {
  /** Adds one; the counter is forgotten `lifetimeMs` after its first one. @returns the new count */
  increment(key: string, lifetimeMs: number): Promise<number>;
  /** Takes a lock that opens by itself. @returns 0 when taken, else milliseconds until it opens */
  lock(key: string, lifetimeMs: number): Promise<number>;
  forget(...keys: string[]): Promise<void>;
}

/** Counters of this process alone. */
export class MemoryCounters implements Counters {
  private readonly counts = new Map<string, { count: number; readonly untilMs: number }>();

  /** @param now milliseconds, any origin */
  constructor(
    private readonly now: () => number = Date.now,
    private readonly maxKeys = 10_000,
  ) {}

  increment(key: string, lifetimeMs: number): Promise<number> {
    const entry = this.live(key);
    if (entry !== undefined) return Promise.resolve((entry.count += 1));
    this.put(key, lifetimeMs);
    return Promise.resolve(1);
  }

  lock(key: string, lifetimeMs: number): Promise<number> {
    const entry = this.live(key);
    if (entry !== undefined) return Promise.resolve(entry.untilMs - this.now());
    this.put(key, lifetimeMs);
    return Promise.resolve(0);
  }

  forget(...keys: string[]): Promise<void> {
    for (const key of keys) this.counts.delete(key);
    return Promise.resolve();
  }

  private live(key: string): { count: number; readonly untilMs: number } | undefined {
    const entry = this.counts.get(key);
    return entry !== undefined && entry.untilMs > this.now() ? entry : undefined;
  }

  private put(key: string, lifetimeMs: number): void {
    this.counts.delete(key);
    this.counts.set(key, { count: 1, untilMs: this.now() + lifetimeMs });
    for (const oldest of this.counts.keys()) {
      if (this.counts.size <= this.maxKeys) break;
      this.counts.delete(oldest);
    }
  }
}

/** Counters that all gateway copies share through Redis; while it is away each copy counts for itself. */
@Injectable()
export class SharedCounters implements Counters {
  private readonly logger = new Logger(SharedCounters.name);
  private readonly memory = new MemoryCounters();

  constructor(private readonly redis: InternalRedis) {}

  increment(key: string, lifetimeMs: number): Promise<number> {
    return this.tryRedis(
      async () => {
        const name = nameOf(key);
        const replies = await this.redis.commands.multi().incr(name).pexpire(name, lifetimeMs, 'NX').exec();
        return Number(replies?.[0]?.[1] ?? 1);
      },
      () => this.memory.increment(key, lifetimeMs),
    );
  }

  lock(key: string, lifetimeMs: number): Promise<number> {
    return this.tryRedis(
      async () => {
        const name = nameOf(key);
        if ((await this.redis.commands.set(name, '1', 'PX', lifetimeMs, 'NX')) === 'OK') return 0;
        return Math.max(1, await this.redis.commands.pttl(name));
      },
      () => this.memory.lock(key, lifetimeMs),
    );
  }

  async forget(...keys: string[]): Promise<void> {
    await this.memory.forget(...keys);
    await this.tryRedis(
      async () => void (await this.redis.commands.del(...keys.map(nameOf))),
      () => Promise.resolve(),
    );
  }

  private async tryRedis<T>(shared: () => Promise<T>, alone: () => Promise<T>): Promise<T> {
    if (!this.redis.isConnected) return alone();
    try {
      return await shared();
    } catch (error) {
      this.logger.warn({ err: error }, 'counting alone: internal Redis did not answer');
      return alone();
    }
  }
}

function nameOf(key: string): string {
  return `bailiff:counter:${key}`;
}
