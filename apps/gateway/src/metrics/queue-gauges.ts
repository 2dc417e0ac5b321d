import { QUEUES } from '@bailiff/contracts/jobs';
import { Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { type JobType, Queue } from 'bullmq';
import { Gauge } from 'prom-client';
import { InternalRedis } from '../core/redis.js';
import { Metrics } from './metrics.js';

const STATES = ['waiting', 'active', 'delayed', 'failed'] as const satisfies JobType[];

/** Depth of each queue between gateway and worker. */
@Injectable()
export class QueueGauges implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger(QueueGauges.name);
  private queues: Queue[] | undefined;
  private readonly jobs: Gauge<'queue' | 'state'>;

  constructor(
    private readonly metrics: Metrics,
    private readonly redis: InternalRedis,
  ) {
    this.jobs = new Gauge({
      name: 'bailiff_queue_jobs',
      help: 'Jobs between gateway and worker, by queue and state; absent while Redis is away',
      labelNames: ['queue', 'state'],
      registers: [metrics.registry],
    });
  }

  onModuleInit(): void {
    this.metrics.beforeScrape(() => this.refresh());
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.allSettled((this.queues ?? []).map((queue) => queue.close()));
  }

  private async refresh(): Promise<void> {
    this.jobs.reset();
    if (!this.redis.isConnected) return;
    this.queues ??= this.open();
    await Promise.all(
      this.queues.map(async (queue) => {
        try {
          const counts = await queue.getJobCounts(...STATES);
          for (const state of STATES) this.jobs.set({ queue: queue.name, state }, counts[state] ?? 0);
        } catch (error) {
          this.logger.warn({ err: error, queue: queue.name }, 'queue not counted');
        }
      }),
    );
  }

  /** On the gateway's own connection, which fails fast: a scrape must not wait. It has to be up when a queue is opened. */
  private open(): Queue[] {
    const connection = this.redis.commands;
    return Object.values(QUEUES).map((name) => {
      const queue = new Queue(name, { connection, skipMetasUpdate: true });
      queue.on('error', () => undefined); // the connection itself says when it is away
      return queue;
    });
  }
}
