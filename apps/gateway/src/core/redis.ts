import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { Redis, type RedisOptions } from 'ioredis';
import { GatewayConfig } from '../gateway.config.js';

/** Longest wait for one answer of Redis, milliseconds: what leans on it has another way. */
const COMMAND_TIMEOUT_MS = 1_000;
const RETRY_MAX_MS = 2_000;

/**
 * Connections to the internal Redis for the small things that gateway copies share: counters of sign-in attempts and notices
 * that a session has ended. Fails fast: nothing here may wait for a Redis that is away.
 */
@Injectable()
export class InternalRedis implements OnApplicationShutdown {
  private readonly logger = new Logger(InternalRedis.name);
  readonly commands: Redis;
  readonly subscriber: Redis;

  constructor(config: GatewayConfig) {
    this.commands = this.connect(config.redisUrl, { enableOfflineQueue: false, commandTimeout: COMMAND_TIMEOUT_MS });
    this.subscriber = this.connect(config.redisUrl, { autoResubscribe: true, maxRetriesPerRequest: null });
  }

  /** Whether Redis can be asked right now. */
  get isConnected(): boolean {
    return this.commands.status === 'ready';
  }

  onApplicationShutdown(): void {
    this.commands.disconnect();
    this.subscriber.disconnect();
  }

  private connect(url: string, options: Omit<RedisOptions, 'replyMapping'>): Redis {
    const redis = new Redis(url, {
      connectionName: 'bailiff-gateway',
      connectTimeout: 2_000,
      retryStrategy: (tries) => Math.min(50 * 2 ** Math.min(tries, 10), RETRY_MAX_MS),
      ...options,
    });
    let isDown = false;
    redis.on('error', (error: Error) => {
      // One line an outage, not one a retry.
      if (!isDown) this.logger.warn({ err: error }, 'internal Redis is away');
      isDown = true;
    });
    redis.on('ready', () => (isDown = false));
    return redis;
  }
}
