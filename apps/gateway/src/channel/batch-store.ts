import type { VerifiedBatch } from '@bailiff/agent-channel';
import { Database, HostNotUsableError, type IngestResult } from '@bailiff/persistence';
import { Injectable, Logger } from '@nestjs/common';
import { GeoLookups } from '../geo/geo-lookups.js';
import { NetworkInfo } from '../geo/network-info.js';
import { HostNames } from '../hosts/host-names.js';
import { JailActEvents } from '../jails/jail-act-events.js';
import { eventMessage } from '../live/archive-catch-up.js';
import { LiveFeed } from '../live/live-feed.js';
import { LiveHosts } from '../live/live-hosts.js';
import { Metrics } from '../metrics/metrics.js';
import { ClockSkew } from './clock-skew.js';
import { FleetEvents } from './fleet-events.js';
import { HostAlarms } from './host-alarms.js';
import { checkBatch } from './ingest-steps.js';

/** Turns verified batches of agents into rows, and then into what browsers see. */
@Injectable()
export class BatchStore {
  private readonly logger = new Logger(BatchStore.name);
  private readonly skew = new ClockSkew();

  constructor(
    private readonly database: Database,
    private readonly alarms: HostAlarms,
    private readonly hostNames: HostNames,
    private readonly geo: GeoLookups,
    private readonly networks: NetworkInfo,
    private readonly feed: LiveFeed,
    private readonly liveHosts: LiveHosts,
    private readonly metrics: Metrics,
    private readonly jailActs: JailActEvents,
    private readonly events: FleetEvents,
  ) {}

  /**
   * Stores a batch with its session position in one transaction; resolves once it is committed. Rejects only when the
   * database does, which brings the batch again.
   */
  async store(batch: VerifiedBatch): Promise<void> {
    const { agentId: hostId, session, receivedAt } = batch;
    const { hello, steps, acts, faults } = checkBatch(batch);
    const clockSkewMs = this.skew.measure(batch);
    let result: IngestResult;
    try {
      result = await this.database.withTransaction(({ ingest }) =>
        ingest.storeBatch({ hostId, nowMs: receivedAt, session, hello, clockSkewMs, steps }),
      );
    } catch (error) {
      // Revoked meanwhile: its messages are ignored, for ever.
      if (error instanceof HostNotUsableError) return;
      throw error;
    }
    if (faults.length > 0) this.tellFaults(hostId, faults, receivedAt);
    for (const act of acts) this.jailActs.tell(hostId, act);
    this.events.tell(hostId, result, hello !== undefined);
    await this.announce(hostId, result, hello !== undefined || steps.some(({ type }) => type === 'status'));
  }

  private tellFaults(hostId: string, faults: readonly string[], atMs: number): void {
    const more = faults.length > 1 ? ` (and ${faults.length - 1} more)` : '';
    void this.alarms.raise({ hostId, code: 'invalid_event', detail: `${faults[0] ?? ''}${more}`, atMs });
  }

  /** What follows a commit must not undo it: a failure here is logged, and browsers are told to load again. */
  private async announce(hostId: string, result: IngestResult, isHostChanged: boolean): Promise<void> {
    try {
      if (isHostChanged) this.liveHosts.changed(hostId);
      this.count(result);
      this.geo.notice(result.events.flatMap(({ event }) => (event.kind === 'ban' ? event.address : [])));
      if (!this.feed.hasListeners) return;
      const hostName = await this.hostNames.of(hostId);
      const names = await this.networks.asNames(result.events.flatMap(({ event }) => event.asn ?? []));
      for (const { event, active } of result.events)
        this.feed.publish(eventMessage(event, active, hostName, names.get(event.asn ?? 0)));
      for (const { jail, address, atMs } of result.failures)
        this.feed.publish({ type: 'found_event', hostId, jail, address, at: new Date(atMs).toISOString() });
      // Rows that came or went by a snapshot have no events of their own.
      const { added = 0, removed = 0 } = result.snapshot ?? {};
      if (added + removed > 0) this.feed.publish({ type: 'resync' });
    } catch (error) {
      this.logger.error({ err: error, hostId }, 'stored batch not announced');
      this.feed.publish({ type: 'resync' });
    }
  }

  private count({ events, failures }: IngestResult): void {
    for (const { event } of events) this.metrics.countEvents(event.kind, event.origin, 1);
    if (failures.length > 0) this.metrics.countEvents('failure', '', failures.length);
  }
}
