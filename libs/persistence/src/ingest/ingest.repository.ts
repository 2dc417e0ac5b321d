import type { EntityManager } from 'typeorm';
import { Host, HostJail } from '../entities/index.js';
import { ArchiveChanges } from './archive-changes.js';
import { HostNotUsableError } from '../errors/host-not-usable.error.js';
import { storableText } from '../sql/dialect.js';
import type {
  IngestBatch,
  IngestHello,
  IngestResult,
  IngestStatus,
  IngestTicket,
  StoredEvent,
  StoredSession,
} from './ingest-batch.js';
import { SnapshotIngest } from './snapshot-ingest.js';
import { TicketIngest } from './ticket-ingest.js';

/** Where verified messages of agents become rows. Call inside a transaction. */
export class IngestRepository {
  constructor(private readonly manager: EntityManager) {}

  /** The channel's position as of the last stored batch; undefined before the first. */
  async loadSession(hostId: string): Promise<StoredSession | undefined> {
    const host = await this.manager.findOneBy(Host, { id: hostId });
    if (host === null || host.sessionSid === null) return undefined;
    return {
      sid: host.sessionSid,
      boot: host.sessionBoot,
      seq: host.sessionSeq,
      position: host.streamPosition ?? '0',
    };
  }

  /**
   * Stores a batch: archive (rows known already are skipped), current bans, counters, snapshot, status, and the position of the
   * channel. At-least-once delivery becomes exactly-once here.
   * @throws {HostNotUsableError}
   */
  async storeBatch(batch: IngestBatch): Promise<IngestResult> {
    const host = await this.manager.findOneBy(Host, { id: batch.hostId });
    if (host === null) throw new HostNotUsableError(batch.hostId, 'unknown');
    if (host.state === 'revoked') throw new HostNotUsableError(batch.hostId, 'revoked');

    if (batch.hello !== undefined) applyHello(host, batch.hello);
    if (batch.clockSkewMs !== undefined) host.clockSkewMs = batch.clockSkewMs;
    const events: StoredEvent[] = [];
    const failures: IngestTicket[] = [];
    let snapshot: IngestResult['snapshot'] = null;
    const changes = new ArchiveChanges();
    const tickets = new TicketIngest(this.manager, host.id, batch.nowMs, changes);
    const snapshots = new SnapshotIngest(this.manager, host);
    for (const step of batch.steps) {
      switch (step.type) {
        case 'tickets': {
          const fresh = takeFresh(host, step.tickets);
          events.push(...(await tickets.store(fresh)));
          failures.push(...fresh.filter(({ kind }) => kind === 'found'));
          break;
        }
        case 'snapshot':
          snapshot = (await snapshots.add(step.snapshot)) ?? snapshot;
          break;
        case 'status':
          await this.applyStatus(host, step.status);
          break;
      }
    }
    host.lastSeenAtMs = batch.nowMs;
    host.sessionSid = batch.session.sid;
    host.sessionBoot = batch.session.boot;
    host.sessionSeq = batch.session.seq;
    host.streamPosition = batch.session.position;
    await this.manager.update(Host, { id: host.id }, channelColumns(host));
    await changes.apply(this.manager);
    return { events, failures, snapshot, host };
  }

  private async applyStatus(host: Host, status: IngestStatus): Promise<void> {
    host.status = status.summary;
    host.statusAtMs = status.atMs;
    if (status.fail2banVersion !== null) host.fail2banVersion = status.fail2banVersion;
    if (status.socketPath !== null) host.socketPath = status.socketPath;
    if (status.jails === undefined) return;
    await this.manager.delete(HostJail, { hostId: host.id });
    const byName = new Map(status.jails.map((jail) => [storableText(jail.name), jail]));
    const rows = Array.from(byName, ([name, jail]) => ({
      hostId: host.id,
      name,
      status: jail.status,
      backend: jail.backend ?? null,
      currentlyBanned: jail.currentlyBanned ?? null,
      totalBanned: jail.totalBanned ?? null,
      currentlyFailed: jail.currentlyFailed ?? null,
      totalFailed: jail.totalFailed ?? null,
      findtimeSeconds: jail.findtimeSeconds ?? null,
      bantimeSeconds: jail.bantimeSeconds ?? null,
      maxretry: jail.maxretry ?? null,
      reportedAtMs: status.atMs,
    }));
    for (let start = 0; start < rows.length; start += 500)
      await this.manager.insert(HostJail, rows.slice(start, start + 500));
  }
}

function applyHello(host: Host, hello: IngestHello): void {
  host.state = 'active';
  host.agentVersion = hello.agentVersion;
  host.hostname = storableText(hello.hostname);
  host.policyGroups = [...hello.groups];
  if (hello.fail2banVersion !== undefined) host.fail2banVersion = hello.fail2banVersion;
  if (hello.socketPath !== undefined) host.socketPath = hello.socketPath;
}

/**
 * Leaves out failures that were counted before: nothing else tells one from another of the same address and moment. Bans and
 * unbans are known by what they are.
 */
function takeFresh(host: Host, tickets: readonly IngestTicket[]): IngestTicket[] {
  return tickets.filter(({ kind, number }) => {
    if (kind !== 'found' || number === undefined) return true;
    if (number <= host.failureNumber) return false;
    host.failureNumber = number;
    return true;
  });
}

/** The columns a batch may change; names, tags and keys are other people's. */
const CHANNEL_COLUMNS = [
  'state',
  'agentVersion',
  'hostname',
  'policyGroups',
  'fail2banVersion',
  'socketPath',
  'clockSkewMs',
  'status',
  'statusAtMs',
  'lastSeenAtMs',
  'sessionSid',
  'sessionBoot',
  'sessionSeq',
  'streamPosition',
  'snapshotId',
  'snapshotNextIndex',
  'failureNumber',
] as const satisfies readonly (keyof Host)[];

function channelColumns(host: Host): Pick<Host, (typeof CHANNEL_COLUMNS)[number]> {
  return Object.fromEntries(CHANNEL_COLUMNS.map((column) => [column, host[column]])) as Pick<
    Host,
    (typeof CHANNEL_COLUMNS)[number]
  >;
}
