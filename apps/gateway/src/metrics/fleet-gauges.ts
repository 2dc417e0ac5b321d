import type { Health } from '@bailiff/contracts/http';
import { Database, type Host, type HostJail } from '@bailiff/persistence';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Gauge, type Registry } from 'prom-client';
import { FleetHealth } from '../channel/fleet-health.js';
import { Presence } from '../channel/presence.js';
import { summaryOf } from '../hosts/host-info.js';
import { LiveFeed } from '../live/live-feed.js';
import { Metrics } from './metrics.js';

const JAIL = ['host_id', 'host', 'jail'] as const;
const HOST = ['host_id', 'host'] as const;
const JAIL_STATUSES = ['running', 'idle', 'stopped', 'inactive'] as const;

type JailLabels = Record<(typeof JAIL)[number], string>;

/**
 * Hosts, jails and bans as the gateway last heard of them, read before each scrape. Nothing is asked of an agent for it.
 * What an offline host last said stays, as on the pages; `bailiff_host_up` tells how far to believe it.
 */
@Injectable()
export class FleetGauges implements OnModuleInit {
  private readonly gauges: ReturnType<typeof fleetGauges>;

  constructor(
    private readonly metrics: Metrics,
    private readonly database: Database,
    private readonly presence: Presence,
    private readonly health: FleetHealth,
    private readonly feed: LiveFeed,
  ) {
    this.gauges = fleetGauges(metrics.registry);
  }

  onModuleInit(): void {
    this.metrics.beforeScrape(() => this.refresh());
  }

  private async refresh(): Promise<void> {
    const { hosts, jails, activeBans } = this.database.read;
    const [usable, reported, banned] = await Promise.all([hosts.listUsable(), jails.list(), activeBans.count({})]);
    for (const gauge of Object.values(this.gauges)) gauge.reset();
    this.gauges.bansActive.set(banned);
    this.gauges.liveClients.set(this.feed.listeners);
    for (const check of this.health.checks()) this.showDependency(check);
    const names = new Map(usable.map(({ id, name }) => [id, name]));
    for (const host of usable) this.showHost(host);
    for (const jail of reported) {
      const host = names.get(jail.hostId);
      if (host !== undefined) this.showJail(jail, { host_id: jail.hostId, host, jail: jail.name });
    }
  }

  private showDependency({ name, status }: Health['checks'][number]): void {
    this.gauges.dependencyUp.set({ dependency: name }, status === 'ok' ? 1 : 0);
  }

  private showHost(host: Host): void {
    const labels = { host_id: host.id, host: host.name };
    const { hostUp, lastContact, clockSkew, fail2banUp, alarms } = this.gauges;
    hostUp.set(labels, host.state === 'active' && this.presence.isOnline(host.agentId) ? 1 : 0);
    alarms.set(labels, host.alarmCount);
    if (host.lastSeenAtMs !== null) lastContact.set(labels, host.lastSeenAtMs / 1_000);
    if (host.clockSkewMs !== null) clockSkew.set(labels, host.clockSkewMs / 1_000);
    const summary = summaryOf(host);
    if (summary !== null) fail2banUp.set({ ...labels, version: summary.version ?? '' }, summary.reachable ? 1 : 0);
  }

  private showJail(jail: HostJail, labels: JailLabels): void {
    const { jailStatus, jailBanned, jailBans, jailFailed, jailFailures } = this.gauges;
    for (const status of JAIL_STATUSES) jailStatus.set({ ...labels, status }, jail.status === status ? 1 : 0);
    const figures = [
      [jailBanned, jail.currentlyBanned],
      [jailBans, jail.totalBanned],
      [jailFailed, jail.currentlyFailed],
      [jailFailures, jail.totalFailed],
    ] as const;
    for (const [gauge, value] of figures) if (value !== null) gauge.set(labels, value);
  }
}

/** All of them; fail2ban's own totals are gauges too, since they are another process's counters that we only repeat. */
function fleetGauges(registry: Registry) {
  const gauge = <const L extends readonly string[]>(name: string, help: string, labelNames: L) =>
    new Gauge<L[number]>({ name: `bailiff_${name}`, help, labelNames, registers: [registry] });
  return {
    hostUp: gauge('host_up', 'Whether the agent of a host is online', HOST),
    lastContact: gauge('host_last_contact_timestamp_seconds', 'Last signed message of the agent', HOST),
    clockSkew: gauge('host_clock_skew_seconds', 'Clock of the host minus clock of the gateway', HOST),
    alarms: gauge('host_alarms', 'Alarms of the channel that were raised for a host', HOST),
    fail2banUp: gauge('fail2ban_up', 'Whether fail2ban answered the agent', [...HOST, 'version']),
    jailStatus: gauge('jail_status', 'One for the status a jail is in, zero for the others', [...JAIL, 'status']),
    jailBanned: gauge('jail_banned', 'Addresses a jail holds banned', JAIL),
    jailBans: gauge('jail_bans_total', 'Bans of a jail since its fail2ban started', JAIL),
    jailFailed: gauge('jail_failed', 'Addresses with failures a jail is counting', JAIL),
    jailFailures: gauge('jail_failures_total', 'Failures of a jail since its fail2ban started', JAIL),
    bansActive: gauge('bans_active', 'Bans in force on all hosts, by the list of this gateway', []),
    liveClients: gauge('live_clients', 'Browsers and programs connected to the live feed of this gateway', []),
    dependencyUp: gauge('dependency_up', 'Whether something the gateway leans on is connected', ['dependency']),
  };
}
