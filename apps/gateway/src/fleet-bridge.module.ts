import type { SetupProposal } from '@bailiff/contracts/http';
import { Database } from '@bailiff/persistence';
import { Global, Injectable, Module, type OnModuleInit } from '@nestjs/common';
import { FleetHealth } from './channel/fleet-health.js';
import { Notices } from './core/notices.js';
import { FleetModule } from './fleet.module.js';
import { HealthChecks } from './health/health-checks.js';
import { HostRegistry } from './hosts/host-registry.js';
import { LiveFeed } from './live/live-feed.js';
import { LocalHosts } from './setup/local-hosts.js';

/** What setup wants to know of the fleet. */
@Injectable()
class FleetLocalHosts extends LocalHosts {
  constructor(
    private readonly database: Database,
    private readonly registry: HostRegistry,
  ) {
    super();
  }

  async find(): Promise<SetupProposal['localHost']> {
    const host = (await this.database.read.hosts.listUsable()).find(({ isLocal }) => isLocal);
    if (host === undefined) return null;
    const { id, name, socketPath, fail2banVersion } = host;
    return { id, name, socketPath, fail2banVersion };
  }

  async remove(): Promise<void> {
    const local = await this.find();
    if (local !== null) await this.registry.revoke(local.id);
  }
}

/** Open pages hear of changed preferences at once, on whichever gateway copy it happened. */
@Injectable()
class LiveNotices implements OnModuleInit {
  constructor(
    private readonly notices: Notices,
    private readonly feed: LiveFeed,
  ) {}

  onModuleInit(): void {
    this.notices.listen('preferences', () => this.feed.publish({ type: 'preferences_changed' }));
  }
}

/** Joins the fleet's features with those that know nothing of hosts. */
@Global()
@Module({
  imports: [FleetModule],
  providers: [
    LiveNotices,
    { provide: LocalHosts, useClass: FleetLocalHosts },
    { provide: HealthChecks, useExisting: FleetHealth },
  ],
  exports: [LocalHosts, HealthChecks],
})
export class FleetBridgeModule {}
