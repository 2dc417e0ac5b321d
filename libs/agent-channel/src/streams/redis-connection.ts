import { Redis } from 'ioredis';
import { EdgeError } from '../errors/edge.error.js';

/** Where a Redis is and who we are there. */
export interface RedisTarget {
  /** `redis://` or `rediss://`, credentials may be part of it. */
  readonly url: string;
  readonly username?: string;
  readonly password?: string;
  /** PEM of the authority that signed the server's certificate. */
  readonly ca?: string;
}

const FIRST_RETRY_MS = 50;
const MAX_RETRY_MS = 5_000;
/** Bytes a connection may receive between two replies; more than any honest reply. */
const MAX_UNANSWERED_BYTES = 64 * 1024 * 1024;

/**
 * A connection that needs no command beyond its own: no INFO, no CLIENT, no SELECT, and RESP2. Nothing is queued while
 * it is away and nothing is repeated when it comes back, since a repeated XADD would be a replay.
 * @param onFailure gets why it cannot connect, each reason once until it has connected
 */
export function connectRedis(target: RedisTarget, onFailure: (error: Error) => void = () => undefined): Redis {
  const { url, username, password, ca } = target;
  const redis = new Redis(url, {
    lazyConnect: true,
    protocol: 2,
    disableClientInfo: true,
    enableReadyCheck: false,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    // What was in flight when the connection went is rejected at once; with null it would never settle.
    maxRetriesPerRequest: 0,
    connectTimeout: 5_000,
    // How long `disconnect` waits for the other side; its timer keeps a process alive even when the stream is gone.
    disconnectTimeout: 200,
    keepAlive: 10_000,
    retryStrategy: (times: number) => {
      const ceiling = Math.min(MAX_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(times, 10));
      return ceiling / 2 + (Math.random() * ceiling) / 2;
    },
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(url.startsWith('rediss:')
      ? { tls: { minVersion: 'TLSv1.3' as const, ...(ca === undefined ? {} : { ca }) } }
      : {}),
  });
  let lastReason = '';
  redis.on('ready', () => (lastReason = ''));
  redis.on('error', (cause: Error) => {
    // Each failed attempt comes here, and the retry strategy goes on by itself.
    if (cause.message === lastReason) return;
    lastReason = cause.message;
    const detail = `The agents’ Redis cannot be reached: ${cause.message}`;
    onFailure(new EdgeError('edge/unreachable', 'operational', detail, { cause }));
  });
  return redis;
}

/** Cuts a connection on which the server sends more than an honest one would before the reply is complete. */
export class ReplyGuard {
  private bytes = 0;

  constructor(
    private readonly redis: Redis,
    private readonly maxBytes = MAX_UNANSWERED_BYTES,
  ) {
    redis.on('connect', () => {
      this.bytes = 0;
      redis.stream.on('data', (data: Buffer) => {
        this.bytes += data.length;
        if (this.bytes > this.maxBytes) redis.disconnect(true);
      });
    });
  }

  /** A reply came: begin to count again. */
  reset(): void {
    this.bytes = 0;
  }
}
