import type { HostAlarm, HostInfo, HostPatch } from '@bailiff/contracts/http';
import { Database, type Host } from '@bailiff/persistence';
import { Injectable } from '@nestjs/common';
import type { Actor } from '../auth/actor.js';
import { AuditService } from '../audit/audit.service.js';
import { Presence } from '../channel/presence.js';
import { LiveHosts } from '../live/live-hosts.js';
import { UnknownHostError } from './host.errors.js';
import { toHostInfo } from './host-info.js';
import { HostNames } from './host-names.js';
import { HostRegistry } from './host-registry.js';

const ALARMS_SHOWN = 200;

/** The fleet's hosts as operators see and change them. */
@Injectable()
export class HostsService {
  constructor(
    private readonly database: Database,
    private readonly presence: Presence,
    private readonly registry: HostRegistry,
    private readonly hostNames: HostNames,
    private readonly liveHosts: LiveHosts,
    private readonly audit: AuditService,
  ) {}

  /** Hosts that belong to the fleet, by name; revoked ones are left out. */
  async list(): Promise<HostInfo[]> {
    const hosts = await this.database.read.hosts.listUsable();
    return hosts.map((host) => this.describe(host));
  }

  /** @throws {UnknownHostError} */
  async get(hostId: string): Promise<HostInfo> {
    return this.describe(await this.find(hostId));
  }

  /** Renames or tags a host. @throws {UnknownHostError} */
  async change(actor: Actor, hostId: string, { name, tags }: HostPatch): Promise<HostInfo> {
    const host = await this.find(hostId);
    const change = { ...(name === undefined ? {} : { name }), ...(tags === undefined ? {} : { tags }) };
    const before = { name: host.name, tags: host.tags };
    await this.audit.act({ actor, action: 'host.change', host, before, after: { ...before, ...change } }, () =>
      this.database.withTransaction(({ hosts }) => hosts.update(hostId, change)),
    );
    if (name !== undefined) this.hostNames.set(hostId, name);
    this.liveHosts.changed(hostId);
    return this.get(hostId);
  }

  /** Takes a host out of the fleet for ever; its archive stays. @throws {UnknownHostError} */
  async revoke(actor: Actor, hostId: string): Promise<void> {
    const host = await this.find(hostId);
    if (host.state === 'revoked') return;
    await this.audit.act({ actor, action: 'host.revoke', host, before: { state: host.state } }, () =>
      this.registry.revoke(hostId),
    );
  }

  /** Newest first. @throws {UnknownHostError} */
  async alarms(hostId: string): Promise<HostAlarm[]> {
    await this.find(hostId);
    const { items } = await this.database.read.hosts.alarms(hostId, { limit: ALARMS_SHOWN });
    return items.map(({ atMs, code, detail }) => ({ at: new Date(atMs).toISOString(), code, detail }));
  }

  private async find(hostId: string): Promise<Host> {
    const host = await this.database.read.hosts.find(hostId);
    if (host === null) throw new UnknownHostError(hostId);
    return host;
  }

  private describe(host: Host): HostInfo {
    return toHostInfo(host, this.presence.isOnline(host.agentId));
  }
}
