import { JOBS, QUEUES } from '@bailiff/contracts/jobs';
import { runWithCorrelationId } from '@bailiff/nest-kit';
import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { type Job, UnrecoverableError, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { WorkerConfig } from '../worker.config.js';
import { type JobHandler, parsePayload } from './job-handler.js';

/** Injection token of all handlers. */
export const JOB_HANDLERS = Symbol('JOB_HANDLERS');

/** A declared job without a handler, or a job with two: the process must not start. */
export class JobWiringError extends Error {
  readonly code = 'jobs/wiring';
  readonly kind = 'bug';
}

/** Reads every queue and hands each job to its one handler. */
@Injectable()
export class JobRunners implements OnApplicationShutdown {
  private readonly logger = new Logger(JobRunners.name);
  private readonly handlers: ReadonlyMap<string, JobHandler>;
  private readonly connection: Redis;
  private workers: Worker[] = [];

  constructor(
    @Inject(JOB_HANDLERS) handlers: readonly JobHandler[],
    private readonly config: WorkerConfig,
  ) {
    this.handlers = wire(handlers);
    // Workers wait for Redis for as long as it takes.
    this.connection = new Redis(config.redisUrl, { maxRetriesPerRequest: null, lazyConnect: true });
    this.connection.on('error', (error) => this.logger.warn({ err: error.message }, 'redis-int is not reachable'));
  }

  /** Resolves once every queue is being read. */
  async start(): Promise<void> {
    this.workers = Object.values(QUEUES).map((queue) => {
      const worker = new Worker(queue, (job) => this.run(job), {
        connection: this.connection,
        concurrency: this.config.concurrency,
      });
      worker.on('error', (error) => this.logger.warn({ queue, err: error.message }, 'queue not readable'));
      return worker;
    });
    await Promise.all(this.workers.map((worker) => worker.waitUntilReady()));
    this.logger.log({ queues: Object.values(QUEUES) }, 'ready for jobs');
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.close()));
    this.connection.disconnect();
  }

  private async run(job: Job<unknown>): Promise<unknown> {
    const handler = this.handlers.get(job.name);
    if (handler === undefined) throw new UnrecoverableError(`no handler for job ${job.name}`);
    const startedAt = performance.now();
    return runWithCorrelationId(correlationIdOf(job.data), async () => {
      try {
        const result = await handler.run(parsePayload(handler.payload, job.data));
        this.logger.log({ ...fieldsOf(job, startedAt), outcome: 'done' }, 'job');
        return result;
      } catch (error) {
        this.logger.warn({ ...fieldsOf(job, startedAt), outcome: 'failed', err: error }, 'job');
        throw error;
      }
    });
  }
}

/** @throws {JobWiringError} when a declared job has no handler or two. */
function wire(handlers: readonly JobHandler[]): ReadonlyMap<string, JobHandler> {
  const byJob = new Map(handlers.map((handler) => [handler.job, handler]));
  if (byJob.size !== handlers.length) throw new JobWiringError('two handlers share a job name');
  const missing = Object.values(JOBS).filter((job) => !byJob.has(job));
  if (missing.length > 0) throw new JobWiringError(`no handler for ${missing.join(', ')}`);
  return byJob;
}

const fieldsOf = (job: Job, startedAt: number) => ({
  job: job.name,
  jobId: job.id,
  attempt: job.attemptsMade + 1,
  durationMs: Math.round(performance.now() - startedAt),
});

function correlationIdOf(data: unknown): string | undefined {
  if (typeof data !== 'object' || data === null || !('correlationId' in data)) return undefined;
  return typeof data.correlationId === 'string' ? data.correlationId : undefined;
}
