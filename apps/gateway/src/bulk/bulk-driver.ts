import { Database, type BulkJob, type BulkPart } from '@bailiff/persistence';
import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import { AgentCommands } from '../channel/agent-commands.js';
import { SYSTEM_ACTOR } from '../auth/actor.js';
import { AuditService } from '../audit/audit.service.js';
import { HostStatusThrottle } from '../live/host-status-throttle.js';
import { LiveFeed } from '../live/live-feed.js';
import { BulkHostRun } from './bulk-host-run.js';
import { toBulkJob } from './bulk-job-view.js';
import { BulkRate } from './bulk-rate.js';
import { addCounts, countResults, isEnded } from './part-results.js';

/** A job nobody wrote about for this long has lost its gateway: another takes it over, or this one after its restart. */
const ABANDONED_MS = 6_000;
const LOOK_EVERY_MS = 3_000;
const TOUCH_EVERY_MS = 2_000;
/** Messages to browsers. */
const TELL_EVERY_MS = 250;

interface Running {
  readonly stop: AbortController;
  readonly rate: BulkRate;
  readonly runs: ReadonlyMap<string, BulkHostRun>;
  readonly done: Promise<void>;
}

/** Sees started lists through: hands them to their hosts, gathers what became of them, tells browsers. */
@Injectable()
export class BulkDriver implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(BulkDriver.name);
  private readonly running = new Map<string, Running>();
  private readonly throttle = new HostStatusThrottle(TELL_EVERY_MS, (jobId) => void this.tell(jobId));
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly database: Database,
    private readonly commands: AgentCommands,
    private readonly feed: LiveFeed,
    private readonly audit: AuditService,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.adopt(), LOOK_EVERY_MS);
    this.timer.unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    for (const { stop } of this.running.values()) stop.abort();
    await Promise.all([...this.running.values()].map(({ done }) => done));
    this.throttle.stop();
  }

  /** Results a second of a job that this gateway drives; null for others. */
  rateOf(jobId: string): number | null {
    return this.running.get(jobId)?.rate.perSecond(performance.now()) ?? null;
  }

  /** Sees a job through. @param isResumed whether it was not just started */
  drive(jobId: string, isResumed = false): void {
    if (this.running.has(jobId)) return;
    const stop = new AbortController();
    const runs = new Map<string, BulkHostRun>();
    const done = this.seeThrough(jobId, stop.signal, runs, isResumed)
      .catch((error: unknown) => this.logger.error({ err: error, jobId }, 'list not seen through; trying again'))
      .finally(() => this.running.delete(jobId));
    this.running.set(jobId, { stop, rate: new BulkRate(), runs, done });
  }

  /** Something about it changed: look now. */
  wake(jobId: string): void {
    for (const run of this.running.get(jobId)?.runs.values() ?? []) run.wake();
    this.throttle.notice(jobId);
  }

  private async adopt(): Promise<void> {
    try {
      const nowMs = Date.now();
      for (const { id } of await this.database.read.bulk.listAbandoned(nowMs - ABANDONED_MS)) {
        if (this.running.has(id)) continue;
        const isOurs = await this.database.withTransaction(({ bulk }) => bulk.claim(id, nowMs - ABANDONED_MS, nowMs));
        if (isOurs) this.drive(id, true);
      }
    } catch (error) {
      this.logger.warn({ err: error }, 'lists under way not looked for');
    }
  }

  private async seeThrough(
    jobId: string,
    signal: AbortSignal,
    runs: Map<string, BulkHostRun>,
    isResumed: boolean,
  ): Promise<void> {
    const job = await this.database.read.bulk.find(jobId);
    if (job === null) return;
    const hostIds = new Set((await this.database.read.bulk.parts(jobId)).map(({ hostId }) => hostId));
    const touch = setInterval(() => void this.touch(jobId), TOUCH_EVERY_MS);
    try {
      await Promise.all([...hostIds].map((hostId) => this.seeHostThrough(job, hostId, signal, runs, isResumed)));
    } finally {
      clearInterval(touch);
    }
    if (!signal.aborted) await this.finish(job);
  }

  /** One host's trouble is not another's: what fails here is tried again here, from what is stored. */
  private async seeHostThrough(
    job: BulkJob,
    hostId: string,
    signal: AbortSignal,
    runs: Map<string, BulkHostRun>,
    isResumed: boolean,
  ): Promise<void> {
    const tools = { database: this.database, commands: this.commands, changed: () => this.throttle.notice(job.id) };
    for (let isAgain = isResumed; !signal.aborted; isAgain = true) {
      try {
        const parts = (await this.database.read.bulk.parts(job.id)).filter((part) => part.hostId === hostId);
        const run = new BulkHostRun(job, parts, tools, signal, isAgain);
        runs.set(hostId, run);
        return await run.run();
      } catch (error) {
        this.logger.error({ err: error, jobId: job.id, hostId }, 'a host’s share not seen through; trying again');
        await pause(ABANDONED_MS, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  private async finish(job: BulkJob): Promise<void> {
    const endedAtMs = Date.now();
    await this.database.withTransaction(async (repositories) => {
      const { bulk } = repositories;
      const parts = await bulk.parts(job.id);
      // Another gateway sees it through.
      if (!parts.every(isEnded)) return;
      const isCut = parts.some(({ state }) => state === 'cancelled');
      const state = isCut ? 'cancelled' : 'done';
      if (!(await bulk.change(job.id, ['running', 'cancelling'], { state, endedAtMs, touchedAtMs: endedAtMs }))) return;
      for (const [hostId, own] of Map.groupBy(parts, (part) => part.hostId))
        await this.record(repositories, job, hostId, own);
    });
    this.throttle.notice(job.id);
  }

  private record(
    repositories: Parameters<AuditService['record']>[0],
    job: BulkJob,
    id: string,
    parts: readonly BulkPart[],
  ): Promise<void> {
    const counts = addCounts(parts.map((part) => countResults(part, job.entries)));
    const failed = parts.find(({ code }) => code !== null);
    return this.audit.record(
      repositories,
      {
        actor: { ...SYSTEM_ACTOR, name: job.owner },
        action: job.direction === 'ban' ? 'bulk.ban-ended' : 'bulk.unban-ended',
        host: { id, name: parts[0]?.hostName ?? id },
        target: `${job.entries} addresses`,
        after: { jobId: job.id, ...counts },
      },
      counts.failed > 0 ? { result: 'failed', code: failed?.code ?? null } : { result: 'ok' },
    );
  }

  private async touch(id: string): Promise<void> {
    try {
      const touchedAtMs = Date.now();
      await this.database.withTransaction(({ bulk }) => bulk.change(id, ['running', 'cancelling'], { touchedAtMs }));
    } catch (error) {
      this.logger.warn({ err: error }, 'list not touched');
    }
  }

  private async tell(jobId: string): Promise<void> {
    const running = this.running.get(jobId);
    try {
      const job = await this.database.read.bulk.find(jobId);
      if (job === null) return;
      const parts = await this.database.read.bulk.parts(jobId);
      const done = parts.reduce((sum, { results }) => sum + results.length, 0);
      running?.rate.note(done, performance.now());
      if (this.feed.hasListeners)
        this.feed.publish({
          type: 'bulk_job',
          job: toBulkJob(job, parts, running?.rate.perSecond(performance.now()) ?? null),
        });
    } catch (error) {
      this.logger.warn({ err: error, jobId }, 'progress not told');
    }
  }
}
