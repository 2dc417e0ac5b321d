import type {
  AddressIgnores,
  AddressReport,
  HistoryEntry,
  LookupInfo,
  LookupSettings,
  Page,
  Problem,
} from '@bailiff/contracts/http';
import { JOBS, type LookupRunJob, QUEUES } from '@bailiff/contracts/jobs';
import { eventually } from '@bailiff/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Job, Worker } from 'bullmq';
import { FleetHarness } from '../../test/fleet-harness.spec.js';
import type { TestAgent } from '../../test/test-agent.spec.js';

const HOSTILE = '<img src=x onerror=alert(1)>\u202Eevil';
const PUBLIC = '8.8.8.8';
const minutesAgo = (minutes: number) => Math.floor(Date.now() / 1000) * 1000 - minutes * 60_000;

describe('one address', () => {
  let fleet: FleetHarness;
  let web: TestAgent;
  let mail: TestAgent;
  beforeAll(async () => {
    fleet = await FleetHarness.start();
    web = await fleet.addAgent('web-1');
    mail = await fleet.addAgent('mail-1');
    web.sendTickets(
      {
        address: '192.0.2.7',
        atMs: minutesAgo(50),
        bantimeSeconds: 600,
        matches: [`Failed from 192.0.2.7 ${HOSTILE}`],
      },
      { kind: 'unban', address: '192.0.2.7', atMs: minutesAgo(40) },
      { address: '192.0.2.7', atMs: minutesAgo(5), bantimeSeconds: 86_400, banCount: 2 },
      { address: '192.0.2.9', atMs: minutesAgo(5), bantimeSeconds: 86_400 },
      { address: '2001:db8::7', atMs: minutesAgo(5), bantimeSeconds: -1 },
      { address: '2001:db8::8', atMs: minutesAgo(5), bantimeSeconds: -1 },
    );
    mail.sendTickets({ address: '192.0.2.0/28', jail: 'postfix', atMs: minutesAgo(20), bantimeSeconds: -1 });
    await Promise.all([web.acknowledged(), mail.acknowledged()]);
  });
  afterAll(async () => {
    await Promise.all([web.stop(), mail.stop()]);
    await fleet[Symbol.asyncDispose]();
  });

  const report = (address: string) =>
    fleet.get<AddressReport>(`/api/v1/addresses?address=${encodeURIComponent(address)}`);

  it('is told with its bans on every host, networks around it, places and neighbours', async () => {
    const found = await report('::ffff:192.0.2.7');
    expect(found).toMatchObject({ address: '192.0.2.7', family: 4, size: '1', isReserved: true, bannedNow: 2 });
    expect(found.bans.map(({ hostName, jail, address, relation }) => [hostName, jail, address, relation])).toEqual([
      ['mail-1', 'postfix', '192.0.2.0/28', 'around'],
      ['web-1', 'sshd', '192.0.2.7', 'itself'],
    ]);
    expect(found.places).toMatchObject([{ hostName: 'web-1', jail: 'sshd', bans: 2, unbans: 1 }]);
    expect(found).toMatchObject({ neighbourhood: '192.0.2.0/24', neighboursBanned: 1, isCapped: false });
    expect(found.neighbours).toMatchObject([{ address: '192.0.2.9', bans: 1 }]);
    expect(await report('2001:DB8:0::7')).toMatchObject({
      address: '2001:db8::7',
      family: 6,
      neighbourhood: '2001:db8::/64',
      neighboursBanned: 1,
      bans: [{ relation: 'itself', expiresAt: null }],
    });
  });

  it('may be a network: what is banned inside', async () => {
    const found = await report('192.0.2.200/24');
    expect(found).toMatchObject({ address: '192.0.2.0/24', size: '256', bannedNow: 3, neighbourhood: null });
    expect(found.bans.map(({ relation }) => relation)).toEqual(['inside', 'inside', 'inside']);
    expect(found.places).toHaveLength(2);
  });

  it('may be one that nobody has heard of', async () => {
    expect(await report('198.51.100.99')).toMatchObject({
      bans: [],
      places: [],
      bannedNow: 0,
      country: null,
      asn: null,
    });
  });

  it('has one timeline of all hosts, by pages', async () => {
    const url = '/api/v1/addresses/events?address=192.0.2.7&limit=3';
    const first = await fleet.get<Page<HistoryEntry>>(url);
    expect(first.items.map(({ kind, hostName }) => `${kind} ${hostName}`)).toEqual([
      'ban web-1',
      'ban mail-1',
      'unban web-1',
    ]);
    const second = await fleet.get<Page<HistoryEntry>>(`${url}&cursor=${first.nextCursor ?? ''}`);
    expect(second).toMatchObject({ nextCursor: null, items: [{ matches: [`Failed from 192.0.2.7 ${HOSTILE}`] }] });
  });

  it('names the lists that guard it', async () => {
    expect((await report(fleet.operatorAddress)).lists).toMatchObject([
      { kind: 'operator', entry: fleet.operatorAddress },
    ]);
    const { lists } = await report('127.0.0.7');
    expect(lists).toMatchObject([{ kind: 'gateway', entry: '127.0.0.0/8', expiresAt: null }]);
  });

  it('is looked for in the ignore lists of every host that answers', async () => {
    const match = { jail: 'sshd', entry: '192.0.2.0/24', source: 'both', isWhole: true };
    web.handlers.set('ignore.find', () => ({ matches: [{ ...match, surprise: 1 }], unresolved: 2 }));
    const url = '/api/v1/addresses/ignored?address=%3A%3Affff%3A192.0.2.7';
    mail.handlers.set('ignore.find', () => ({ matches: 'none' }));
    expect(await fleet.get<AddressIgnores>(url)).toEqual({
      address: '192.0.2.7',
      jails: [{ hostId: web.id, hostName: 'web-1', ...match }],
      answered: 1,
      silent: [{ hostId: mail.id, hostName: 'mail-1', code: 'agent/failed' }],
      unresolved: 2,
    });
    expect(web.commands.at(-1)).toMatchObject({ cmd: 'ignore.find', args: { address: '192.0.2.7' } });
    expect((await fleet.request('GET', '/api/v1/addresses/ignored?address=x')).status).toBe(400);
  });

  it.each(['', '192.0.2', '192.0.2.010', 'example.org', '192.0.2.1;id', "1' OR '1'='1", '%00', '192.0.2.0/33'])(
    'is refused when it is none: %j',
    async (address) => {
      for (const path of ['addresses', 'addresses/events', 'lookups']) {
        const url = `/api/v1/${path}?address=${encodeURIComponent(address)}`;
        const { status, body } = await fleet.request<Problem>('GET', url);
        expect({ status, code: body.code }).toEqual({ status: 400, code: 'request/invalid' });
      }
    },
  );

  describe('look-ups', () => {
    let answers: (job: Job<LookupRunJob>) => unknown;
    const asked: LookupRunJob[] = [];
    let worker: Worker;
    beforeAll(() => {
      worker = new Worker<LookupRunJob>(
        QUEUES.lookups,
        (job) => {
          if (job.name === JOBS.lookupDescribe) return Promise.resolve({ v: 1, abuseipdbKey: true, otxKey: false });
          asked.push(job.data);
          return Promise.resolve(answers(job));
        },
        { connection: { url: fleet.queue.url, maxRetriesPerRequest: null } },
      );
    });
    afterAll(() => worker.close());

    const known = (address = PUBLIC) =>
      fleet.get<LookupInfo[]>(`/api/v1/lookups?address=${encodeURIComponent(address)}`);
    const ask = (body: object) => fleet.request<LookupInfo[]>('POST', '/api/v1/lookups', body);
    const answer = (job: Job<LookupRunJob>, rest: object) => {
      const { askId, address, kind } = job.data;
      return { v: 1, askId, address, kind, code: null, detail: null, facts: null, ...rest };
    };
    const answered = (kind: string, address = PUBLIC) =>
      eventually(
        async () => {
          const info = (await known(address)).find((each) => each.kind === kind);
          if (info === undefined || info.state === 'asking') throw new Error('not answered yet');
          return info;
        },
        { withinMs: 30_000, what: `an answer about ${kind}` },
      );
    const rdap = {
      name: HOSTILE,
      handle: 'NET-8-8-8-0-1',
      organisation: null,
      country: 'US',
      networks: ['8.8.8.0/24'],
      abuseEmail: 'abuse@example.net',
      abusePhone: null,
      registeredAt: null,
      changedAt: null,
      source: 'rdap.example.net',
    };

    it('tell which keys the worker has, and are off for names until somebody wants them', async () => {
      await eventually(async () => {
        const settings = await fleet.get<LookupSettings>('/api/v1/lookups/settings');
        expect(settings).toEqual({ rdap: true, reverseDns: false, abuseipdbKey: true, otxKey: false });
      });
      expect((await known()).map(({ kind, state }) => `${kind} ${state}`)).toEqual([
        'rdap not-asked',
        'reverse-dns off',
        'abuseipdb not-asked',
        'otx no-key',
      ]);
    });

    it('never ask about documentation or private addresses, nor a name of a network', async () => {
      const kinds = ['rdap', 'reverse-dns', 'abuseipdb', 'otx'];
      for (const address of ['192.0.2.7', '10.0.0.0/8', 'fe80::1']) {
        const { status, body } = await ask({ address, kinds });
        expect(status).toBe(202);
        expect(new Set(body.map(({ state }) => state))).toEqual(new Set(['not-public']));
      }
      expect((await known('8.8.0.0/16')).map(({ kind }) => kind)).toEqual(['rdap']);
      expect(asked).toEqual([]);
    });

    it('are asked once, answered later, kept', async () => {
      answers = (job) => answer(job, { outcome: 'found', facts: rdap });
      const { body } = await ask({ address: PUBLIC, kinds: ['rdap', 'reverse-dns', 'otx'] });
      expect(body.find(({ kind }) => kind === 'rdap')?.state).toMatch(/asking|found/);
      expect(await answered('rdap')).toMatchObject({ state: 'found', isStale: false, rdap });
      await ask({ address: PUBLIC, kinds: ['rdap'] });
      // Asked again a moment later: once is enough.
      await ask({ address: PUBLIC, kinds: ['rdap'], refresh: true });
      expect(asked.map(({ kind }) => kind)).toEqual(['rdap']);
    });

    it.each([
      ['facts of another shape', { outcome: 'found', facts: { score: 'high' } }, 'lookup/bad-answer'],
      [
        'more than the shape holds',
        { outcome: 'found', facts: { isTor: true, __proto__: null, x: 1 } },
        'lookup/bad-answer',
      ],
      ['a quota', { outcome: 'failed', code: 'lookup/quota', detail: 'Daily limit reached.' }, 'lookup/quota'],
      ['a failure nobody knows', { outcome: 'failed', code: 'x/y' }, 'lookup/bad-answer'],
    ])('say so when a worker answers %s', async (_what, rest, code) => {
      const address = `8.8.4.${String(asked.length + 1)}`;
      answers = (job) => answer(job, rest);
      await ask({ address, kinds: ['abuseipdb'] });
      expect(await answered('abuseipdb', address)).toMatchObject({ state: 'failed', code, abuseipdb: null });
    });

    it('fail when the worker breaks down over them', async () => {
      answers = () => {
        throw new Error('broken');
      };
      await ask({ address: '8.8.4.200', kinds: ['rdap'] });
      expect(await answered('rdap', '8.8.4.200')).toMatchObject({ state: 'failed', code: 'lookup/bad-answer' });
    });

    it('are switched by who may configure, and written down', async () => {
      const { body } = await fleet.request<LookupSettings>('PATCH', '/api/v1/lookups/settings', { reverseDns: true });
      expect(body).toMatchObject({ rdap: true, reverseDns: true });
      expect((await fleet.auditEntries())[0]).toMatchObject({ action: 'lookups.change', after: { reverseDns: true } });
      answers = (job) =>
        answer(job, { outcome: 'found', facts: { names: [{ name: 'dns.example', isConfirmed: true }] } });
      await ask({ address: PUBLIC, kinds: ['reverse-dns'] });
      expect(await answered('reverse-dns')).toMatchObject({ names: [{ name: 'dns.example', isConfirmed: true }] });
    });

    it('are taken back when they are switched off before a worker took them', async () => {
      await worker.pause();
      const address = '8.8.4.200';
      await ask({ address, kinds: ['reverse-dns', 'rdap'] });
      await fleet.request('PATCH', '/api/v1/lookups/settings', { reverseDns: false });
      answers = (job) => answer(job, { outcome: 'found', facts: rdap });
      await worker.resume();
      await answered('rdap', address);
      expect(asked.filter((job) => job.address === address).map(({ kind }) => kind)).toEqual(['rdap']);
      expect((await known(address)).find(({ kind }) => kind === 'reverse-dns')).toMatchObject({ state: 'off' });
    });

    it('go on without Redis: known answers are shown, new questions fail at once', async () => {
      // It would wait for Redis for ever.
      await worker.close();
      await fleet.queue.kill();
      await ask({ address: '8.8.4.201', kinds: ['rdap'] });
      expect(await answered('rdap', '8.8.4.201')).toMatchObject({ state: 'failed', code: 'lookup/no-worker' });
      expect(await known()).toMatchObject([{ state: 'found' }, {}, {}, {}]);
      await fleet.queue.start();
    });
  });
});
