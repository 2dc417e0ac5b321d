import type { ActiveBan, HistoryEntry, Page } from '@bailiff/contracts/http';
import { type GeoResolveJob, JOBS, QUEUES } from '@bailiff/contracts/jobs';
import { eventually } from '@bailiff/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Worker, type Job } from 'bullmq';
import { FleetHarness } from '../../test/fleet-harness.spec.js';
import { LiveProbe } from '../../test/live-probe.spec.js';
import type { TestAgent } from '../../test/test-agent.spec.js';
import { GeoLookups } from './geo-lookups.js';

// Documentation addresses are reserved and never asked for, so these suites need public ones.
const COUNTRIES: Record<string, string> = { '8.8.8.8': 'US', '193.99.144.80': 'DE', '2001:4860:4860::8888': 'US' };

describe('countries of banned addresses', () => {
  let fleet: FleetHarness;
  let agent: TestAgent;
  let worker: Worker | undefined;
  const jobs: Job<GeoResolveJob>[] = [];
  let answer: (job: Job<GeoResolveJob>) => unknown;

  const startWorker = () => {
    worker = new Worker<GeoResolveJob>(
      QUEUES.geoLookups,
      (job) => {
        jobs.push(job);
        return Promise.resolve(answer(job));
      },
      { connection: { url: fleet.queue.url, maxRetriesPerRequest: null } },
    );
    worker.on('error', () => undefined);
  };

  beforeAll(async () => {
    fleet = await FleetHarness.start();
    agent = await fleet.addAgent();
  });
  afterAll(async () => {
    await worker?.close();
    await agent.stop();
    await fleet[Symbol.asyncDispose]();
  });

  answer = ({ data }) => ({
    v: 1,
    dataDate: null,
    entries: data.addresses.map((address) => ({ address, country: COUNTRIES[address] ?? null })),
  });
  const countries = async (path: 'bans' | 'history') => {
    const { items } = await fleet.get<Page<ActiveBan | HistoryEntry>>(`/api/v1/${path}?limit=500`);
    return Object.fromEntries(items.map(({ address, country }) => [address, country]));
  };

  it('are asked for once in a batch, stored, filled in and shown live; the ban itself never waits', async () => {
    using live = await new LiveProbe(fleet.baseUrl, fleet.browserHeaders()).ready();
    for (const address of [...Object.keys(COUNTRIES), '192.0.2.1', '8.8.8.0/24']) agent.sendTickets({ address });
    agent.sendTickets({ address: '8.8.8.8', jail: 'nginx' });
    await agent.acknowledged();
    expect((await countries('bans'))['8.8.8.8']).toBe(null);
    startWorker();
    await eventually(async () => expect(await countries('bans')).toMatchObject(COUNTRIES));
    expect(await countries('history')).toMatchObject({ ...COUNTRIES, '192.0.2.1': null, '8.8.8.0/24': null });
    expect(jobs).toHaveLength(1);
    expect(jobs[0]?.name).toBe(JOBS.geoResolve);
    expect(jobs[0]?.data).toEqual({
      v: 1,
      correlationId: expect.stringMatching(/^[\w-]{8,64}$/) as unknown,
      addresses: Object.keys(COUNTRIES).sort(),
    });
    await eventually(() => expect(live.of('geo_resolved')).toHaveLength(1));
    expect(live.of('geo_resolved')[0]?.entries).toContainEqual({ address: '8.8.8.8', country: 'US' });
  });

  it('are known at once the second time', async () => {
    agent.sendTickets({ address: '193.99.144.80', jail: 'postfix' });
    await agent.acknowledged();
    const { items } = await fleet.get<Page<ActiveBan>>('/api/v1/bans?jail=postfix');
    expect(items).toMatchObject([{ country: 'DE' }]);
    expect((await fleet.get<Page<ActiveBan>>('/api/v1/bans?country=DE')).total).toBe(2);
    expect(jobs).toHaveLength(1);
  });

  it('stay unknown when the worker answers nonsense', async () => {
    const honest = answer;
    answer = () => ({ v: 1, entries: [{ address: '1.1.1.1', country: '<script>' }] });
    agent.sendTickets({ address: '1.1.1.1' });
    await eventually(() => expect(jobs).toHaveLength(2));
    await eventually(async () => expect(await jobs[1]?.getState()).toBe('completed'));
    expect((await countries('bans'))['1.1.1.1']).toBe(null);
    answer = honest;
  });

  it('are asked for again when the answer came while no gateway listened', async () => {
    await worker?.close();
    COUNTRIES['9.9.9.9'] = 'CH';
    agent.sendTickets({ address: '9.9.9.9' });
    await agent.acknowledged();
    await eventually(async () => expect(await fleet.app.get(GeoLookups).waiting()).toBeGreaterThan(0));
    await fleet.stopGateway();
    startWorker();
    await eventually(async () => expect(await jobs.at(-1)?.getState()).toBe('completed'));
    await fleet.startGateway();
    await eventually(async () => expect((await countries('bans'))['9.9.9.9']).toBe('CH'));
  });

  it('come later when the queue’s Redis is away meanwhile', async () => {
    COUNTRIES['9.9.9.10'] = 'CH';
    await fleet.queue.kill();
    agent.sendTickets({ address: '9.9.9.10' });
    await agent.acknowledged();
    expect((await countries('bans'))['9.9.9.10']).toBe(null);
    await fleet.queue.start();
    await eventually(async () => expect((await countries('bans'))['9.9.9.10']).toBe('CH'), { withinMs: 20_000 });
  });
});
