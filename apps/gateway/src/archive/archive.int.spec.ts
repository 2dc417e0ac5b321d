import type {
  ArchiveDeletion,
  ArchiveState,
  AuditEntry,
  HistoryEntry,
  Page,
  RepeatOffender,
} from '@bailiff/contracts/http';
import { eventually } from '@bailiff/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FleetHarness } from '../../test/fleet-harness.spec.js';
import { LiveProbe } from '../../test/live-probe.spec.js';
import type { TestAgent } from '../../test/test-agent.spec.js';
import { ArchiveDeletions } from './archive-deletions.js';

const DAY_MS = 86_400_000;

describe('/api/v1/archive and /repeat-offenders', () => {
  let fleet: FleetHarness;
  let web: TestAgent;
  const now = Math.floor(Date.now() / 1_000) * 1_000;
  /** Ten bans a day for ten days, by five addresses. */
  const bans = Array.from({ length: 100 }, (_, n) => ({
    jail: n % 10 < 7 ? 'sshd' : 'nginx',
    address: `192.0.2.${n % 5}`,
    atMs: now - Math.floor(n / 10) * DAY_MS - 60_000 * (n % 10) - 1000,
    bantimeSeconds: 600,
  }));

  beforeAll(async () => {
    fleet = await FleetHarness.start();
    web = await fleet.addAgent('web');
    web.sendTickets(...bans, { address: '192.0.2.77', atMs: now - 1000, bantimeSeconds: -1 });
    await web.acknowledged();
  });
  afterAll(async () => {
    await web.stop();
    await fleet[Symbol.asyncDispose]();
  });

  const state = () => fleet.get<ArchiveState>('/api/v1/archive');
  const total = async () => (await fleet.get<Page<HistoryEntry>>('/api/v1/history')).total;
  const remove = (body: object) => fleet.request<ArchiveDeletion>('POST', '/api/v1/archive/deletions', body);
  const over = (id: string) =>
    eventually(
      async () =>
        expect((await fleet.get<ArchiveDeletion>(`/api/v1/archive/deletions/${id}`)).state).not.toBe('running'),
      { withinMs: 60_000 },
    );

  it('tells its size', async () => {
    const facts = await state();
    expect(facts).toMatchObject({ database: 'sqlite', events: 101, retentionDays: 0, deletion: null });
    expect(facts.databaseBytes).toBeGreaterThan(50_000);
    expect(facts.newest).toBe(new Date(now - 1000).toISOString());
  });

  it('lists addresses banned more than once, with where, page by page', async () => {
    const seen: RepeatOffender[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: Page<RepeatOffender> = await fleet.get(
        `/api/v1/repeat-offenders?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`,
      );
      seen.push(...page.items);
      cursor = page.nextCursor;
    }
    expect(seen.map(({ address, bans: count }) => [address, count])).toEqual(
      [4, 3, 2, 1, 0].map((n) => [`192.0.2.${n}`, 20]),
    );
    expect(seen[0]?.places).toEqual([
      { hostId: web.id, hostName: 'web', jail: 'nginx', bans: 10 },
      { hostId: web.id, hostName: 'web', jail: 'sshd', bans: 10 },
    ]);
    expect(seen[0]?.lastAt).toBe(new Date(now - 4 * 60_000 - 1000).toISOString());
    const filtered = async (query: string) =>
      (await fleet.get<Page<RepeatOffender>>(`/api/v1/repeat-offenders?${query}`)).items
        .map(({ address }) => address.at(-1))
        .join('');
    expect(await filtered('jail=nginx')).toBe('432');
    expect(await filtered('q=192.0.2.0/30')).toBe('3210');
    expect(await filtered('q=2.0.2.1')).toBe('');
    expect(await filtered(`hosts=${'0'.repeat(16)}`)).toBe('');
    expect(await filtered(`from=${new Date(now).toISOString()}`)).toBe('');
    expect((await fleet.request('GET', '/api/v1/repeat-offenders?sort=address')).status).toBe(400);
  });

  it.each([
    [{}],
    [{ confirmation: 'yes' }],
    [{ before: 'yesterday', confirmation: 'delete' }],
    [{ before: '2026-W01-1', confirmation: 'delete' }],
    [{ before: '2026-01-01T00:00:00', confirmation: 'delete' }],
    [{ confirmation: 'delete', everything: true }],
  ])('deletes nothing for %j', async (body) => {
    expect((await remove(body)).status).toBe(400);
    expect(await total()).toBe(101);
  });

  it('deletes what is older than a time; bans stay banned, pages are told, and nothing comes back', async () => {
    using live = await new LiveProbe(fleet.baseUrl, fleet.browserHeaders()).ready();
    const before = new Date(now - 4.5 * DAY_MS).toISOString();
    const started = await remove({ before, confirmation: 'delete' });
    expect([started.status, started.body.total]).toEqual([202, 50]);
    await over(started.body.id);
    expect(await total()).toBe(51);
    expect((await state()).deletion).toMatchObject({
      state: 'done',
      deleted: 50,
      before,
      actor: expect.any(String),
    });
    await eventually(() => expect(live.of('resync')).toHaveLength(1));
    // A reset agent, or an hourly look into fail2ban's database, tells everything again.
    web.sendTickets(...bans);
    await web.acknowledged();
    expect(await total()).toBe(51);
    const audit = await fleet.get<Page<AuditEntry>>('/api/v1/audit');
    expect(
      audit.items.filter(({ action }) => action.startsWith('archive.')).map(({ action, after }) => [action, after]),
    ).toEqual([
      ['archive.deleted', { deleted: 50 }],
      ['archive.delete', { total: 50 }],
    ]);
  });

  it('keeps events as long as the operator wants', async () => {
    expect((await fleet.request('PATCH', '/api/v1/settings', { retentionDays: -1 })).status).toBe(400);
    await fleet.app.get(ArchiveDeletions).retain();
    expect(await total()).toBe(51);
    expect((await fleet.request('PATCH', '/api/v1/settings', { retentionDays: 2 })).status).toBe(200);
    await fleet.app.get(ArchiveDeletions).retain();
    await eventually(async () => expect(await total()).toBe(21));
    expect(await state()).toMatchObject({ retentionDays: 2, deletion: { reason: 'retention', actor: 'system' } });
  });

  it('deletes everything, one at a time, and goes on after a restart', async () => {
    const nobody = await fleet.request(
      'POST',
      '/api/v1/archive/deletions',
      { confirmation: 'delete' },
      { authorization: '' },
    );
    expect(nobody.status).toBe(401);
    // What a gateway that was killed leaves behind.
    const request = {
      jobId: '00000000-0000-4000-8000-000000000001',
      reason: 'asked',
      actor: 'operator',
      beforeMs: now + DAY_MS,
    } as const;
    await fleet.database.withTransaction(({ archivePurge }) => archivePurge.begin(request, now - DAY_MS));
    expect((await remove({ confirmation: 'delete' })).body).toMatchObject({ code: 'archive/busy' });
    await fleet.app.get(ArchiveDeletions).adopt();
    await over(request.jobId);
    expect(await total()).toBe(0);
    expect((await state()).events).toBe(0);
    expect((await fleet.get<Page<RepeatOffender>>('/api/v1/repeat-offenders')).items).toEqual([]);
    expect((await fleet.get<Page<{ address: string }>>('/api/v1/bans')).items.map(({ address }) => address)).toEqual([
      '192.0.2.77',
    ]);
    expect((await fleet.request('POST', `/api/v1/archive/deletions/${request.jobId}/cancel`)).status).toBe(404);
  });
});
