import { Database } from '@bailiff/persistence';
import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { Presence } from '../channel/presence.js';
import { toHostInfo } from '../hosts/host-info.js';
import { HostStatusThrottle } from './host-status-throttle.js';
import { LiveFeed } from './live-feed.js';

/** At most one `host_status` a host in this time, milliseconds. */
const INTERVAL_MS = 1_000;

/** Pushes the state of hosts that changed, not more often than anybody can read. */
@Injectable()
export class LiveHosts implements OnApplicationShutdown {
  private readonly logger = new Logger(LiveHosts.name);
  private readonly throttle = new HostStatusThrottle(INTERVAL_MS, (hostId) => void this.push(hostId));

  constructor(
    private readonly database: Database,
    private readonly presence: Presence,
    private readonly feed: LiveFeed,
  ) {}

  changed(hostId: string): void {
    this.throttle.notice(hostId);
  }

  onApplicationShutdown(): void {
    this.throttle.stop();
  }

  private async push(hostId: string): Promise<void> {
    if (!this.feed.hasListeners) return;
    try {
      const host = await this.database.read.hosts.find(hostId);
      if (host === null) return;
      this.feed.publish({ type: 'host_status', host: toHostInfo(host, this.presence.isOnline(host.agentId)) });
    } catch (error) {
      this.logger.warn({ err: error, hostId }, 'host status not pushed');
    }
  }
}
