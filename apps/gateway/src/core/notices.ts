import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { InternalRedis } from './redis.js';

const CHANNEL = 'bailiff:notices';

/** What gateway copies tell one another so that nobody goes on with a stale answer. */
export const NOTICES = ['sessions', 'tokens', 'preferences', 'setup'] as const;
export type Notice = (typeof NOTICES)[number];

/**
 * Tells all gateway copies, this one first, that something they keep in memory has changed. Carried by Redis; while Redis is
 * away the others notice when their memory runs out (10 s).
 */
@Injectable()
export class Notices implements OnModuleInit {
  private readonly logger = new Logger(Notices.name);
  private readonly listeners = new Map<Notice, Set<() => void>>();

  constructor(private readonly redis: InternalRedis) {}

  onModuleInit(): void {
    const { subscriber } = this.redis;
    subscriber.on('message', (channel: string, text: string) => {
      const notice = NOTICES.find((known) => known === text);
      if (channel === CHANNEL && notice !== undefined) this.tellHere(notice);
    });
    // What was said while the connection was down went unheard: forget everything.
    subscriber.on('ready', () => NOTICES.forEach((notice) => this.tellHere(notice)));
    subscriber.subscribe(CHANNEL).catch((error: unknown) => this.logger.warn({ err: error }, 'notices not subscribed'));
  }

  listen(notice: Notice, listener: () => void): void {
    const known = this.listeners.get(notice) ?? new Set();
    this.listeners.set(notice, known.add(listener));
  }

  /** This copy knows when it returns, the others a moment later. */
  async tell(notice: Notice): Promise<void> {
    this.tellHere(notice);
    if (!this.redis.isConnected) return;
    try {
      await this.redis.commands.publish(CHANNEL, notice);
    } catch (error) {
      this.logger.warn({ err: error, notice }, 'other gateways not told');
    }
  }

  private tellHere(notice: Notice): void {
    for (const listener of this.listeners.get(notice) ?? []) listener();
  }
}
