import { join } from 'node:path';
import {
  type AsnNetworksResult,
  GEO_BATCH,
  GEO_REPORTS_KEY,
  type GeoReport,
  type GeoResolveResult,
  JOBS,
  QUEUES,
} from '@bailiff/contracts/jobs';
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
import { Redis } from 'ioredis';
import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { writeMmdb } from '../test/mmdb-writer.spec.js';

/** The built worker as it is deployed, against a real Redis. */
describe('worker process', () => {
  let redis: RedisInstance;
  let queue: Queue;
  let reader: Redis;
  let events: QueueEvents;
  let worker: SpawnedProcess;
  let dir: TempDir;

  const startWorker = async () => {
    const readyFile = join(dir.path, `ready-${String(Date.now())}`);
    worker = await spawnProcess(process.execPath, [join(import.meta.dirname, '../dist/main.js')], {
      env: {
        REDIS_URL: redis.url,
        BAILIFF_WORKER_READY_FILE: readyFile,
        BAILIFF_WORKER_GEO_DIR: dir.path,
        BAILIFF_WORKER_GEO_CHECK_SECONDS: '1',
        PATH: process.env['PATH'] ?? '',
      },
    });
    await eventually(() => expect(existsSync(readyFile)).toBe(true), { withinMs: 20_000 });
  };

  beforeAll(async () => {
    dir = await tempDir();
    redis = await startRedis();
    reader = new Redis(redis.url);
    reader.on('error', () => undefined);
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
    reader.disconnect();
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
    expect(result.entries[0]).toMatchObject({ address: '8.8.0.0', country: 'US', rir: 'ARIN' });
    expect(result.entries.at(-1)).toEqual({ address: '192.0.2.1', country: null, asn: null, rir: null });
  });

  it('knows networks by the file the build made', async () => {
    const google = await resolve({ v: 1, correlationId: 'worker-int-8', addresses: ['8.8.8.8'] });
    expect(google.entries).toEqual([{ address: '8.8.8.8', country: 'US', asn: 15169, rir: 'ARIN' }]);
    expect(google.asNames).toEqual([{ asn: 15169, name: 'Google LLC' }]);
    const job = await queue.add(JOBS.asnNetworks, { v: 1, correlationId: 'worker-int-9', asn: 15169 });
    const { networks, name } = (await job.waitUntilFinished(events, 15_000)) as AsnNetworksResult;
    expect([name, networks.includes('8.8.8.0/24')]).toEqual(['Google LLC', true]);
    // Merged it announces a /13: none would be banned that way.
    expect(networks).toContain('35.208.0.0/16');
    expect(
      networks.filter((network) => Number(network.split('/')[1] ?? 128) < (network.includes(':') ? 32 : 16)),
    ).toEqual([]);
  });

  it('says in Redis what data it has, as soon as it has started and when a file comes', async () => {
    const reports = async () => {
      const fields = await reader.hgetall(GEO_REPORTS_KEY);
      return Object.values(fields).map((text) => JSON.parse(text) as GeoReport);
    };
    const facts = (report: GeoReport | undefined) =>
      report?.sources.map(({ kind, state, facts: [fact] }) => `${kind} ${fact ?? ''} ${state}`);
    await eventually(async () =>
      expect(facts((await reports())[0])).toEqual(['embedded country used', 'embedded asn used', 'embedded rir used']),
    );
    const content = { type: 'Test-Country', builtAt: new Date(), networks: { '8.8.8.0/24': { country_code: 'LI' } } };
    await writeFile(join(dir.path, 'test.mmdb'), writeMmdb(content));
    await eventually(async () => expect(facts((await reports())[0])?.[0]).toBe('mounted country used'));
    const { entries, dataVersion } = await resolve({ v: 1, correlationId: 'worker-int-10', addresses: ['8.8.8.8'] });
    expect(entries).toMatchObject([{ country: 'LI' }]);
    expect((await reports()).map((report) => report.dataVersion)).toEqual([dataVersion]);
    await rm(join(dir.path, 'test.mmdb'));
    await eventually(async () => expect(facts((await reports())[0])?.[0]).toBe('embedded country used'));
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
