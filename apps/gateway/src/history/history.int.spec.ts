import { AGENT_EVENTS } from '@bailiff/contracts/agent';
import type { DashboardSummary, FleetStatus, HistoryEntry, Page } from '@bailiff/contracts/http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FleetHarness } from '../../test/fleet-harness.spec.js';
import type { TestAgent } from '../../test/test-agent.spec.js';

const HOUR_MS = 3_600_000;

describe('GET /api/v1/history, /dashboard and /status', () => {
  let fleet: FleetHarness;
  let web: TestAgent;
  let mail: TestAgent;
  /** On a full second of the running hour, so that every expected hour is known. */
  const now = Math.floor(Date.now() / 1_000) * 1_000;
  beforeAll(async () => {
    fleet = await FleetHarness.start();
    [web, mail] = await Promise.all([fleet.addAgent('web'), fleet.addAgent('=mail"1"')]);
    for (let n = 0; n < 60; n += 1)
      web.sendTickets({ jail: n % 3 === 0 ? 'nginx' : 'sshd', address: `192.0.2.${n}`, atMs: now - n * 60_000 });
    web.sendTickets({ address: '192.0.2.1', atMs: now - 26 * HOUR_MS });
    web.sendTickets({ kind: 'unban', address: '192.0.2.5', atMs: now, matches: [] });
    mail.sendTickets({
      jail: 'postfix',
      address: '2001:db8::1',
      atMs: now,
      bantimeSeconds: -1,
      matches: ['a "b"', 'c'],
    });
    for (let n = 0; n < 7; n += 1) mail.sendTickets({ kind: 'found', address: '192.0.2.1', atMs: now });
    const jails = [
      { name: 'postfix', status: 'running', currentlyBanned: 1, totalBanned: 5, currentlyFailed: 2, totalFailed: 9 },
    ];
    mail.send(AGENT_EVENTS.status, { atMs: now, reachable: true, version: '1.1.0', jails });
    await Promise.all([web.acknowledged(), mail.acknowledged()]);
  });
  afterAll(async () => {
    await Promise.all([web.stop(), mail.stop()]);
    await fleet[Symbol.asyncDispose]();
  });

  const history = (query: string) => fleet.get<Page<HistoryEntry>>(`/api/v1/history?${query}`);

  it('pages through everything, newest first, each row once', async () => {
    const times: number[] = [];
    const ids = new Set<string>();
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: Page<HistoryEntry> = await history(`limit=7${cursor === '' ? '' : `&cursor=${cursor}`}`);
      for (const { id, at } of page.items) {
        ids.add(id);
        times.push(Date.parse(at));
      }
      expect(page.total).toBe(63);
      cursor = page.nextCursor;
    }
    expect(ids.size).toBe(63);
    expect(times).toEqual(times.toSorted((a, b) => b - a));
  });

  it.each([
    ['jail=nginx', 20],
    ['kind=unban', 1],
    ['q=192.0.2.0/29&kind=ban', 9],
    ['q=2001:db8::/32', 1],
    ['q=2.0.2.5', 0],
    ['q=192.0.2.5', 2],
    ['q=192.0.2.5x', 0],
    [`from=${new Date(now - 25 * HOUR_MS).toISOString()}&kind=ban`, 61],
    [`to=${new Date(now - 25 * HOUR_MS).toISOString()}`, 1],
    ['origin=manual', 0],
    ['country=DE', 0],
  ])('filters by %s', async (query, total) => {
    expect((await history(query)).total).toBe(total);
  });

  it.each([
    'sort=matches',
    'limit=0',
    'limit=501',
    'cursor=AAAA',
    'from=yesterday',
    'from=2026-01-01T00:00:00',
    'to=2026-W02-1',
    'to=2026-02-30T00:00:00Z',
    `jail=${'x'.repeat(257)}`,
    'hosts=all',
    'evil=1',
  ])('refuses %s', async (query) => {
    expect((await fleet.request(`GET`, `/api/v1/history?${query}`)).status).toBe(400);
  });

  it('exports the filtered set, harmless to spreadsheets', async () => {
    const csv = await fleet.request('GET', `/api/v1/history/export?format=csv&hosts=${mail.id}`);
    expect(csv.text).toBe(
      'time,host,hostId,kind,jail,address,bantimeSeconds,banCount,failures,origin,country,asn,matches,' +
        'service,requestUrl,targetDomain,targetSubdomain\r\n' +
        `${new Date(now).toISOString()},"'=mail""1""",${mail.id},ban,postfix,2001:db8::1,-1,1,5,selfblock,,,"a ""b""\nc",,,,\r\n`,
    );
    const lines = await fleet.request('GET', '/api/v1/history/export?format=jsonl&kind=ban&sort=at');
    const entries = lines.text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as HistoryEntry);
    expect(entries).toHaveLength(62);
    expect(entries[0]?.address).toBe('192.0.2.1');
    expect((await fleet.request('GET', '/api/v1/history/export?format=xml')).status).toBe(400);
  });

  it('sums the dashboard up for a range and its hosts', async () => {
    const all = await fleet.get<DashboardSummary>('/api/v1/dashboard?range=7d');
    expect(all.bans.value).toBe(62);
    expect(all.bans.series).toHaveLength(28);
    expect(all.bans.series.reduce((a, b) => a + b)).toBe(62);
    expect(all.failures.value).toBe(7);
    expect(all.topJails.slice(0, 2)).toEqual([
      { jail: 'sshd', bans: 41 },
      { jail: 'nginx', bans: 20 },
    ]);
    expect(all.topAddresses[0]).toEqual({ address: '192.0.2.1', country: null, bans: 2 });
    const day = await fleet.get<DashboardSummary>(`/api/v1/dashboard?hosts=${web.id}`);
    expect([day.range, day.bans.value, day.bans.previous, day.failures.value]).toEqual(['24h', 60, null, 0]);
  });

  it('sums the fleet’s state up', async () => {
    const status = await fleet.get<FleetStatus>('/api/v1/status');
    expect(status).toMatchObject({
      hosts: { total: 2, online: 2 },
      fail2banVersions: ['1.1.0'],
      activeJails: 1,
      totalBanned: 5,
      totalFailed: 9,
    });
    // 59 bans of the last hour on web are still on (one was lifted), and the permanent one on mail.
    expect(status.currentlyBanned).toBe(60);
    expect((await fleet.get<FleetStatus>(`/api/v1/status?hosts=${mail.id}`)).currentlyBanned).toBe(1);
  });

  // Last: it adds a host and bans, which the sums above would count.
  it('tells what was asked for, finds it, and exports it as text', async () => {
    const hostile = (path: string) =>
      `shop.example.co.uk:443 192.0.2.77 - - [20/Nov/2026:16:00:00 +0000] "GET ${path} HTTP/1.1" 404 5 "-" "x"`;
    const path = '/<img src=x onerror=alert(1)>?"%22';
    await using shop = await fleet.addAgent('shop');
    shop.sendTickets(
      { jail: 'nginx', address: '192.0.2.77', atMs: now, matches: ['noise', hostile(path.replace('"', '\\"'))] },
      { jail: 'nginx', address: '192.0.2.78', atMs: now, matches: ['\u0000\u202e{"request":[[[['] },
    );
    await shop.acknowledged();
    const said = {
      service: 'nginx',
      requestUrl: '/<img src=x onerror=alert(1)>?\\"%22',
      targetDomain: 'example.co.uk',
      targetSubdomain: 'shop',
    };
    const found = await history(`hosts=${shop.id}&sort=address`);
    expect(found.items).toMatchObject([
      said,
      { service: null, requestUrl: null, targetDomain: null, targetSubdomain: null },
    ]);
    for (const q of ['ONERROR', 'shop.example', '%2522'])
      expect((await history(`hosts=${shop.id}&q=${q}`)).total).toBe(1);
    const csv = await fleet.request('GET', `/api/v1/history/export?format=csv&hosts=${shop.id}&q=onerror`);
    expect(csv.text).toContain(',nginx,"/<img src=x onerror=alert(1)>?\\""%22",example.co.uk,shop\r\n');
    const jsonl = await fleet.request('GET', `/api/v1/history/export?format=jsonl&hosts=${shop.id}&q=onerror`);
    expect(JSON.parse(jsonl.text)).toMatchObject(said);
  });
});
