import { setTimeout as sleep } from 'node:timers/promises';
import { randomUUID } from 'node:crypto';
import type { ArchiveDeletion, ArchiveDeletionRequest, ArchiveState } from '@bailiff/contracts/http';
import { type ArchivePurge, Database, type PurgeReason } from '@bailiff/persistence';
import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { Cron, CronExpression, Interval } from '@nestjs/schedule';
import { type Actor, SYSTEM_ACTOR } from '../auth/actor.js';
import { AuditService } from '../audit/audit.service.js';
import { LiveFeed } from '../live/live-feed.js';
import { SettingsService } from '../settings/settings.service.js';
import { ArchiveBusyError, UnknownDeletionError } from './archive.errors.js';

/** Events a transaction deletes: on SQLite that holds event loop and writers for some milliseconds. */
const SLICE = 250;
const DAY_MS = 86_400_000;
/** How soon a deletion that another copy left behind is taken up, milliseconds. */
const LOOK_EVERY_MS = 15_000;

/** Deletes events whose time is over, or that an operator wants gone. One deletion at a time, however many gateways run. */
@Injectable()
export class ArchiveDeletions implements BeforeApplicationShutdown {
  private readonly logger = new Logger(ArchiveDeletions.name);
  private readonly running = new Map<string, Promise<void>>();
  private isStopped = false;

  constructor(
    private readonly database: Database,
    private readonly settings: SettingsService,
    private readonly audit: AuditService,
    private readonly feed: LiveFeed,
  ) {}

  async beforeApplicationShutdown(): Promise<void> {
    this.isStopped = true;
    await Promise.all(this.running.values());
  }

  /** How large the archive is, how long events are kept, and the last deletion. */
  async state(): Promise<ArchiveState> {
    const { archivePurge } = this.database.read;
    const [{ rows, oldestAtMs, newestAtMs }, deletion, databaseBytes, { retentionDays = 0 }] = await Promise.all([
      archivePurge.facts(),
      archivePurge.current(),
      this.database.sizeBytes(),
      this.settings.preferences(),
    ]);
    return {
      database: this.database.kind,
      databaseBytes,
      events: rows,
      oldest: timeOf(oldestAtMs),
      newest: timeOf(newestAtMs),
      retentionDays,
      deletion: deletion === null ? null : toDeletion(deletion),
    };
  }

  /** Begins to delete what an operator named; goes on by itself. @throws {ArchiveBusyError} */
  async start(actor: Actor, { before }: ArchiveDeletionRequest): Promise<ArchiveDeletion> {
    // Events of this very moment are older than the next one.
    const beforeMs = before === undefined ? Date.now() + 1 : Date.parse(before);
    const begun = await this.begin(
      actor,
      'asked',
      beforeMs,
      before === undefined ? 'everything' : `older than ${before}`,
    );
    if (begun === undefined) throw new ArchiveBusyError();
    return toDeletion(begun);
  }

  /** One deletion, if it is the one that runs or ran last. @throws {UnknownDeletionError} */
  async find(id: string): Promise<ArchiveDeletion> {
    const current = await this.database.read.archivePurge.current();
    if (current?.jobId !== id) throw new UnknownDeletionError();
    return toDeletion(current);
  }

  /** Stops a deletion; what is gone stays gone. @throws {UnknownDeletionError} when it does not run */
  async cancel(actor: Actor, id: string): Promise<ArchiveDeletion> {
    const cancelled = await this.database.withTransaction(async (repositories) => {
      const purge = await repositories.archivePurge.cancel(id, Date.now());
      if (purge === undefined) throw new UnknownDeletionError();
      const after = { deleted: purge.deleted, total: purge.total };
      await this.audit.record(repositories, { actor, action: 'archive.delete-cancel', target: targetOf(purge), after });
      return purge;
    });
    this.feed.publish({ type: 'resync' });
    return toDeletion(cancelled);
  }

  /** Deletes events whose time is over. */
  @Cron(CronExpression.EVERY_HOUR)
  async retain(): Promise<void> {
    try {
      const { retentionDays = 0 } = await this.settings.preferences();
      if (retentionDays === 0) return;
      const beforeMs = Date.now() - retentionDays * DAY_MS;
      const { oldestAtMs } = await this.database.read.archivePurge.facts();
      if (oldestAtMs !== null && oldestAtMs < beforeMs)
        await this.begin(SYSTEM_ACTOR, 'retention', beforeMs, `older than ${retentionDays} days`);
    } catch (error) {
      this.logger.warn({ err: error }, 'old events not deleted');
    }
  }

  /** Goes on with a deletion whose gateway is gone. */
  @Interval(LOOK_EVERY_MS)
  async adopt(): Promise<void> {
    try {
      const left = await this.database.withTransaction(({ archivePurge }) => archivePurge.takeOver(Date.now()));
      if (left !== undefined) this.drive(left);
    } catch (error) {
      this.logger.warn({ err: error }, 'deletion not taken over');
    }
  }

  private async begin(
    actor: Actor,
    reason: PurgeReason,
    beforeMs: number,
    target: string,
  ): Promise<ArchivePurge | undefined> {
    const begun = await this.database.withTransaction(async (repositories) => {
      const request = { jobId: randomUUID(), reason, actor: actor.name, beforeMs };
      const purge = await repositories.archivePurge.begin(request, Date.now());
      if (purge !== undefined)
        await this.audit.record(repositories, {
          actor,
          action: 'archive.delete',
          target,
          after: { total: purge.total },
        });
      return purge;
    });
    if (begun !== undefined) this.drive(begun);
    return begun;
  }

  private drive({ jobId }: ArchivePurge): void {
    if (this.running.has(jobId) || this.isStopped) return;
    const done = this.seeThrough(jobId)
      .catch((error: unknown) =>
        this.logger.error({ err: error, jobId }, 'deletion interrupted; taken up again shortly'),
      )
      .finally(() => this.running.delete(jobId));
    this.running.set(jobId, done);
  }

  private async seeThrough(jobId: string): Promise<void> {
    while (!this.isStopped) {
      const startedAt = performance.now();
      const purge = await this.database.withTransaction(({ archivePurge }) =>
        archivePurge.slice(jobId, SLICE, Date.now()),
      );
      if (purge === undefined) return; // cancelled
      if (purge.state === 'done') {
        await this.finish(purge);
        return;
      }
      // Half of the time belongs to everybody else.
      await sleep(Math.ceil(performance.now() - startedAt));
    }
  }

  private async finish(purge: ArchivePurge): Promise<void> {
    const { deleted, jobId, reason } = purge;
    this.logger.log({ jobId, reason, deleted }, 'events deleted');
    await this.database.withTransaction((repositories) =>
      this.audit.record(repositories, {
        actor: SYSTEM_ACTOR,
        action: 'archive.deleted',
        target: targetOf(purge),
        after: { deleted },
      }),
    );
    this.feed.publish({ type: 'resync' });
  }
}

function targetOf({ beforeMs }: ArchivePurge): string {
  return `older than ${new Date(beforeMs).toISOString()}`;
}

function toDeletion(purge: ArchivePurge): ArchiveDeletion {
  const { jobId: id, reason, state, actor, total, deleted } = purge;
  return {
    ...{ id, reason, state, actor, total, deleted },
    before: new Date(purge.beforeMs).toISOString(),
    startedAt: new Date(purge.startedAtMs).toISOString(),
    finishedAt: timeOf(purge.finishedAtMs),
  };
}

function timeOf(atMs: number | null): string | null {
  return atMs === null ? null : new Date(atMs).toISOString();
}
