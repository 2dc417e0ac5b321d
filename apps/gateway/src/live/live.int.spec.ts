import { AGENT_EVENTS } from '@bailiff/contracts/agent';
import type { HistoryEntry, Page } from '@bailiff/contracts/http';
import { eventually } from '@bailiff/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FleetHarness } from '../../test/fleet-harness.spec.js';
import { LiveProbe } from '../../test/live-probe.spec.js';
import type { TestAgent } from '../../test/test-agent.spec.js';
import { CATCH_UP_LIMIT } from './live-catch-up.js';

describe('GET /api/live', () => {
  let fleet: FleetHarness;
  let agent: TestAgent;
  beforeAll(async () => {
    fleet = await FleetHarness.start();
    agent = await fleet.addAgent('web-1');
  });
  afterAll(async () => {
    await agent.stop();
    await fleet[Symbol.asyncDispose]();
  });

  const open = (since?: string, headers = fleet.browserHeaders()) => new LiveProbe(fleet.baseUrl, headers, since);
  /** Position of the newest stored event. */
  const head = async () => {
    using live = await open().ready();
    return live.of('ready')[0]?.feedId ?? '';
  };
  const addressesOf = (probe: LiveProbe) => probe.of('ban_event').map(({ event }) => event.address);

  it('shows bans, unbans and failures as they are stored', async () => {
    using live = await open().ready();
    const atMs = Math.floor(Date.now() / 1_000) * 1_000;
    agent.sendTickets({ kind: 'found', address: '192.0.2.1', atMs });
    agent.sendTickets({ address: '192.0.2.1', atMs, matches: ['a line'] });
    agent.sendTickets({ kind: 'unban', address: '192.0.2.1', atMs: atMs + 1_500 });
    await eventually(() => expect(live.of('unban_event')).toHaveLength(1));
    expect(live.of('found_event')).toMatchObject([{ hostId: agent.id, jail: 'sshd', address: '192.0.2.1' }]);
    const [message] = live.of('ban_event');
    expect(message).toMatchObject({
      event: { hostName: 'web-1', jail: 'sshd', address: '192.0.2.1', matches: ['a line'], kind: 'ban' },
      active: { address: '192.0.2.1', hostId: agent.id },
    });
    expect(Number(live.of('unban_event')[0]?.feedId)).toBeGreaterThan(Number(message?.feedId));
  });

  it('notes where a browser is, not the proxy before it: the lock-out guard goes by that', async () => {
    const cookie = await fleet.signIn();
    const forwarded = { ...fleet.browserHeaders(cookie), 'x-forwarded-for': '203.0.113.77' };
    // Last seen a while ago, so that the next sign of life is noted.
    const [session] = await fleet.database.read.sessions.list(Date.now());
    const { id = '', expiresAtMs = 0 } = session ?? {};
    await fleet.database.withTransaction(({ sessions }) =>
      sessions.touch(id, { lastSeenAtMs: Date.now() - 600_000, expiresAtMs, address: '203.0.113.76' }),
    );
    using live = await open(undefined, forwarded).ready();
    expect((await fleet.database.read.sessions.find(id))?.address).toBe('203.0.113.77');
    expect(live.closeCode).toBeUndefined();
  });

  it('catches up what was missed, each once and in order, before ready', async () => {
    const since = await head();
    for (const n of [11, 12, 13]) agent.sendTickets({ address: `192.0.2.${n}` });
    await agent.acknowledged();
    using live = await open(since).ready();
    expect(addressesOf(live)).toEqual(['192.0.2.11', '192.0.2.12', '192.0.2.13']);
    expect(live.messages.at(-1)?.type).toBe('ready');
    agent.sendTickets({ address: '192.0.2.14' });
    await eventually(() => expect(addressesOf(live).at(-1)).toBe('192.0.2.14'));
  });

  it('loses nothing and doubles nothing while bans stream in', async () => {
    const count = 300;
    const seen = new Set<string>();
    let since = await head();
    for (let n = 0; n < count; n += 1) agent.sendTickets({ address: `198.51.100.${n % 250}`, jail: `jail-${n}` });
    while (seen.size < count) {
      using live = await open(since).ready();
      await eventually(() => live.of('ban_event').length > 0 || seen.size === count);
      for (const { feedId, event } of live.of('ban_event')) {
        expect(Number(feedId)).toBeGreaterThan(Number(since));
        expect(seen.has(event.jail)).toBe(false);
        seen.add(event.jail);
        since = feedId;
      }
    }
    await agent.acknowledged();
    expect(seen.size).toBe(count);
  });

  it('says resync when too much was missed, or the position is none of ours', async () => {
    const since = await head();
    const tickets = Array.from({ length: CATCH_UP_LIMIT + 1 }, (_, n) => ({
      kind: 'ban',
      jail: 'bulk',
      address: `203.0.113.${n % 256}`,
      atMs: 1_700_000_000_000 + n * 1_000,
      bantimeSeconds: 60,
    }));
    for (let from = 0; from < tickets.length; from += 500)
      agent.send(AGENT_EVENTS.tickets, { tickets: tickets.slice(from, from + 500) });
    await agent.acknowledged();
    for (const position of [since, '999999999', 'x', '-1']) {
      using live = await open(position).ready();
      expect({ position, types: live.messages.slice(0, 2).map(({ type }) => type) }).toEqual({
        position,
        types: ['resync', 'ready'],
      });
    }
  });

  it('shows a host that comes and goes', async () => {
    using live = await open().ready();
    const other = await fleet.addAgent('comes-and-goes');
    const states = () => live.of('host_status').flatMap(({ host }) => (host.id === other.id ? host.state : []));
    await eventually(() => expect(states()).toContain('online'));
    await other.stop();
    await eventually(() => expect(states().at(-1)).toBe('offline'), { withinMs: 20_000 });
  });

  it.each([
    ['without a session', () => ({ cookie: 'bailiff_session=made-up' }), 4401],
    ['with a bad token', () => ({ authorization: 'Bearer blf_nope' }), 4401],
    ['from a page of somebody else', () => ({ origin: 'https://evil.example' }), 4403],
    ['from no page at all', () => ({ origin: '' }), 4403],
  ])('is closed %s', async (_what, change, code) => {
    using live = open(undefined, { ...fleet.browserHeaders(), ...change() });
    expect(await live.closed()).toBe(code);
    expect(live.messages).toEqual([]);
  });

  it('is closed at once when its session ends, and others stay', async () => {
    const cookie = await fleet.signIn();
    using leaving = await open(undefined, fleet.browserHeaders(cookie)).ready();
    using staying = await open().ready();
    const answer = await fleet.request('DELETE', '/api/v1/session', undefined, fleet.browserHeaders(cookie));
    expect(answer.status).toBeLessThan(300);
    expect(await leaving.closed()).toBe(4401);
    agent.sendTickets({ address: '192.0.2.200' });
    await eventually(() => expect(addressesOf(staying)).toContain('192.0.2.200'));
    expect(staying.closeCode).toBe(undefined);
  });

  it('refuses other addresses', async () => {
    const socket = new LiveProbe(`${fleet.baseUrl}/nothing?x=`, fleet.browserHeaders());
    expect(await socket.closed()).toBe(1006);
  });

  it('has what the archive has', async () => {
    const { items } = await fleet.get<Page<HistoryEntry>>('/api/v1/history?q=192.0.2.0/24&sort=at&limit=500');
    expect(items.filter(({ address }) => address === '192.0.2.14')).toHaveLength(1);
  });
});
