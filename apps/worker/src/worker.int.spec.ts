import { join } from 'node:path';
import { GEO_BATCH, type GeoResolveResult, JOBS, QUEUES } from '@bailiff/contracts/jobs';
import {
  eventually,
  type RedisInstance,
  type SpawnedProcess,
  spawnProcess,
  startRedis,
  tempDir,
  type TempDir,
} from '@bailiff/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Queue, QueueEvents } from 'bullmq';
import { existsSync } from 'node:fs';

/** The built worker as it is deployed, against a real Redis. */
describe('worker process', () => {
  let redis: RedisInstance;
  let queue: Queue;
  let events: QueueEvents;
  let worker: SpawnedProcess;
  let dir: TempDir;

  const startWorker = async () => {
    const readyFile = join(dir.path, `ready-${String(Date.now())}`);
    worker = await spawnProcess(process.execPath, [join(import.meta.dirname, '../dist/main.js')], {
      env: { REDIS_URL: redis.url, BAILIFF_WORKER_READY_FILE: readyFile, PATH: process.env['PATH'] ?? '' },
    });
    await eventually(() => expect(existsSync(readyFile)).toBe(true), { withinMs: 20_000 });
  };

  beforeAll(async () => {
    dir = await tempDir();
    redis = await startRedis();
    const connection = { url: redis.url, maxRetriesPerRequest: null };
    queue = new Queue(QUEUES.geoLookups, { connection });
    events = new QueueEvents(QUEUES.geoLookups, { connection });
    // Both complain while Redis is away, as one test wants it.
    queue.on('error', () => undefined);
    events.on('error', () => undefined);
    await events.waitUntilReady();
    await startWorker();
  });
  afterAll(async () => {
    await worker.kill();
    await events.close();
    await queue.close();
    await redis[Symbol.asyncDispose]();
    await dir[Symbol.asyncDispose]();
  });

  const resolve = async (data: object): Promise<GeoResolveResult> => {
    const job = await queue.add(JOBS.geoResolve, data, { attempts: 3 });
    return (await job.waitUntilFinished(events, 15_000)) as GeoResolveResult;
  };

  it('resolves a full batch in order', async () => {
    const addresses = Array.from({ length: GEO_BATCH - 1 }, (_, n) => `8.8.${String(n >> 8)}.${String(n & 255)}`);
    const result = await resolve({ v: 1, correlationId: 'worker-int-1', addresses: [...addresses, '192.0.2.1'] });
    expect(result.entries.map((entry) => entry.address)).toEqual([...addresses, '192.0.2.1']);
    expect(result.entries[0]).toEqual({ address: '8.8.0.0', country: 'US' });
    expect(result.entries.at(-1)).toEqual({ address: '192.0.2.1', country: null });
  });

  it.each([
    ['an unknown version', { v: 2, correlationId: 'worker-int-2', addresses: ['8.8.8.8'] }],
    ['no addresses', { v: 1, correlationId: 'worker-int-3', addresses: [] }],
    ['something that is no address', { v: 1, correlationId: 'worker-int-4', addresses: ['$(id)'] }],
    ['an unknown field', { v: 1, correlationId: 'worker-int-5', addresses: ['8.8.8.8'], extra: 1 }],
  ])('fails a job with %s at once, without retries', async (_name, data) => {
    const job = await queue.add(JOBS.geoResolve, data, { attempts: 3, backoff: 60_000 });
    await expect(job.waitUntilFinished(events, 15_000)).rejects.toThrow('the payload is not valid');
  });

  it('goes on after Redis was killed and started again, and after being killed itself', async () => {
    await redis.kill();
    await redis.start();
    expect((await resolve({ v: 1, correlationId: 'worker-int-6', addresses: ['8.8.8.8'] })).entries).toHaveLength(1);
    await worker.kill();
    const job = await queue.add(JOBS.geoResolve, { v: 1, correlationId: 'worker-int-7', addresses: ['8.8.8.8'] });
    await startWorker();
    expect(await job.waitUntilFinished(events, 15_000)).toMatchObject({ v: 1 });
  });

  it('ends within its deadline on SIGTERM with exit code 0', async () => {
    expect(await worker.stop()).toEqual({ code: 0, signal: null });
  });
});
