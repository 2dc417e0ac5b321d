import { GEO_BATCH, GEO_REPORTS_KEY, JOBS, QUEUES, type GeoResolveJob } from '@bailiff/contracts/jobs';
import { tryParseAddress } from '@bailiff/ip';
import { currentCorrelationId } from '@bailiff/nest-kit';
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Queue, QueueEvents } from 'bullmq';
import { Redis } from 'ioredis';
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { FleetOptions } from '../channel/fleet-options.js';
import { GeoUnavailableError } from './geo.errors.js';
import { KnownAddresses } from './known-addresses.js';
import { isPublicAddress } from './public-address.js';
import { askWorker } from './worker-question.js';

/** Addresses seen within this time share a job. */
const DEBOUNCE_MS = 200;
/** Pause before the next try when the queue cannot be reached. */
const RETRY_MS = 5_000;
const MAX_PENDING = 100_000;
const RECONNECT_MAX_MS = 1_000;
/** Longest wait for a clean end of a connection, milliseconds. */
const GOODBYE_MS = 1_000;
const JOB_OPTIONS = {
  attempts: 5,
  backoff: { type: 'exponential', delay: 1_000 },
  // Less than an unknown country is believed in, or the old answer would be taken for the new one.
  removeOnComplete: { age: 120, count: 200 },
  removeOnFail: { age: 300, count: 200 },
};

/** Asks the worker where addresses are that nobody knows yet. Nothing ever waits for the answer. */
@Injectable()
export class GeoLookups implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(GeoLookups.name);
  private readonly pending = new Set<string>();
  private timer: NodeJS.Timeout | undefined;
  private isStopped = false;
  private producer: Redis | undefined;
  private queue: Queue<object, unknown> | undefined;
  private events: QueueEvents | undefined;

  constructor(
    private readonly options: FleetOptions,
    private readonly known: KnownAddresses,
  ) {}

  onApplicationBootstrap(): void {
    const url = this.options.redisUrl;
    const complain = (error: Error) => this.logger.warn({ err: error.message }, 'geo queue not reachable');
    // Producers fail fast and try again later; the listener waits for as long as it takes.
    this.producer = new Redis(url, { enableOfflineQueue: false, maxRetriesPerRequest: 1 });
    this.producer.on('error', complain);
    this.queue = new Queue(QUEUES.geoLookups, {
      connection: this.producer,
      streams: { events: { maxLen: 500 } },
    });
    this.queue.on('error', complain);
    this.events = new QueueEvents(QUEUES.geoLookups, {
      connection: { url, maxRetriesPerRequest: null, retryStrategy: this.retry },
    });
    this.events.on('error', complain);
    this.events.on('completed', ({ returnvalue }) => void this.take(returnvalue));
    // Answers that came while no gateway listened are lost: ask again for what is still missing.
    void this.resumeMissing();
  }

  async onApplicationShutdown(): Promise<void> {
    this.isStopped = true;
    clearTimeout(this.timer);
    // Both wait for Redis before they say goodbye to it; while it is away nobody is there to be polite to.
    const goodbyes = Promise.allSettled([this.queue?.close(), this.events?.close()]);
    await Promise.race([goodbyes, sleep(GOODBYE_MS, undefined, { ref: false })]);
    this.producer?.disconnect();
  }

  /** Whether jobs can be handed to the worker's queue. */
  get isConnected(): boolean {
    return this.producer?.status === 'ready';
  }

  /** Jobs no worker has taken yet. @throws when Redis is away */
  async waiting(): Promise<number> {
    return (await this.queue?.getWaitingCount()) ?? 0;
  }

  /** Notes addresses of newly stored bans; those without a fresh answer are asked for shortly. Networks and private
   *  addresses have no country. */
  notice(addresses: Iterable<string>): void {
    for (const address of addresses) {
      if (this.pending.size >= MAX_PENDING) break;
      const single = this.known.isFresh(address) || !isPublicAddress(address) ? undefined : tryParseAddress(address);
      if (single !== undefined) this.pending.add(single);
    }
    if (this.pending.size > 0) this.schedule(DEBOUNCE_MS);
  }

  /**
   * Asks again about addresses whose answer is out of date; their answers come like all others.
   * @param round names what they are asked again for: the same batch is asked once for it, by however many gateways
   * @throws when Redis is away
   */
  async refresh(addresses: readonly string[], round: string): Promise<void> {
    if (addresses.length > 0) await this.ask([...addresses], round);
  }

  /**
   * Has a worker do another job of this queue.
   * @returns its result, not yet checked
   * @throws {GeoUnavailableError} when Redis is away or there is no answer in time
   * @throws {GeoFailedError} when the worker failed
   */
  async run(name: string, payload: object, timeoutMs: number): Promise<unknown> {
    const { queue, events } = this;
    // Until it was connected for the first time BullMQ would wait for it, however long that takes.
    if (queue === undefined || events === undefined || !this.isConnected) throw new GeoUnavailableError();
    const { removeOnComplete, removeOnFail } = JOB_OPTIONS;
    return askWorker({ queue, events }, name, payload, { timeoutMs, removeOnComplete, removeOnFail });
  }

  /** What each worker last said about its data, as it was written. @throws when Redis is away */
  async reports(): Promise<string[]> {
    return Object.values((await this.producer?.hgetall(GEO_REPORTS_KEY)) ?? {});
  }

  /** Notes what is banned now and has never been resolved. */
  async resumeMissing(): Promise<void> {
    try {
      this.notice(await this.known.missing());
    } catch (error) {
      this.logger.warn({ err: error }, 'unresolved addresses not read');
    }
  }

  /** A connection that is away when we stop must end its attempts by itself: BullMQ cannot reach it then. */
  private readonly retry = (times: number): number | null =>
    this.isStopped ? null : Math.min(50 * 2 ** Math.min(times, 10), RECONNECT_MAX_MS);

  private schedule(delayMs: number): void {
    if (this.timer !== undefined || this.isStopped) return;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      void this.flush();
    }, delayMs);
    this.timer.unref();
  }

  private async flush(): Promise<void> {
    const batch = [...this.pending].slice(0, GEO_BATCH);
    for (const address of batch) this.pending.delete(address);
    try {
      const unknown = await this.known.recall(batch);
      if (unknown.length > 0) await this.ask(unknown);
      if (this.pending.size > 0) this.schedule(0);
    } catch (error) {
      if (this.isStopped) return;
      this.logger.warn({ err: error instanceof Error ? error.message : error }, 'addresses not asked about');
      for (const address of batch) this.pending.add(address);
      this.schedule(RETRY_MS);
    }
  }

  private async ask(addresses: string[], round = ''): Promise<void> {
    const payload: GeoResolveJob = { v: 1, correlationId: currentCorrelationId(), addresses: addresses.toSorted() };
    // The same question asked twice (by two gateways, or again after a restart) is one job.
    const digest = createHash('sha256')
      .update([round, ...payload.addresses].join())
      .digest('hex')
      .slice(0, 32);
    const jobId = `${JOBS.geoResolve}-${digest}`;
    await this.forgetOld(jobId);
    await this.queue?.add(JOBS.geoResolve, payload, { ...JOB_OPTIONS, jobId });
    // An answered job is kept for a while and is not run again: its event may have passed before we listened.
    const job = await this.queue?.getJob(jobId);
    if (job?.finishedOn !== undefined) await this.take(job.returnvalue);
  }

  /** BullMQ lets old jobs go when another ends; until then one that failed, or an old answer, would stand for the new one. */
  private async forgetOld(jobId: string): Promise<void> {
    const job = await this.queue?.getJob(jobId);
    if (job?.finishedOn === undefined) return;
    const isOld = Date.now() - job.finishedOn > JOB_OPTIONS.removeOnComplete.age * 1_000;
    if (!isOld && !(await job.isFailed())) return;
    // Another gateway may have been quicker.
    await job.remove().catch(() => undefined);
  }

  private async take(result: unknown): Promise<void> {
    try {
      await this.known.learn(result);
    } catch (error) {
      this.logger.error({ err: error }, 'answers not stored');
    }
  }
}
