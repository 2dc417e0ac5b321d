import { BULK_CHUNK_SIZE, type BulkBeginArgs, type BulkChunkArgs, type BulkReport } from '@bailiff/contracts/agent';
import type { BulkDraft, BulkJob, BulkResultRow, Page, Problem } from '@bailiff/contracts/http';
import { CommandError } from '@bailiff/agent-channel';
import { eventually } from '@bailiff/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FleetHarness } from '../../test/fleet-harness.spec.js';
import { LiveProbe } from '../../test/live-probe.spec.js';
import type { TestAgent } from '../../test/test-agent.spec.js';

/** An agent's end of a list: takes it, and goes on as the suite says. */
class FakeHost {
  readonly chunks = new Map<string, string[]>();
  /** Letters by job and jail. */
  readonly letters = new Map<string, string>();
  readonly begun: BulkBeginArgs[] = [];
  readonly started = new Set<string>();
  readonly cancelled = new Set<string>();
  readonly failures: BulkReport['failures'][number][] = [];

  constructor(readonly agent: TestAgent) {
    agent.handlers.set('bulk.begin', (args) => {
      this.begun.push(args as BulkBeginArgs);
      return {};
    });
    agent.handlers.set('bulk.chunk', (args) => {
      const { jobId, index, addresses } = args as BulkChunkArgs;
      const all = this.chunks.get(jobId) ?? [];
      all.splice(index * BULK_CHUNK_SIZE, addresses.length, ...addresses);
      this.chunks.set(jobId, all);
      return {};
    });
    agent.handlers.set('bulk.start', (args) => {
      this.started.add((args as { jobId: string }).jobId);
      return {};
    });
    agent.handlers.set('bulk.cancel', (args) => {
      this.cancelled.add((args as { jobId: string }).jobId);
      return {};
    });
    agent.handlers.set('bulk.report', (args): BulkReport => {
      const { jobId, jail, from } = args as { jobId: string; jail: string; from: number };
      if (!this.started.has(jobId)) {
        if (this.chunks.has(jobId)) return { state: 'receiving', detail: null, from, results: '', failures: [] };
        throw new CommandError('bulk/unknown', 'This host has no such list', 'user');
      }
      const results = (this.letters.get(`${jobId} ${jail}`) ?? '').slice(from, from + 1_500);
      const failures = this.failures
        .map((run) => ({ ...run, from: Math.max(run.from, from), to: Math.min(run.to, from + results.length) }))
        .filter((run) => run.from < run.to);
      return { state: 'running', detail: null, from, results, failures };
    });
  }

  say(jobId: string, jail: string, letters: string): void {
    this.letters.set(`${jobId} ${jail}`, letters);
  }
}

const addresses = (count: number): string[] =>
  Array.from({ length: count }, (_, n) => `2001:db8::${(n + 1).toString(16)}`);

describe('lists', () => {
  let fleet: FleetHarness;
  let one: FakeHost;
  let two: FakeHost;
  const upload = async (text: string, more: Record<string, string> = {}) => {
    const query = new URLSearchParams({
      direction: 'ban',
      hosts: one.agent.id,
      jails: 'sshd',
      name: 'evil.txt',
      ...more,
    });
    return fleet.upload<BulkDraft & Problem>(`/api/v1/bulk-jobs?${query.toString()}`, text);
  };
  const job = (id: string) => fleet.get<BulkJob>(`/api/v1/bulk-jobs/${id}`);
  const start = (id: string, body: object = {}) =>
    fleet.request<BulkJob & Problem>('POST', `/api/v1/bulk-jobs/${id}/start`, body);
  const isIn = (id: string, state: BulkJob['state']) =>
    eventually(async () => expect(await job(id)).toMatchObject({ state }), {
      withinMs: 60_000,
      what: `a job ${state}`,
    });

  beforeAll(async () => {
    fleet = await FleetHarness.start();
    one = new FakeHost(await fleet.addAgent('web-1'));
    two = new FakeHost(await fleet.addAgent('web-2'));
    for (const { agent } of [one, two]) {
      const jails = ['sshd', 'nginx'].map((name) => ({ name, status: 'running' }));
      agent.send('host.status', { atMs: Date.now(), reachable: true, jails });
      await agent.acknowledged();
    }
  });
  afterAll(async () => {
    await one.agent.stop();
    await two.agent.stop();
    await fleet[Symbol.asyncDispose]();
  });

  it('are read, judged and shown before anything is done', async () => {
    one.agent.sendTickets({ address: '203.0.113.1', jail: 'sshd' });
    await one.agent.acknowledged();
    const text = `# evil\n203.0.113.1\n203.0.113.1\n203.0.113.0/28;x\n10.0.0.1\n${fleet.operatorAddress}\nfoo\n127.0.0.1\n8.0.0.0/7\n`;
    const { status, body } = await upload(text);
    expect(status).toBe(201);
    expect(body.preview).toMatchObject({
      lines: 8,
      entries: 2,
      duplicates: 1,
      networks: 1,
      covered: 1,
      bannedNow: 1,
      faults: { invalid: 1, private: 1, protected: 2, 'too-wide': 1 },
      sample: ['203.0.113.1', '203.0.113.0/28'],
    });
    expect(body.job).toMatchObject({ state: 'draft', name: 'evil.txt', entries: 2, counts: { pending: 2 } });
    expect(await fleet.get<BulkJob[]>('/api/v1/bulk-jobs')).toEqual([]);
    const left = await fleet.request('GET', `/api/v1/bulk-jobs/${body.job.id}/problems`);
    expect(left.text.trim().split('\r\n')).toHaveLength(6);
    expect(one.chunks.size).toBe(0);
  });

  it.each([
    ['nothing', '# only this\n', 400],
    ['no text', 'a\0b', 400],
    ['too much', '#'.repeat(9 * 1024 * 1024), 413],
  ])('with %s are refused', async (_what, text, expected) => {
    expect((await upload(text)).status).toBe(expected);
  });

  it('are banned for a time of one’s choice, which each host is told', async () => {
    const { body } = await upload(addresses(2).join('\n'), { durationSeconds: '3600' });
    expect(body.job).toMatchObject({ durationSeconds: 3_600 });
    expect((await start(body.job.id)).status).toBe(202);
    await eventually(() => expect(one.started).toContain(body.job.id));
    one.say(body.job.id, 'sshd', 'dd');
    await isIn(body.job.id, 'done');
    expect(one.begun.at(-1)).toMatchObject({ jobId: body.job.id, durationSeconds: 3_600 });
    const other = await upload(addresses(2).join('\n'));
    expect(other.body.job.durationSeconds).toBeNull();
    await start(other.body.job.id);
    await eventually(() => expect(one.started).toContain(other.body.job.id));
    one.say(other.body.job.id, 'sshd', 'uu');
    await isIn(other.body.job.id, 'done');
    expect(one.begun.at(-1)).not.toHaveProperty('durationSeconds');
  });

  it.each(['0', '-2', '1.5', 'x', '315360001'])('for %s seconds are refused', async (durationSeconds) => {
    expect((await upload('192.0.2.1', { durationSeconds })).status).toBe(400);
  });

  it('have no duration to be unbanned for', async () => {
    const { status, body } = await upload('192.0.2.1', { direction: 'unban', durationSeconds: '60' });
    expect(status).toBe(400);
    expect(JSON.stringify(body)).toContain('/durationSeconds');
  });

  it('must be sent as text, to hosts that exist', async () => {
    const query = `direction=ban&hosts=${one.agent.id}&jails=sshd`;
    expect((await fleet.request('POST', `/api/v1/bulk-jobs?${query}`, { a: 1 })).status).toBe(400);
    expect((await upload('192.0.2.1', { hosts: '0123456789abcdef' })).body.code).toBe('host/unknown');
    expect((await upload('192.0.2.1', { jails: '-x' })).status).toBe(400);
  });

  it('take the typed number above 100, start once, and reach every host and jail whole', async () => {
    using probe = await new LiveProbe(fleet.baseUrl, fleet.browserHeaders()).ready();
    const list = addresses(4_500);
    const { body } = await upload(list.join('\n'), { hosts: `${one.agent.id},${two.agent.id}`, jails: 'sshd,nginx' });
    const { id } = body.job;
    expect((await start(id)).body.code).toBe('request/invalid');
    expect((await start(id, { confirmedEntries: 4_499 })).status).toBe(400);
    expect((await start(id, { confirmedEntries: 4_500, reason: 'seen' })).body).toMatchObject({
      state: 'running',
      reason: 'seen',
    });
    expect((await start(id, { confirmedEntries: 4_500 })).body.code).toBe('request/conflict');
    await eventually(() => expect([one.started.has(id), two.started.has(id)]).toEqual([true, true]), {
      withinMs: 30_000,
    });
    expect(one.chunks.get(id)).toEqual(list);
    expect(two.chunks.get(id)).toEqual(list);
    one.failures.push({ from: 4_000, to: 4_001, code: 'ban/protected-address', detail: '<b>own</b> address' });
    one.say(id, 'sshd', `${'d'.repeat(3_000)}${'u'.repeat(1_000)}r${'d'.repeat(499)}`);
    await eventually(
      async () => expect((await job(id)).counts).toMatchObject({ done: 3_499, unchanged: 1_000, refused: 1 }),
      { withinMs: 30_000 },
    );
    for (const [host, jail] of [
      [one, 'nginx'],
      [two, 'sshd'],
      [two, 'nginx'],
    ] as const)
      host.say(id, jail, 'd'.repeat(4_500));
    await isIn(id, 'done');
    one.failures.length = 0;
    expect((await job(id)).counts).toEqual({
      pending: 0,
      done: 16_999,
      unchanged: 1_000,
      failed: 0,
      refused: 1,
      cancelled: 0,
    });
    await eventually(() => expect(probe.of('bulk_job').at(-1)).toMatchObject({ job: { id, state: 'done' } }));
    const refused = await fleet.get<Page<BulkResultRow>>(`/api/v1/bulk-jobs/${id}/results?result=refused`);
    expect(refused).toMatchObject({
      total: 1,
      nextCursor: null,
      items: [
        {
          hostName: 'web-1',
          jail: 'sshd',
          address: list[4_000],
          code: 'ban/protected-address',
          detail: '<b>own</b> address',
        },
      ],
    });
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const query: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const page = await fleet.get<Page<BulkResultRow>>(
        `/api/v1/bulk-jobs/${id}/results?limit=500&host=${two.agent.id}${query}`,
      );
      seen.push(...page.items.map(({ jail, address }) => `${jail} ${address}`));
      cursor = page.nextCursor;
    }
    expect(seen).toEqual(['sshd', 'nginx'].flatMap((jail) => list.map((address) => `${jail} ${address}`)));
    const { text } = await fleet.request('GET', `/api/v1/bulk-jobs/${id}/results/export?format=csv`);
    expect(text.trim().split('\r\n')).toHaveLength(18_001);
    const audit = (await fleet.auditEntries()).filter(({ action }) => action.startsWith('bulk.'));
    expect(audit.map(({ action, hostName }) => `${action} ${hostName ?? ''}`)).toEqual(
      expect.arrayContaining(['bulk.ban web-1', 'bulk.ban web-2', 'bulk.ban-ended web-1', 'bulk.ban-ended web-2']),
    );
  });

  it('are cancelled on the host, and say what was not done', async () => {
    const { body } = await upload(addresses(50).join('\n'), { direction: 'unban' });
    const { id } = body.job;
    await start(id);
    await eventually(() => expect(one.started.has(id)).toBe(true));
    one.say(id, 'sshd', 'd'.repeat(20));
    expect(await fleet.request('POST', `/api/v1/bulk-jobs/${id}/cancel`)).toMatchObject({
      status: 202,
      body: { state: 'cancelling' },
    });
    await eventually(() => expect(one.cancelled.has(id)).toBe(true));
    one.failures.push({ from: 20, to: 50, code: 'bulk/cancelled', detail: 'Cancelled before this address' });
    one.say(id, 'sshd', `${'d'.repeat(20)}${'c'.repeat(30)}`);
    await isIn(id, 'cancelled');
    expect((await job(id)).counts).toMatchObject({ done: 20, cancelled: 30 });
    expect((await fleet.request('POST', `/api/v1/bulk-jobs/${id}/cancel`)).status).toBe(409);
    one.failures.length = 0;
  });

  it('go on when the gateway is started again in the middle', async () => {
    const { body } = await upload(addresses(90).join('\n'));
    const { id } = body.job;
    await start(id);
    await eventually(() => expect(one.started.has(id)).toBe(true));
    one.say(id, 'sshd', 'd'.repeat(40));
    await eventually(async () => expect((await job(id)).counts.done).toBe(40));
    await fleet.stopGateway();
    one.say(id, 'sshd', 'd'.repeat(90));
    await fleet.startGateway();
    await isIn(id, 'done');
    expect((await job(id)).counts.done).toBe(90);
  });

  it('of which a host sends nonsense take none of it over', async () => {
    const { body } = await upload(addresses(10).join('\n'));
    const { id } = body.job;
    await start(id);
    await eventually(() => expect(one.started.has(id)).toBe(true));
    one.say(id, 'sshd', 'dd<script>');
    await eventually(async () =>
      expect(await job(id)).toMatchObject({ parts: [{ state: 'waiting' }], counts: { pending: 10 } }),
    );
    one.started.delete(id);
    one.chunks.delete(id);
    await isIn(id, 'done');
    expect((await job(id)).parts).toMatchObject([{ state: 'failed', code: 'agent/failed' }]);
  });

  it('keep their results, whatever reasons a host gives for them', async () => {
    const { body } = await upload(addresses(4).join('\n'));
    const { id } = body.job;
    one.failures.push(
      { from: 0, to: 3, code: 'fail2ban/refused', detail: 'a\u0000b' },
      { from: 0, to: 1, code: 'x', detail: '' },
    );
    one.say(id, 'sshd', 'fffd');
    await start(id);
    await isIn(id, 'done');
    one.failures.length = 0;
    expect((await job(id)).counts).toMatchObject({ failed: 3, done: 1 });
  });

  it('are started again when that word was lost', async () => {
    const { body } = await upload(addresses(5).join('\n'));
    const { id } = body.job;
    const began = one.agent.handlers.get('bulk.start');
    let isLost = true;
    one.agent.handlers.set('bulk.start', (args, command) => {
      if (!isLost) return began?.(args, command);
      isLost = false;
      return {};
    });
    one.say(id, 'sshd', 'ddddd');
    await start(id);
    await isIn(id, 'done');
    expect((await job(id)).counts.done).toBe(5);
    one.agent.handlers.set('bulk.start', began ?? (() => ({})));
  });

  it('are handed over whole although host and gateway go away in the middle', async () => {
    const list = addresses(4_500);
    const { body } = await upload(list.join('\n'), { hosts: two.agent.id });
    const { id } = body.job;
    const take = two.agent.handlers.get('bulk.chunk');
    let isAway = false;
    two.agent.handlers.set('bulk.chunk', async (args, command) => {
      if ((args as BulkChunkArgs).index === 0) return take?.(args, command);
      isAway = true;
      // Nothing is answered any more.
      return new Promise(() => undefined);
    });
    await start(id, { confirmedEntries: 4_500 });
    await eventually(() => expect(isAway).toBe(true));
    await two.agent.stop();
    await fleet.stopGateway();
    await fleet.startGateway();
    await eventually(
      async () =>
        expect(await job(id)).toMatchObject({
          state: 'running',
          parts: [{ state: 'sending', detail: expect.stringContaining('handed over when it is back') }],
        }),
      { withinMs: 60_000 },
    );
    two.agent.handlers.set('bulk.chunk', take ?? (() => ({})));
    two.say(id, 'sshd', 'd'.repeat(4_500));
    await (await two.agent.start()).welcomed();
    await isIn(id, 'done');
    expect(two.chunks.get(id)).toEqual(list);
    expect((await job(id)).counts.done).toBe(4_500);
  });

  it('end on a host that is revoked', async () => {
    const gone = new FakeHost(await fleet.addAgent('web-3'));
    gone.agent.send('host.status', { atMs: Date.now(), reachable: true, jails: [{ name: 'sshd', status: 'running' }] });
    await gone.agent.acknowledged();
    const { body } = await upload(addresses(5).join('\n'), { hosts: gone.agent.id });
    const { id } = body.job;
    await start(id);
    await eventually(() => expect(gone.started.has(id)).toBe(true));
    gone.say(id, 'sshd', 'dd');
    await eventually(async () => expect((await job(id)).counts.done).toBe(2));
    await fleet.request('DELETE', `/api/v1/hosts/${gone.agent.id}`);
    await isIn(id, 'done');
    expect(await job(id)).toMatchObject({
      counts: { done: 2, failed: 3 },
      parts: [{ state: 'failed', code: 'host/revoked' }],
    });
    await gone.agent.stop();
  });

  it('fail at once on hosts that are away or lack the jail, and go on elsewhere', async () => {
    await two.agent.stop();
    await eventually(
      async () => expect(await fleet.get(`/api/v1/hosts/${two.agent.id}`)).toMatchObject({ state: 'offline' }),
      { withinMs: 30_000 },
    );
    const { body } = await upload(addresses(5).join('\n'), {
      hosts: `${one.agent.id},${two.agent.id}`,
      jails: 'sshd,none',
    });
    const { id } = body.job;
    await start(id);
    await eventually(() => expect(one.started.has(id)).toBe(true));
    one.say(id, 'sshd', 'ddddd');
    await isIn(id, 'done');
    expect((await job(id)).parts.map(({ hostName, jail, state, code }) => [hostName, jail, state, code])).toEqual([
      ['web-1', 'sshd', 'done', null],
      ['web-1', 'none', 'failed', 'jail/unknown'],
      ['web-2', 'sshd', 'failed', 'agent/offline'],
      ['web-2', 'none', 'failed', 'jail/unknown'],
    ]);
    await (await two.agent.start()).welcomed();
    expect(two.chunks.has(id)).toBe(false);
  });
});
