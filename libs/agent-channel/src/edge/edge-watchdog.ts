import type { Redis } from 'ioredis';
import { EdgeError } from '../errors/edge.error.js';
import { connectRedis, type RedisTarget } from '../streams/redis-connection.js';
import { commandKey, outKey } from '../streams/stream-keys.js';
import type { AclDenial, AclProvisioner } from './acl-provisioner.js';

export interface EdgeWatchdogOptions extends RedisTarget {
  readonly provisioner: AclProvisioner;
  /** Ids of the agents to watch. */
  list(): Promise<readonly string[]>;
  /** An agent was locked out and its streams dropped. */
  onQuarantine(agentId: string, reason: string): void;
  /** An agent's user tried what it may not. */
  onDenial?(denial: AclDenial): void;
  onError?(error: Error): void;
  /** Largest `out` stream, bytes; default 32 MiB. Honest agents stay near 8 MiB. */
  readonly limitBytes?: number;
  /** Milliseconds between checks; default 5,000. */
  readonly everyMs?: number;
}

/** Watches what agents do to Redis itself, which has no quota per user: memory of their streams and refused commands. */
export class EdgeWatchdog {
  private readonly redis: Redis;
  private timer: NodeJS.Timeout | undefined;
  private isStopped = false;

  constructor(private readonly o: EdgeWatchdogOptions) {
    this.redis = connectRedis(o);
  }

  async start(): Promise<void> {
    await this.redis.connect().catch(() => undefined);
    this.schedule();
  }

  stop(): Promise<void> {
    this.isStopped = true;
    clearTimeout(this.timer);
    this.redis.disconnect();
    return Promise.resolve();
  }

  /** One round: quarantines every agent whose stream is too large, reports refused commands. */
  async check(): Promise<void> {
    const { limitBytes = 32 * 1024 * 1024 } = this.o;
    for (const agentId of await this.o.list()) {
      // All samples: with a few, a stream of small entries first would hide large ones behind.
      const bytes: unknown = await this.redis.call('MEMORY', 'USAGE', outKey(agentId), 'SAMPLES', 0);
      if (typeof bytes === 'number' && bytes > limitBytes) {
        await this.quarantine(agentId, `its stream holds ${Math.round(bytes / 1024 / 1024)} MiB`);
      }
    }
    for (const denial of await this.o.provisioner.pollAclLog()) this.o.onDenial?.(denial);
  }

  /** Locks an agent out and drops its streams. Release it with `AclProvisioner.release`. */
  async quarantine(agentId: string, reason: string): Promise<void> {
    await this.o.provisioner.quarantine(agentId);
    await this.redis.call('DEL', outKey(agentId), commandKey(agentId));
    this.o.onQuarantine(agentId, reason);
  }

  private schedule(): void {
    if (this.isStopped) return;
    this.timer = setTimeout(() => {
      this.check()
        .catch((error: unknown) => {
          if (!this.isStopped)
            this.o.onError?.(error instanceof Error ? error : new EdgeError('edge/watchdog', 'bug', String(error)));
        })
        .finally(() => this.schedule());
    }, this.o.everyMs ?? 5_000);
  }
}
