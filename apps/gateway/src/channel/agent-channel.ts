import {
  ChannelDownError,
  ChannelError,
  GatewayEndpoint,
  gatewayPublicKeys,
  loadPublicKeys,
  streamsGatewayTransport,
  type AgentPublicKeys,
  type CallOptions,
  type ChannelAlarm,
  type GatewayKeys,
  type GatewayPublicKeys,
  type GatewayTransport,
  type PresenceChange,
} from '@bailiff/agent-channel';
import { Database, type Host } from '@bailiff/persistence';
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { LiveHosts } from '../live/live-hosts.js';
import { BatchStore } from './batch-store.js';
import { edgeAuthority, FleetOptions } from './fleet-options.js';
import { openGatewayKeys } from './gateway-keys.js';
import { HostAlarms } from './host-alarms.js';
import { Presence } from './presence.js';

/** The gateway's end of the agent channel, wired to the hosts' rows. */
@Injectable()
export class AgentChannel implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(AgentChannel.name);
  private endpoint: GatewayEndpoint | undefined;
  private outages = 0;
  private transport: GatewayTransport | undefined;
  private keys: GatewayKeys | undefined;

  constructor(
    private readonly options: FleetOptions,
    private readonly database: Database,
    private readonly batches: BatchStore,
    private readonly alarms: HostAlarms,
    private readonly presence: Presence,
    private readonly liveHosts: LiveHosts,
  ) {}

  /** @throws {GatewayKeysFileError} the gateway must not start without the keys its agents know */
  async onApplicationBootstrap(): Promise<void> {
    this.keys = await openGatewayKeys(this.options.dataDir);
    this.transport = streamsGatewayTransport({ url: this.options.edgeRedisUrl, ...edgeAuthority(this.options) });
    const { offlineAfterMs } = this.options;
    this.endpoint = new GatewayEndpoint({
      ...(offlineAfterMs === undefined ? {} : { offlineAfterMs }),
      keys: this.keys,
      transport: this.transport,
      directory: {
        find: async (agentId) => publicKeysOf(await this.database.read.hosts.find(agentId)),
        list: async () => (await this.database.read.hosts.listUsable()).map((host) => host.agentId),
      },
      sessions: { load: (agentId) => this.database.read.ingest.loadSession(agentId) },
      store: (batch) => this.batches.store(batch),
      onPresence: (change) => this.onPresence(change),
      onAlarm: (alarm) => this.onAlarm(alarm),
      onError: (error) => this.onError(error),
    });
    await this.endpoint.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.endpoint?.stop();
  }

  /** What an agent pins at enrolment. */
  publicKeys(): GatewayPublicKeys[] {
    return this.keys === undefined ? [] : gatewayPublicKeys(this.keys);
  }

  /** Whether the edge Redis can be reached. */
  get isConnected(): boolean {
    return this.transport?.isConnected ?? false;
  }

  /** How often the edge was lost: a restart quicker than anybody looks must not go unseen. */
  get outageCount(): number {
    return this.outages;
  }

  /** @throws what {@link GatewayEndpoint.call} throws */
  async call(hostId: string, command: string, args: unknown, options: CallOptions): Promise<unknown> {
    const { endpoint } = this;
    if (endpoint === undefined) throw new ChannelDownError();
    return endpoint.call(hostId, command, args, options);
  }

  /** Follows hosts that were added and drops those that were removed. */
  async refresh(): Promise<void> {
    try {
      await this.endpoint?.refresh();
    } catch (error) {
      // Without the edge nobody can be told; here the list is loaded all the same.
      this.logger.warn({ err: error }, 'change of agents not announced');
    }
  }

  private onError(error: Error): void {
    if (error instanceof ChannelError && error.code === 'agent/channel-down') this.outages += 1;
    this.logger.warn({ err: error.message }, 'agent channel');
  }

  private onPresence({ agentId, online }: PresenceChange): void {
    if (!this.presence.set(agentId, online)) return;
    this.logger.log({ hostId: agentId, online }, 'agent presence');
    this.liveHosts.changed(agentId);
  }

  private onAlarm({ agentId, code, detail, at, count }: ChannelAlarm): void {
    const times = count > 1 ? ` (${count} times)` : '';
    void this.alarms.raise({ hostId: agentId, code, detail: `${detail}${times}`, atMs: at });
  }
}

function publicKeysOf(host: Host | null): AgentPublicKeys | undefined {
  if (host === null || host.state === 'revoked') return undefined;
  return loadPublicKeys({ kid: host.keyId, ed25519: host.signPublicKey, x25519: host.sealPublicKey });
}
