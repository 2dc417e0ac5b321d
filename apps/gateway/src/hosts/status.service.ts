import type { FleetStatus } from '@bailiff/contracts/http';
import { Database } from '@bailiff/persistence';
import { Injectable } from '@nestjs/common';
import { Presence } from '../channel/presence.js';
import { fleetStatus } from './fail2ban-summary.js';
import { summaryOf } from './host-info.js';

/** The status strip of every page. */
@Injectable()
export class StatusService {
  constructor(
    private readonly database: Database,
    private readonly presence: Presence,
  ) {}

  async status(hostIds: readonly string[] | undefined): Promise<FleetStatus> {
    const { hosts, activeBans } = this.database.read;
    const [usable, currentlyBanned] = await Promise.all([hosts.listUsable(), activeBans.count({ hostIds })]);
    const chosen = usable.filter(({ id }) => hostIds === undefined || hostIds.includes(id));
    const reports = chosen.map((host) => ({
      isOnline: host.state === 'active' && this.presence.isOnline(host.agentId),
      fail2ban: summaryOf(host),
      statusAtMs: host.statusAtMs,
    }));
    return fleetStatus(reports, currentlyBanned);
  }
}
