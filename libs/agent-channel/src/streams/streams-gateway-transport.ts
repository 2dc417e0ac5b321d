import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import { ChannelDownError } from '../errors/call.errors.js';
import { MAX_TTL_MS } from '../messages/limits.js';
import type { GatewayTransport, GatewayTransportHandlers } from '../transport/transport.js';
import { OutReader } from './out-reader.js';
import { connectRedis, type RedisTarget } from './redis-connection.js';
import { isStreamId, streamIdMs } from './stream-id.js';
import { commandKey, FIELD, outKey, WAKE_KEY } from './stream-keys.js';

/** Redis Streams, the gateway's end: appends to any `cmd` on one connection, reads every `out` on another. */
class StreamsGatewayTransport implements GatewayTransport {
  private readonly writer: Redis;
  private readonly out: OutReader;
  private readonly instance = randomUUID();
  private handlers: GatewayTransportHandlers | undefined;
  /** Redis's own time as last seen, to sweep old commands by its clock and not by ours. */
  private redisMs: number | undefined;

  constructor(target: RedisTarget) {
    this.writer = connectRedis(target, (error) => this.handlers?.failed(error));
    this.out = new OutReader(connectRedis(target), this.instance, () => this.wake('interrupt'));
  }

  get isConnected(): boolean {
    return this.writer.status === 'ready';
  }

  open(handlers: GatewayTransportHandlers): Promise<void> {
    this.handlers = handlers;
    this.writer.on('ready', () => {
      // The id of this entry is where the reader begins to watch the wake key.
      this.wake('interrupt').then(
        () => this.handlers?.connected(),
        () => undefined,
      );
    });
    this.writer.on('close', () => this.handlers?.disconnected('connection to the agents’ Redis lost'));
    this.writer.connect().catch(() => undefined);
    this.out.open(handlers);
    return Promise.resolve();
  }

  follow(agentId: string, position: string | undefined): void {
    this.out.follow(agentId, position);
  }

  unfollow(agentId: string): void {
    this.out.unfollow(agentId);
  }

  async send(agentId: string, bytes: Buffer): Promise<void> {
    if (!this.isConnected) throw new ChannelDownError();
    // Older commands have expired everywhere. Approximate: expiry is what protects, this only saves memory.
    const trim = this.redisMs === undefined ? [] : ['MINID', '~', `${Math.max(0, this.redisMs - MAX_TTL_MS)}`];
    const position = await this.writer.call('XADD', commandKey(agentId), ...trim, '*', FIELD, bytes);
    if (typeof position === 'string' && isStreamId(position)) this.redisMs = streamIdMs(position);
  }

  async drop(agentId: string): Promise<void> {
    if (!this.isConnected) throw new ChannelDownError();
    await this.writer.call('DEL', outKey(agentId), commandKey(agentId));
  }

  announceAgentsChanged(): Promise<void> {
    return this.wake('agents');
  }

  close(): Promise<void> {
    this.handlers = undefined;
    this.out.close();
    this.writer.disconnect();
    return Promise.resolve();
  }

  private async wake(why: 'interrupt' | 'agents'): Promise<void> {
    if (!this.isConnected) return;
    const id = await this.writer.call('XADD', WAKE_KEY, 'MAXLEN', '~', 16, '*', 'by', this.instance, 'why', why);
    if (typeof id === 'string' && isStreamId(id)) this.out.startWakeAt(id);
  }
}

/** Redis Streams as the gateway's wire; `url` names the `gw` user. */
export function streamsGatewayTransport(target: RedisTarget): GatewayTransport {
  return new StreamsGatewayTransport(target);
}
