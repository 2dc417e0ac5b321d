import type { LookupKind } from '@bailiff/contracts/http';
import { JOBS, type LookupDescribeJob, type LookupRunJob, QUEUES } from '@bailiff/contracts/jobs';
import { currentCorrelationId } from '@bailiff/nest-kit';
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Queue, QueueEvents } from 'bullmq';
import { Redis } from 'ioredis';
import { setTimeout as sleep } from 'node:timers/promises';
import { FleetOptions } from '../channel/fleet-options.js';

const RECONNECT_MAX_MS = 1_000;
/** Longest wait for a clean end of a connection, milliseconds. */
const GOODBYE_MS = 1_000;
/** A question that no worker took by then is never asked, milliseconds: longer than clocks differ. */
const EXPIRES_MS = 5 * 60_000;
/** A worker says again what it can do when somebody wants to know and this much time has passed, milliseconds. */
const DESCRIBE_EVERY_MS = 60_000;
const DESCRIBE_LOOK_MS = 500;
const DESCRIBE_LOOKS = 60;
const KEEP = { removeOnComplete: { age: 300, count: 500 }, removeOnFail: { age: 300, count: 500 } };

/** Called with whatever a worker answered, and with the question of a job that broke down. */
export interface LookupListener {
  answered(value: unknown): Promise<void>;
  brokeDown(question: unknown): Promise<void>;
}

/** Questions to the worker and its answers. A question that fails is not repeated: whoever wants to know asks again. */
@Injectable()
export class LookupQueue implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(LookupQueue.name);
  private listener: LookupListener | undefined;
  private producer: Redis | undefined;
  private queue: Queue | undefined;
  private events: QueueEvents | undefined;
  private isStopped = false;
  private describeAskedAtMs = 0;

  constructor(private readonly options: FleetOptions) {}

  /** Who takes the answers; to be said before the application starts. */
  listen(listener: LookupListener): void {
    this.listener = listener;
  }

  onApplicationBootstrap(): void {
    const url = this.options.redisUrl;
    const complain = (error: Error) => this.logger.warn({ err: error.message }, 'look-up queue not reachable');
    // The producer fails fast, so that a page hears at once; the listener waits for as long as it takes.
    this.producer = new Redis(url, { enableOfflineQueue: false, maxRetriesPerRequest: 1 });
    this.producer.on('error', complain);
    this.queue = new Queue(QUEUES.lookups, { connection: this.producer, streams: { events: { maxLen: 500 } } });
    this.queue.on('error', complain);
    this.events = new QueueEvents(QUEUES.lookups, {
      connection: { url, maxRetriesPerRequest: null, retryStrategy: this.retry },
    });
    this.events.on('error', complain);
    this.events.on('completed', ({ returnvalue }) => void this.take(returnvalue));
    this.events.on('failed', ({ jobId }) => void this.takeFailure(jobId));
    this.describe();
  }

  async onApplicationShutdown(): Promise<void> {
    this.isStopped = true;
    const goodbyes = Promise.allSettled([this.queue?.close(), this.events?.close()]);
    await Promise.race([goodbyes, sleep(GOODBYE_MS, undefined, { ref: false })]);
    this.producer?.disconnect();
  }

  /** Hands a question to the worker. @throws when Redis is away */
  async ask(question: Pick<LookupRunJob, 'askId' | 'address' | 'kind'>): Promise<void> {
    const expiresAtMs = Date.now() + EXPIRES_MS;
    const payload: LookupRunJob = { v: 1, correlationId: currentCorrelationId(), ...question, expiresAtMs };
    await this.queue?.add(JOBS.lookupRun, payload, { ...KEEP, jobId: `${JOBS.lookupRun}-${question.askId}` });
  }

  /** Takes back questions of these kinds that no worker has taken yet. @throws when Redis is away */
  async withdraw(kinds: readonly LookupKind[]): Promise<void> {
    for (const job of (await this.queue?.getJobs(['wait', 'prioritized'])) ?? []) {
      if (job.name === JOBS.lookupRun && kinds.includes((job.data as LookupRunJob).kind)) await job.remove();
    }
  }

  /** Asks a worker what it can do, unless one was asked a moment ago. Its answer comes to the listener. */
  describe(): void {
    const now = Date.now();
    if (now - this.describeAskedAtMs < DESCRIBE_EVERY_MS) return;
    this.describeAskedAtMs = now;
    const payload: LookupDescribeJob = { v: 1, correlationId: currentCorrelationId() };
    const jobId = `${JOBS.lookupDescribe}-${Math.floor(now / DESCRIBE_EVERY_MS)}`;
    void this.askWhatIsPossible(payload, jobId);
  }

  private async askWhatIsPossible(payload: LookupDescribeJob, jobId: string): Promise<void> {
    try {
      await this.producerReady();
      await this.queue?.add(JOBS.lookupDescribe, payload, { ...KEEP, jobId });
      // Its answer may have passed: somebody else asked before us, or events are not heard yet. So it is looked for as well.
      for (let looks = 0; looks < DESCRIBE_LOOKS && !this.isStopped; looks += 1) {
        const job = await this.queue?.getJob(jobId);
        if (job?.finishedOn !== undefined) return await this.take(job.returnvalue);
        await sleep(DESCRIBE_LOOK_MS, undefined, { ref: false });
      }
    } catch (error) {
      this.describeAskedAtMs = 0;
      if (!this.isStopped) this.logger.warn({ err: errorText(error) }, 'no worker asked what it can do');
    }
  }

  /** At start the connection is still being made. */
  private async producerReady(): Promise<void> {
    const { producer } = this;
    if (producer === undefined || producer.status === 'ready') return;
    await new Promise<void>((resolve, reject) => {
      producer.once('ready', resolve);
      producer.once('error', reject);
    });
  }

  private readonly retry = (times: number): number | null =>
    this.isStopped ? null : Math.min(50 * 2 ** Math.min(times, 10), RECONNECT_MAX_MS);

  private async take(value: unknown): Promise<void> {
    try {
      await this.listener?.answered(value);
    } catch (error) {
      this.logger.error({ err: error }, 'answer of a look-up not stored');
    }
  }

  private async takeFailure(jobId: string): Promise<void> {
    try {
      const job = await this.queue?.getJob(jobId);
      if (job?.name === JOBS.lookupRun) await this.listener?.brokeDown(job.data);
    } catch (error) {
      this.logger.error({ err: error }, 'failure of a look-up not stored');
    }
  }
}

function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
