import { AGENT_EVENTS } from '@bailiff/contracts/agent';
import type { ActiveBan, Health, HistoryEntry, HostAlarm, HostInfo, JailInfo, Page } from '@bailiff/contracts/http';
import { eventually } from '@bailiff/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { FleetHarness } from '../../test/fleet-harness.spec.js';
import { ban, type TestAgent } from '../../test/test-agent.spec.js';
import { EdgeAccess, LOCKED_FOR_MS } from './edge-access.js';
import { FleetHealth } from './fleet-health.js';

describe('what agents send', () => {
  let fleet: FleetHarness;
  beforeAll(async () => {
    fleet = await FleetHarness.start();
  });
  afterAll(() => fleet[Symbol.asyncDispose]());

  const history = (agent: TestAgent) =>
    fleet.get<Page<HistoryEntry>>(`/api/v1/history?hosts=${agent.id}&limit=500&sort=at`);
  const bans = (agent: TestAgent) => fleet.get<Page<ActiveBan>>(`/api/v1/bans?hosts=${agent.id}&limit=500`);
  const alarms = async (agent: TestAgent) =>
    (await fleet.get<HostAlarm[]>(`/api/v1/hosts/${agent.id}/alarms`)).map(({ code }) => code);
  const outKey = (agent: TestAgent) => `bailiff:{${agent.id}}:out`;

  const loseUser = (agent: TestAgent) =>
    fleet.asRedisOwner((redis) => redis.call('ACL', 'DELUSER', `ag-${agent.id}`).then(() => redis.call('ACL', 'SAVE')));

  it('is stored once, however often it is sent', async () => {
    await using agent = await fleet.addAgent();
    const first = { ...ban(), address: '192.0.2.10' };
    const second = { ...first, address: '192.0.2.11', matches: ['<script>alert(1)</script>'] };
    agent.send(AGENT_EVENTS.tickets, { tickets: [first, second] });
    await agent.acknowledged();
    agent.send(AGENT_EVENTS.tickets, { tickets: [first, second] });
    await agent.stop();
    await agent.start();
    agent.send(AGENT_EVENTS.tickets, { tickets: [second, first] });
    await agent.acknowledged();
    const { items, total } = await history(agent);
    expect(items.map(({ address }) => address)).toEqual(['192.0.2.10', '192.0.2.11']);
    expect(total).toBe(2);
    expect(items[1]?.matches).toEqual(['<script>alert(1)</script>']);
    expect((await bans(agent)).items.map(({ address, expiresAt }) => [address, expiresAt !== null])).toEqual([
      ['192.0.2.11', true],
      ['192.0.2.10', true],
    ]);
  });

  it('lifts a ban when its unban comes, and takes a snapshot as the whole truth', async () => {
    await using agent = await fleet.addAgent();
    const atMs = Math.floor(Date.now() / 1_000) * 1_000 - 30_000;
    for (const n of [1, 2, 3]) agent.sendTickets({ address: `192.0.2.${n}`, atMs });
    agent.sendTickets({ kind: 'unban', address: '192.0.2.1', atMs: atMs + 5_000 });
    await agent.acknowledged();
    expect((await bans(agent)).items.map(({ address }) => address).sort()).toEqual(['192.0.2.2', '192.0.2.3']);
    const listed = { jail: 'sshd', address: '192.0.2.3', bannedAtMs: atMs, expiresAtMs: null, banCount: 4 };
    agent.send(AGENT_EVENTS.snapshot, {
      id: '3f0c2f4e-7a52-4d5b-9a5e-1f0b8a1c2d3e',
      atMs: Date.now(),
      index: 0,
      count: 1,
      bans: [listed, { ...listed, address: '192.0.2.4' }],
    });
    await agent.acknowledged();
    const now = (await bans(agent)).items;
    expect(now.map(({ address }) => address).sort()).toEqual(['192.0.2.3', '192.0.2.4']);
    expect(now.find(({ address }) => address === '192.0.2.3')).toMatchObject({ banCount: 4, expiresAt: null });
  });

  it('shows the state of fail2ban and its jails, and keeps the jails while fail2ban is away', async () => {
    await using agent = await fleet.addAgent();
    const jails = [{ name: 'sshd', status: 'running', currentlyBanned: 2, totalBanned: 9, findtimeSeconds: 600 }];
    agent.send(AGENT_EVENTS.status, { atMs: Date.now(), reachable: true, version: '1.0.2', jails });
    agent.send(AGENT_EVENTS.status, { atMs: Date.now(), reachable: false, reason: 'socket gone', jails: [] });
    await agent.acknowledged();
    const host = await fleet.get<HostInfo>(`/api/v1/hosts/${agent.id}`);
    expect(host.fail2ban).toMatchObject({ reachable: false, reason: 'socket gone' });
    expect(await fleet.get<JailInfo[]>(`/api/v1/jails?hosts=${agent.id}`)).toMatchObject([
      { name: 'sshd', status: 'running', totalBanned: 9, findtimeSeconds: 600, hostId: agent.id },
    ]);
  });

  it('is skipped with an alarm when its body is invalid, and what follows is stored', async () => {
    await using agent = await fleet.addAgent();
    agent.send(AGENT_EVENTS.tickets, { tickets: [{ ...ban(), atMs: 'yesterday' }] });
    agent.send('nonsense', { a: 1 });
    agent.sendTickets({ address: '192.0.2.20' });
    await agent.acknowledged();
    expect((await history(agent)).items.map(({ address }) => address)).toEqual(['192.0.2.20']);
    await eventually(async () => expect(await alarms(agent)).toEqual(['invalid_event']));
    expect((await fleet.get<HostInfo>(`/api/v1/hosts/${agent.id}`)).alarms).toBe(1);
  });

  it('is refused with an alarm when it is forged or another agent’s', async () => {
    await using victim = await fleet.addAgent('victim');
    await using attacker = await fleet.addAgent('attacker');
    attacker.sendTickets({ address: '192.0.2.66' });
    await attacker.acknowledged();
    await fleet.asRedisOwner(async (redis) => {
      const [entry] = await redis.xrevrangeBuffer(outKey(attacker), '+', '-', 'COUNT', 1);
      if (entry === undefined) throw new Error('the attacker’s stream is empty');
      await redis.xadd(outKey(victim), '*', ...entry[1]);
      await redis.xadd(outKey(victim), '*', 'm', Buffer.from('not even sealed'));
    });
    await eventually(async () => expect(await alarms(victim)).toEqual(expect.arrayContaining(['bad_seal'])));
    victim.sendTickets({ address: '192.0.2.21' });
    await victim.acknowledged();
    expect((await history(victim)).items.map(({ address }) => address)).toEqual(['192.0.2.21']);
  });

  it('is noticed when somebody took it away, and arrives all the same', async () => {
    await using agent = await fleet.addAgent();
    await fleet.stopGateway();
    for (const n of [1, 2, 3]) agent.sendTickets({ address: `192.0.2.3${n}` });
    await eventually(() => expect(agent.unsent).toBe(0));
    await fleet.asRedisOwner(async (redis) => {
      const entries = await redis.xrevrange(outKey(agent), '+', '-', 'COUNT', 3);
      await redis.xdel(outKey(agent), entries[1]?.[0] ?? '');
    });
    await fleet.startGateway();
    await agent.acknowledged();
    await eventually(async () => expect(await alarms(agent)).toContain('gap'));
    expect((await history(agent)).items.map(({ address }) => address).sort()).toEqual([
      '192.0.2.31',
      '192.0.2.32',
      '192.0.2.33',
    ]);
  });

  it('waits while the edge Redis is away, which health shows, and arrives afterwards', async () => {
    await using agent = await fleet.addAgent();
    const health = () => fleet.app.get(FleetHealth).checks();
    const edge = (checks: Health['checks']) => checks.find(({ name }) => name === 'edge')?.status;
    expect(edge(health())).toBe('ok');
    await fleet.edge.kill();
    await eventually(() => expect(edge(health())).toBe('down'));
    agent.sendTickets({ address: '192.0.2.40' });
    await fleet.edge.start();
    await agent.acknowledged();
    expect((await history(agent)).items.map(({ address }) => address)).toEqual(['192.0.2.40']);
    await eventually(() => expect(edge(health())).toBe('ok'));
  });

  it('gets in again after the edge Redis lost its users', async () => {
    await using agent = await fleet.addAgent();
    await loseUser(agent);
    await fleet.edge.kill();
    await fleet.edge.start();
    agent.sendTickets({ address: '192.0.2.41' });
    await agent.acknowledged();
  });

  it('costs an agent that fills Redis its access, and nobody else', async () => {
    const greedy = await fleet.addAgent('greedy');
    // Its honest part would trim the stream.
    await greedy.stop();
    await using other = await fleet.addAgent('other');
    const { username, password } = greedy.enrolled.redis;
    const redis = new Redis(fleet.edge.url, { username, password, retryStrategy: () => null, enableReadyCheck: false });
    redis.on('error', () => undefined);
    const flood = Buffer.alloc(1_000_000, 'x');
    for (let i = 0; i < 40; i += 1) await redis.xadd(outKey(greedy), '*', 'm', flood).catch(() => undefined);
    await eventually(async () => expect(await alarms(greedy)).toContain('quarantined'), { withinMs: 20_000 });
    await expect(redis.xadd(outKey(greedy), '*', 'm', 'x')).rejects.toThrow();
    redis.disconnect();
    other.sendTickets({ address: '192.0.2.45' });
    await other.acknowledged();
    // The other one gets in again only once all users were made anew, the greedy one's turn being before it.
    await loseUser(other);
    await fleet.edge.kill();
    await fleet.edge.start();
    other.sendTickets({ address: '192.0.2.46' });
    await other.acknowledged();
    const again = new Redis(fleet.edge.url, { username, password, lazyConnect: true, retryStrategy: () => null });
    again.on('error', () => undefined);
    await expect(again.connect()).rejects.toThrow();
    // Its time over, it is let in again: nobody has to restart anything.
    fleet.app.get(EdgeAccess).releaseDue(performance.now() + LOCKED_FOR_MS);
    await greedy.start();
    await greedy.welcomed();
    await greedy.stop();
  });

  it('is ignored for ever once its host is revoked', async () => {
    const agent = await fleet.addAgent();
    agent.sendTickets({ address: '192.0.2.50' });
    await agent.acknowledged();
    const { username, password } = agent.enrolled.redis;
    expect((await fleet.request('DELETE', `/api/v1/hosts/${agent.id}`)).status).toBe(204);
    const redis = new Redis(fleet.edge.url, { username, password, lazyConnect: true, retryStrategy: () => null });
    redis.on('error', () => undefined);
    await expect(redis.connect()).rejects.toThrow();
    expect(await fleet.asRedisOwner((owner) => owner.exists(outKey(agent)))).toBe(0);
    expect((await bans(agent)).items).toEqual([]);
    expect((await history(agent)).items.map(({ address }) => address)).toEqual(['192.0.2.50']);
    expect((await fleet.get<HostInfo[]>('/api/v1/hosts')).some(({ id }) => id === agent.id)).toBe(false);
    // Even somebody who owns Redis and makes the user again gets nothing stored.
    await fleet.asRedisOwner((owner) =>
      owner.call('ACL', 'SETUSER', username, 'on', `>${password}`, '~*', '+@all', '&*'),
    );
    agent.sendTickets({ address: '192.0.2.51' });
    await using other = await fleet.addAgent('other');
    other.sendTickets({ address: '192.0.2.52' });
    await other.acknowledged();
    expect((await history(agent)).items.map(({ address }) => address)).toEqual(['192.0.2.50']);
    await agent.stop();
  });
});
