import type {
  ActiveBan,
  AddressReport,
  AsnNetworks,
  GeoStatus,
  HistoryEntry,
  NetworkStats,
  Page,
  Problem,
} from '@bailiff/contracts/http';
import { GEO_REPORTS_KEY, type GeoReport, type GeoResolveJob, JOBS, QUEUES } from '@bailiff/contracts/jobs';
import { eventually } from '@bailiff/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Worker, type Job } from 'bullmq';
import { Redis } from 'ioredis';
import { FleetHarness } from '../../test/fleet-harness.spec.js';
import { LiveProbe } from '../../test/live-probe.spec.js';
import type { TestAgent } from '../../test/test-agent.spec.js';
import { GeoLookups } from './geo-lookups.js';
import { GeoRefresh } from './geo-refresh.js';
import { GeoUnavailableError } from './geo.errors.js';
import { NetworkInfo } from './network-info.js';

// Documentation addresses are reserved and never asked for, so these suites need public ones.
const COUNTRIES: Record<string, string> = { '8.8.8.8': 'US', '193.99.144.80': 'DE', '2001:4860:4860::8888': 'US' };
const NETWORKS: Record<string, number> = {
  '8.8.8.8': 64_500,
  '193.99.144.80': 4_294_967_294,
  '2001:4860:4860::8888': 64_500,
};
const NAMES = [
  { asn: 64_500, name: 'Example <b>Networks</b>' },
  { asn: 4_294_967_294, name: 'Beispiel' },
];

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

  let dataVersion = 'aaaa';
  answer = ({ data }) => ({
    v: 1,
    dataVersion,
    entries: data.addresses.map((address) => ({
      address,
      country: COUNTRIES[address] ?? null,
      asn: NETWORKS[address] ?? null,
      rir: 'ARIN',
    })),
    asNames: NAMES,
  });
  const report = async (change: Partial<GeoReport> = {}) => {
    const source = {
      name: 'test data',
      kind: 'embedded',
      facts: ['country', 'asn'],
      builtAt: '2026-01-02',
      entries: 7,
      credit: 'Somebody',
      creditUrl: 'https://example.org/',
      state: 'used',
      problem: null,
    } as const;
    const redis = new Redis(fleet.queue.url);
    const text: GeoReport = { v: 1, atMs: Date.now(), dataVersion, sources: [source], ...change };
    await redis.hset(GEO_REPORTS_KEY, { one: JSON.stringify(text), two: '{"v":1,"sources":"nonsense"}' });
    redis.disconnect();
  };
  const sources = () => fleet.get<GeoStatus>('/api/v1/geo/sources');
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
    expect(live.of('geo_resolved')[0]?.entries).toContainEqual({
      address: '8.8.8.8',
      country: 'US',
      asn: 64_500,
      asName: 'Example <b>Networks</b>',
    });
  });

  it('come with their networks, everywhere', async () => {
    const network = { asn: 64_500, asName: 'Example <b>Networks</b>' };
    const { items: bans } = await fleet.get<Page<ActiveBan>>('/api/v1/bans?limit=500');
    expect(bans.find(({ address }) => address === '8.8.8.8')).toMatchObject(network);
    const { items } = await fleet.get<Page<HistoryEntry>>('/api/v1/history?asn=64500');
    expect(items.map(({ address }) => address).toSorted()).toEqual(['2001:4860:4860::8888', '8.8.8.8', '8.8.8.8']);
    expect(items[0]).toMatchObject(network);
    const stats = await fleet.get<NetworkStats>('/api/v1/stats/networks?range=24h');
    expect(stats.networks[0]).toMatchObject({ asn: 64_500, name: network.asName, bans: 3 });
    expect(await fleet.get<AddressReport>('/api/v1/addresses?address=8.8.8.8')).toMatchObject({
      ...network,
      rir: 'ARIN',
    });
    const info = fleet.app.get(NetworkInfo);
    expect(await info.describe(['8.8.8.8', '192.0.2.1'])).toEqual(
      new Map([
        ['8.8.8.8', { country: 'US', ...network, rir: 'ARIN', isStale: false }],
        ['192.0.2.1', { country: null, asn: null, asName: null, rir: null, isStale: false }],
      ]),
    );
  });

  it('come with a live ban of an address known before', async () => {
    using live = await new LiveProbe(fleet.baseUrl, fleet.browserHeaders()).ready();
    agent.sendTickets({ address: '8.8.8.8', jail: 'dovecot' });
    await eventually(() => expect(live.of('ban_event')).toHaveLength(1));
    expect(live.of('ban_event')[0]).toMatchObject({
      event: { country: 'US', asn: 64_500, asName: 'Example <b>Networks</b>' },
      active: { country: 'US', asn: 64_500, asName: 'Example <b>Networks</b>' },
    });
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
    const broken = { address: '1.1.1.1', country: '<script>', asn: null, rir: null };
    answer = () => ({ v: 1, entries: [broken], asNames: [], dataVersion });
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

  it('name their sources: none before a worker spoke, then as it says, then as it last said', async () => {
    expect(await sources()).toMatchObject({ state: 'none', reportedAt: null, sources: [] });
    await report();
    expect(await sources()).toMatchObject({
      state: 'live',
      sources: [{ name: 'test data', builtAt: '2026-01-02', entries: 7, facts: ['country', 'asn'] }],
    });
    expect((await sources()).addresses.known).toBeGreaterThan(3);
    await report({ atMs: Date.now() - 3_600_000 });
    expect(await sources()).toMatchObject({ state: 'silent', sources: [{ name: 'test data' }] });
  });

  it('are asked for again, once, when the workers have other data, and bans move with the answer', async () => {
    const before = jobs.length;
    await report();
    await fleet.app.get(GeoRefresh).tick();
    COUNTRIES['8.8.8.8'] = 'LI';
    NETWORKS['8.8.8.8'] = 4_294_967_294;
    dataVersion = 'bbbb';
    await report();
    await fleet.app.get(GeoRefresh).tick();
    await eventually(async () => expect((await countries('bans'))['8.8.8.8']).toBe('LI'));
    expect((await countries('history'))['8.8.8.8']).toBe('LI');
    const stats = await fleet.get<NetworkStats>('/api/v1/stats/networks?range=24h');
    expect(stats.networks).toMatchObject([{ asn: 4_294_967_294 }, { asn: 64_500, bans: 1 }]);
    const asked = jobs.slice(before).flatMap(({ data }) => data.addresses);
    expect(asked).toContain('8.8.8.8');
    expect(new Set(asked).size).toBe(asked.length);
    const { length } = jobs;
    await fleet.app.get(GeoRefresh).tick();
    await fleet.app.get(GeoLookups).refresh([], 'nothing');
    expect(jobs).toHaveLength(length);
  });

  describe('let one ask what a system announces', () => {
    const path = '/api/v1/geo/systems/64500/networks';
    const announced = {
      v: 1,
      asn: 64_500,
      name: null,
      networks: ['192.0.2.0/24', 'nonsense', '2001:DB8::/32'],
      isTruncated: false,
      source: { name: 'made-up 1', builtAt: '2026-01-02' },
    };
    let honest: typeof answer;
    beforeAll(() => {
      honest = answer;
    });
    afterEach(() => {
      answer = honest;
    });
    const ask = () => fleet.request<AsnNetworks & Problem>('GET', path);

    it('of a valid number, with the data that say so', async () => {
      answer = ({ name, data }) => {
        expect([name, data]).toMatchObject([JOBS.asnNetworks, { asn: 64_500 }]);
        return announced;
      };
      expect(await fleet.get<AsnNetworks>(path)).toEqual({
        asn: 64_500,
        name: 'Example <b>Networks</b>',
        networks: ['192.0.2.0/24'],
        isTruncated: false,
        source: { name: 'made-up 1', builtAt: '2026-01-02' },
        ipv4Addresses: 256,
        ipv4Networks: 1,
        ipv6Networks: 0,
      });
      const status = async (asn: string) => (await fleet.request('GET', `/api/v1/geo/systems/${asn}/networks`)).status;
      expect(await Promise.all(['0', '4294967296', 'AS1', '1.5'].map(status))).toEqual([400, 400, 400, 400]);
    });

    it('anew each time, also after it failed', async () => {
      answer = () => {
        throw new Error('/secret/path');
      };
      const failed = await ask();
      expect(failed).toMatchObject({ status: 503, body: { code: 'geo/failed' } });
      expect(failed.text).not.toContain('secret');
      answer = () => announced;
      expect(await ask()).toMatchObject({ status: 200, body: { networks: ['192.0.2.0/24'] } });
      answer = () => ({ ...announced, networks: ['198.51.100.0/24'], isTruncated: true });
      expect(await ask()).toMatchObject({ status: 200, body: { networks: ['198.51.100.0/24'], isTruncated: true } });
      answer = () => ({ ...announced, asn: 1 });
      expect(await ask()).toMatchObject({ status: 503, body: { code: 'geo/failed' } });
    });

    it('and say when the worker has no data, which is not an empty answer', async () => {
      answer = () => ({ ...announced, networks: [], source: null });
      expect(await ask()).toMatchObject({ status: 503, body: { code: 'geo/no-data' } });
      answer = () => ({ ...announced, networks: [] });
      expect(await ask()).toMatchObject({ status: 200, body: { networks: [], ipv4Addresses: 0 } });
    });

    it('for a limited time, and leave no question behind', async () => {
      await worker?.close();
      await expect(fleet.app.get(NetworkInfo).networksOf(64_502, 50)).rejects.toThrow(GeoUnavailableError);
      await eventually(async () => expect(await fleet.app.get(GeoLookups).waiting()).toBe(0));
    });

    it('and answer at once while Redis is away, also when it never was there', async () => {
      await fleet.stopGateway();
      await fleet.queue.kill();
      await fleet.startGateway();
      expect(await ask()).toMatchObject({ status: 503, body: { code: 'geo/unavailable' } });
      await fleet.queue.start();
      startWorker();
      answer = () => announced;
      await eventually(async () => expect(await ask()).toMatchObject({ status: 200 }));
    });
  });
});
