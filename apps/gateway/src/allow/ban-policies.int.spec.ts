import type {
  ActiveBan,
  AllowEntry,
  BanCheck,
  BanResult,
  CampaignList,
  Ipv6Preview,
  Page,
  ProtectedAddresses,
  ProtectedAddressEntry,
} from '@bailiff/contracts/http';
import type { AllowSyncArgs, BanCommandArgs } from '@bailiff/contracts/agent';
import { eventually } from '@bailiff/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { FleetHarness } from '../../test/fleet-harness.spec.js';
import { ban, type TestAgent } from '../../test/test-agent.spec.js';

const obey = (result: 'banned' | 'unbanned') => (args: unknown) => {
  const { jails = ['sshd'], addresses } = args as BanCommandArgs;
  return { outcomes: jails.flatMap((jail) => addresses.map((address) => ({ jail, address, result }))) };
};
const allowAll = (args: unknown) => ({
  entries: (args as AllowSyncArgs).entries.map(({ id }) => ({ id, state: 'applied', detail: 'sshd', lifted: 0 })),
});

describe('what is banned, for how long, and what never is', () => {
  let fleet: FleetHarness;
  let agent: TestAgent;
  beforeAll(async () => {
    fleet = await FleetHarness.start();
    agent = await fleet.addAgent('web-1');
  });
  beforeEach(() => {
    agent.handlers.set('bans.ban', obey('banned'));
    agent.handlers.set('bans.unban', obey('unbanned'));
    agent.handlers.set('allow.sync', allowAll);
    agent.handlers.set('guard.list', () => ({ own: ['203.0.113.250'], listed: ['203.0.113.251'] }));
    agent.handlers.set('jails.networks', () => ({
      jails: [{ jail: 'ipset', ipv4: 'yes', ipv6: 'no', action: 'iptables-ipset' }],
    }));
  });
  afterAll(async () => {
    await agent.stop();
    await fleet[Symbol.asyncDispose]();
  });

  const post = <T>(path: string, body: object) => fleet.request<T>('POST', `/api/v1/${path}`, body);
  const banned = async (q: string) => (await fleet.get<Page<ActiveBan>>(`/api/v1/bans?q=${q}`)).items;
  const commands = (name: string) => agent.commands.filter(({ cmd }) => cmd === name);

  it('bans for a time, keeps the reason, and shows both on the ban', async () => {
    const body = { hostIds: [agent.id], jails: ['sshd'], addresses: ['198.51.100.1'], reason: 'scanner' };
    expect((await post<BanResult>('bans', { ...body, durationSeconds: 86_400 })).status).toBe(200);
    expect(commands('bans.ban').at(-1)?.args).toMatchObject({ durationSeconds: 86_400 });
    expect((await fleet.auditEntries())[0]).toMatchObject({ after: { reason: 'scanner', durationSeconds: 86_400 } });
    const atMs = Math.floor(Date.now() / 1_000) * 1_000;
    agent.sendTickets({ address: '198.51.100.1', atMs, bantimeSeconds: 86_400, origin: 'manual' });
    await agent.acknowledged();
    expect((await banned('198.51.100.1'))[0]).toMatchObject({ reason: 'scanner', origin: 'manual' });
    // Banned already: the agent has nothing to report, but the end is another one.
    agent.handlers.set('bans.ban', () => ({
      outcomes: [{ jail: 'sshd', address: '198.51.100.1', result: 'unchanged' }],
    }));
    await post('bans', { ...body, durationSeconds: -1 });
    expect((await banned('198.51.100.1'))[0]).toMatchObject({ expiresAt: null });
    expect((await post('bans', { ...body, durationSeconds: 0 })).status).toBe(400);
  });

  it('says what a ban would mean', async () => {
    const { body } = await post<BanCheck>('bans/check', {
      addresses: ['198.51.100.9/24', '10.0.0.1', '2001:db8::/64', '10.0.0.0/8', fleet.operatorAddress],
      hostIds: [agent.id],
      jails: ['sshd', 'ipset'],
    });
    expect(body.targets).toMatchObject([
      { address: '198.51.100.0/24', size: '256', guard: { owner: 'operator' } },
      { address: '10.0.0.1', size: '1', isPrivate: true, guard: null },
      { address: '2001:db8::/64', size: '18446744073709551616', isTooWide: false },
      { address: '10.0.0.0/8', isTooWide: true },
      { address: fleet.operatorAddress, guard: { owner: 'operator' } },
    ]);
    expect(body.jailsWithoutNetworks).toEqual([
      { hostId: agent.id, jail: 'ipset', family: 6, action: 'iptables-ipset' },
    ]);
  });

  it('protects what is listed, whoever asks, and shows what hosts protect by themselves', async () => {
    const { body: entry } = await post<ProtectedAddressEntry>('protected-addresses', {
      address: '203.0.113.7/28',
      comment: 'office',
    });
    expect(entry.address).toBe('203.0.113.0/28');
    const ask = { hostIds: [agent.id], jails: ['sshd'], addresses: ['203.0.113.3'] };
    expect(await post('bans', ask)).toMatchObject({
      status: 409,
      body: { code: 'ban/protected-address', detail: expect.stringContaining('office') },
    });
    const list = await fleet.get<ProtectedAddresses>('/api/v1/protected-addresses');
    expect(list.hosts).toMatchObject([{ hostName: 'web-1', own: ['203.0.113.250'], listed: ['203.0.113.251'] }]);
    expect(list.automatic).toContainEqual({ address: fleet.operatorAddress, owner: 'operator' });
    expect((await fleet.request('DELETE', `/api/v1/protected-addresses/${entry.id}`)).status).toBe(204);
    expect((await post('bans', ask)).status).toBe(200);
  });

  it('tells hosts what is allowed: now, when they come back, and no longer', async () => {
    const away = await fleet.addAgent('away');
    await away.stop();
    const { body: entry, status } = await post<AllowEntry>('allow-entries', {
      address: '203.0.113.40/30',
      durationSeconds: 3_600,
      comment: 'pen test',
      jails: ['sshd'],
    });
    expect(status).toBe(201);
    expect(entry.hosts.map(({ hostName, state }) => [hostName, state])).toEqual(
      expect.arrayContaining([
        ['web-1', 'applied'],
        ['away', 'waiting'],
      ]),
    );
    expect(commands('allow.sync').at(-1)?.args).toMatchObject({
      entries: [{ id: entry.id, address: '203.0.113.40/30', jails: ['sshd'] }],
    });
    expect(await post('bans', { hostIds: [agent.id], jails: ['sshd'], addresses: ['203.0.113.41'] })).toMatchObject({
      status: 409,
    });
    expect((await post('allow-entries', { address: '203.0.113.40/30', jails: ['sshd'] })).status).toBe(409);
    expect(await post('allow-entries', { address: '0.0.0.0/0' })).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/address', detail: expect.stringContaining('no wider than /8') }] },
    });
    away.handlers.set('allow.sync', allowAll);
    await away.start();
    const state = async () =>
      (await fleet.get<AllowEntry[]>('/api/v1/allow-entries'))[0]?.hosts.find(({ hostName }) => hostName === 'away')
        ?.state;
    await eventually(async () => expect(await state()).toBe('applied'), { withinMs: 60_000 });
    await away.stop();
    const changed = await fleet.request<AllowEntry>('PATCH', `/api/v1/allow-entries/${entry.id}`, {
      durationSeconds: 0,
    });
    expect(changed.body).toMatchObject({ expiresAt: null, comment: 'pen test' });
    expect((await fleet.request('DELETE', `/api/v1/allow-entries/${entry.id}`)).status).toBe(204);
    expect(commands('allow.sync').at(-1)?.args).toEqual({ entries: [] });
    const before = away.commands.length;
    await away.start();
    await eventually(() => expect(away.commands.at(-1)).toMatchObject({ cmd: 'allow.sync', args: { entries: [] } }));
    expect(away.commands.length).toBeGreaterThan(before);
    await away.stop();
  });

  it('bans the IPv6 prefix in the place of its addresses, when told to', async () => {
    const atMs = Math.floor(Date.now() / 1_000) * 1_000 - 1_000;
    const single = (n: number) => ({ ...ban(), address: `2001:db8:5::${n}`, atMs, bantimeSeconds: 3_600 * n });
    agent.sendTickets(single(1), single(2), single(3));
    await agent.acknowledged();
    const preview = await fleet.get<Ipv6Preview>('/api/v1/ipv6-policy/preview?prefixLength=64&threshold=3');
    expect(preview.candidates).toMatchObject([{ prefix: '2001:db8:5::/64', jail: 'sshd', hindrance: null }]);
    expect(commands('bans.ban').filter(({ args }) => JSON.stringify(args).includes('2001:db8:5::/64'))).toEqual([]);
    const rule = { enabled: true, prefixLength: 64, threshold: 4 };
    expect((await fleet.request('PUT', '/api/v1/ipv6-policy', rule)).status).toBe(200);
    agent.sendTickets(single(4));
    await eventually(() => {
      const last = commands('bans.unban').at(-1)?.args as { addresses: string[] } | undefined;
      expect(last?.addresses.toSorted()).toEqual([1, 2, 3, 4].map((n) => `2001:db8:5::${n}`));
    });
    const args = commands('bans.ban').at(-1)?.args as BanCommandArgs;
    expect(args).toMatchObject({ jails: ['sshd'], addresses: ['2001:db8:5::/64'] });
    expect(args.durationSeconds).toBeGreaterThan(3_600 * 3.9);
    await eventually(async () =>
      expect((await fleet.auditEntries())[0]).toMatchObject({
        action: 'ban.aggregate',
        actor: 'ipv6-policy',
        result: 'ok',
        target: '2001:db8:5::/64 in sshd',
      }),
    );
  });

  it('never bans a prefix that would lock somebody out', async () => {
    await post('protected-addresses', { address: '2001:db8:6::99' });
    const before = commands('bans.ban').length;
    agent.sendTickets(...[1, 2, 3, 4].map((n) => ({ ...ban(), address: `2001:db8:6::${n}` })));
    agent.sendTickets(...[1, 2, 3, 4].map((n) => ({ ...ban(), address: `2001:db8:7::${n}` })));
    await agent.acknowledged();
    await eventually(() => expect(JSON.stringify(commands('bans.ban').at(-1)?.args)).toContain('2001:db8:7::/64'));
    expect(commands('bans.ban').slice(before)).toHaveLength(1);
    const preview = await fleet.get<Ipv6Preview>('/api/v1/ipv6-policy/preview');
    const guarded = preview.candidates.find(({ prefix }) => prefix === '2001:db8:6::/64');
    expect(guarded?.hindrance).toContain('protected list');
  });

  it('finds the networks that many come from', async () => {
    agent.sendTickets(...[1, 2, 3, 4, 5].map((n) => ({ ...ban(), address: `192.0.2.${n}` })));
    await agent.acknowledged();
    const { campaigns } = await fleet.get<CampaignList>('/api/v1/campaigns?range=24h&min=5');
    expect(campaigns).toMatchObject([
      { network: '192.0.2.0/24', kind: 'ipv4-24', addresses: 5, activeBans: 5, jails: ['sshd'], isBanned: false },
    ]);
  });

  it('names who runs the networks that many come from', async () => {
    const addresses = [1, 2, 3, 4, 5].map((n) => `203.0.113.${n}`);
    const entries = addresses.map((address) => ({ address, country: 'CH', asn: 64_500, rir: null }));
    const asNames = [{ asn: 64_500, name: '<b>Example</b>' }];
    await fleet.database.withTransaction(({ geo }) => geo.resolve({ entries, asNames, dataVersion: 'v1' }, Date.now()));
    agent.sendTickets(...addresses.map((address) => ({ ...ban(), address })));
    await agent.acknowledged();
    const { campaigns } = await fleet.get<CampaignList>('/api/v1/campaigns?range=7d&min=5');
    expect(campaigns.find(({ network }) => network === '203.0.113.0/24')).toMatchObject({
      ...{ addresses: 5, asn: 64_500, asName: '<b>Example</b>', country: 'CH' },
    });
  });

  it('finds the networks of one host alone, and knows which are kept out already', async () => {
    agent.sendTickets(...[1, 2, 3, 4, 5].map((n) => ({ ...ban(), address: `198.51.100.${n}` })));
    agent.sendTickets({ ...ban(), address: '198.51.0.0/16' });
    await agent.acknowledged();
    const of = (hosts: string) => fleet.get<CampaignList>(`/api/v1/campaigns?range=24h&min=5&hosts=${hosts}`);
    expect((await of(agent.id)).campaigns.find(({ network }) => network === '198.51.100.0/24')).toMatchObject({
      addresses: 5,
      activeBans: 5,
      isBanned: true,
      hostIds: [agent.id],
    });
    expect(await of('00000000000000ff')).toEqual({ campaigns: [], examined: 0, isComplete: true });
  });
});
