import { AGENT_EVENTS } from '@bailiff/contracts/agent';
import type { ActiveBan, BanResult, Page, Problem } from '@bailiff/contracts/http';
import { CommandError } from '@bailiff/agent-channel';
import { eventually } from '@bailiff/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FleetHarness } from '../../test/fleet-harness.spec.js';
import { ban, type TestAgent } from '../../test/test-agent.spec.js';

interface BanArgs {
  readonly jails?: string[];
  readonly addresses: string[];
}

/** Answers as fail2ban does: everything asked for is done. */
const obey = (result: 'banned' | 'unbanned') => (args: unknown) => {
  const { jails = ['sshd'], addresses } = args as BanArgs;
  return { outcomes: jails.flatMap((jail) => addresses.map((address) => ({ jail, address, result }))) };
};

describe('bans by hand', () => {
  let fleet: FleetHarness;
  let agent: TestAgent;
  beforeAll(async () => {
    fleet = await FleetHarness.start();
    agent = await fleet.addAgent('web-1');
    agent.handlers.set('bans.ban', obey('banned'));
    agent.handlers.set('bans.unban', obey('unbanned'));
    agent.handlers.set('bans.unban-everything', () => ({ unbanned: 12 }));
  });
  afterAll(async () => {
    await agent.stop();
    await fleet[Symbol.asyncDispose]();
  });

  const post = <T>(path: string, body: object) => fleet.request<T>('POST', `/api/v1/${path}`, body);
  const lastAudit = async () => (await fleet.auditEntries())[0];

  it('reach the host, signed, and answer what fail2ban did to each', async () => {
    const { status, body } = await post<BanResult>('bans', {
      hostIds: [agent.id],
      jails: ['sshd', 'nginx'],
      addresses: ['192.0.2.1', '2001:DB8::1', '192.0.2.1'],
      reason: 'seen before',
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({ changed: 4, unchanged: 0, failed: 0 });
    expect(agent.commands.at(-1)).toMatchObject({
      cmd: 'bans.ban',
      args: { jails: ['sshd', 'nginx'], addresses: ['192.0.2.1', '2001:db8::1'] },
    });
    expect(await lastAudit()).toMatchObject({ action: 'ban.apply', result: 'ok', hostId: agent.id, hostName: 'web-1' });
  });

  it('are stored with the origin that their agent knows of', async () => {
    agent.sendTickets({ address: '192.0.2.77', origin: 'manual' }, { address: '192.0.2.78' });
    await agent.acknowledged();
    const { items } = await fleet.get<Page<ActiveBan>>('/api/v1/bans?q=192.0.2.76/30&sort=address');
    expect(items.map(({ address, origin }) => [address, origin])).toEqual([
      ['192.0.2.77', 'manual'],
      ['192.0.2.78', 'selfblock'],
    ]);
  });

  it('are lifted: some, or everything', async () => {
    const one = await post<BanResult>('unbans', { hostIds: [agent.id], addresses: ['192.0.2.77', 'user@example'] });
    expect(one.body).toMatchObject({ changed: 2 });
    const all = await post<BanResult>('unbans', { hostIds: [agent.id], everything: true });
    expect(all.body.outcomes).toMatchObject([{ result: 'unbanned', detail: '12 bans lifted' }]);
    expect(await lastAudit()).toMatchObject({ action: 'ban.lift-everything', target: 'every ban', result: 'ok' });
    for (const body of [{ hostIds: [agent.id] }, { hostIds: [agent.id], everything: true, addresses: ['192.0.2.1'] }])
      expect(await post('unbans', body)).toMatchObject({ status: 400, body: { code: 'request/invalid' } });
  });

  it('tell what they were when they are lifted, so that they can be put back', async () => {
    agent.sendTickets({ address: '192.0.2.90', bantimeSeconds: 3_600 }, { address: '192.0.2.91', bantimeSeconds: -1 });
    await agent.acknowledged();
    const timed = { hostIds: [agent.id], jails: ['sshd'], addresses: ['192.0.2.90'], durationSeconds: 7_200 };
    await post<BanResult>('bans', { ...timed, reason: 'seen before' });
    const { body } = await post<BanResult>('unbans', {
      hostIds: [agent.id],
      addresses: ['192.0.2.90', '192.0.2.91', '192.0.2.92'],
    });
    expect(body.outcomes.map(({ lifted }) => lifted)).toEqual([
      [{ jail: 'sshd', secondsLeft: expect.any(Number), reason: 'seen before' }],
      [{ jail: 'sshd', secondsLeft: null, reason: null }],
      [],
    ]);
    const left = body.outcomes[0]?.lifted?.[0]?.secondsLeft ?? 0;
    expect(left).toBeGreaterThan(3_700);
    expect(left).toBeLessThanOrEqual(7_200);
  });

  it.each([
    ['the operator’s own address', [() => fleet.operatorAddress]],
    ['a network around the gateway', [() => '127.0.0.0/16']],
  ])('never lock out %s, unless forced', async (_what, [address]) => {
    const body = { hostIds: [agent.id], jails: ['sshd'], addresses: [address?.() ?? ''] };
    const before = agent.commands.length;
    expect(await post('bans', body)).toMatchObject({ status: 409, body: { code: 'ban/protected-address' } });
    expect(agent.commands).toHaveLength(before);
    expect((await post<BanResult>('bans', { ...body, forced: body.addresses })).status).toBe(200);
    expect(agent.commands.at(-1)?.args).toMatchObject({ forced: body.addresses });
  });

  it('force only what was named: what was not seen stays guarded, here and on the host', async () => {
    const own = fleet.operatorAddress;
    const body = { hostIds: [agent.id], jails: ['sshd'], addresses: [own, '127.0.0.9', '192.0.2.1'] };
    const before = agent.commands.length;
    expect(await post('bans', { ...body, forced: [own] })).toMatchObject({
      status: 409,
      body: { code: 'ban/protected-address', detail: expect.stringContaining('127.0.0.9') as unknown },
    });
    expect(await post('bans', { ...body, forced: true })).toMatchObject({ status: 400 });
    expect(agent.commands).toHaveLength(before);
    // What is not among the addresses is not banned by being forced.
    const forced = ['127.0.0.9', own, '192.0.2.99'];
    expect(await post('bans', { ...body, forced })).toMatchObject({ status: 200 });
    expect(agent.commands.at(-1)?.args).toEqual({ ...body, hostIds: undefined, forced: [own, '127.0.0.9'] });
    expect(await lastAudit()).toMatchObject({ action: 'ban.apply', after: { forced: [own, '127.0.0.9'] } });
  });

  it.each([
    ['a network that is too wide', { addresses: ['0.0.0.0/0'] }, 422, 'ban/too-wide'],
    ['what is no address', { addresses: ['localhost'] }, 400, 'request/invalid'],
    ['a jail that looks like an option', { jails: ['--help'] }, 400, 'request/invalid'],
    ['an unknown field', { shell: 'id' }, 400, 'request/invalid'],
    ['an unknown host', { hostIds: ['00000000000000ff'] }, 404, 'host/unknown'],
  ])('refuse %s', async (_what, change, status, code) => {
    const before = agent.commands.length;
    const body = { hostIds: [agent.id], jails: ['sshd'], addresses: ['192.0.2.1'], ...change };
    expect(await post('bans', body)).toMatchObject({ status, body: { code } });
    expect(agent.commands).toHaveLength(before);
  });

  it.each([
    ['jail/unknown', 404],
    ['agent/policy-denied', 403],
    ['fail2ban/unreachable', 502],
  ])('say what the agent said: %s', async (code, status) => {
    agent.handlers.set('bans.ban', () => {
      throw new CommandError(code, 'the agent’s own words');
    });
    const { body, ...response } = await post<Problem>('bans', {
      hostIds: [agent.id],
      jails: ['nope'],
      addresses: ['192.0.2.1'],
    });
    agent.handlers.set('bans.ban', obey('banned'));
    expect({ status: response.status, code: body.code, detail: body.detail }).toEqual({
      status,
      code,
      detail: 'the agent’s own words',
    });
    expect(await lastAudit()).toMatchObject({ result: 'failed', code });
  });

  it('fail at once on an offline host, and nothing runs later', async () => {
    const away = await fleet.addAgent('away');
    away.handlers.set('bans.ban', obey('banned'));
    await away.stop();
    await eventually(
      async () => expect((await fleet.get<{ state: string }>(`/api/v1/hosts/${away.id}`)).state).toBe('offline'),
      {
        withinMs: 45_000,
      },
    );
    const request = { jails: ['sshd'], addresses: ['192.0.2.1'] };
    const alone = await post<Problem>('bans', { ...request, hostIds: [away.id] });
    expect(alone).toMatchObject({ status: 503, body: { code: 'agent/offline' } });
    const both = await post<BanResult>('bans', { ...request, hostIds: [agent.id, away.id] });
    expect(both.body).toMatchObject({ changed: 1, failed: 1 });
    expect(both.body.outcomes).toContainEqual(
      expect.objectContaining({ hostId: away.id, result: 'failed', code: 'agent/offline' }),
    );
    await away.start();
    await away.welcomed();
    expect(away.commands).toEqual([]);
    await away.stop();
  });

  it('are listed by page, order and filter over 50,000 of them', async () => {
    const big = await fleet.addAgent('big');
    const total = 50_000;
    const atMs = Date.now();
    for (let index = 0; index < total / 1_000; index += 1) {
      const bans = Array.from({ length: 1_000 }, (_, n) => ({
        jail: n % 2 === 0 ? 'sshd' : 'nginx',
        address: `10.${index}.${n >> 8}.${n & 255}`,
        bannedAtMs: atMs - 100_000 - index * 1_000 - n,
        expiresAtMs: atMs + 3_600_000,
        banCount: 1 + (n % 5),
      }));
      const chunk = { id: '7c0e8c52-51a5-4c86-9b0a-2f6c1d3e4f50', atMs, index, count: total / 1_000, bans };
      big.send(AGENT_EVENTS.snapshot, chunk);
    }
    await big.acknowledged();
    const list = (query: string) => fleet.get<Page<ActiveBan>>(`/api/v1/bans?hosts=${big.id}&${query}`);
    const seen = new Set<string>();
    let cursor = '';
    for (let page = 0; page < 3; page += 1) {
      const { items, nextCursor, total: counted } = await list(`limit=500&sort=-banCount${cursor}`);
      for (const { id } of items) seen.add(id);
      expect(counted).toBe(total);
      cursor = `&cursor=${nextCursor ?? ''}`;
    }
    expect(seen.size).toBe(1_500);
    expect((await list('q=10.7.0.0/24&limit=1')).total).toBe(256);
    expect((await list('q=10.7.0.9')).items.map(({ address }) => address)).toEqual(['10.7.0.9']);
    expect((await list('q=10.7.0.&jail=sshd&limit=1')).total).toBe(128);
    expect(await fleet.request('GET', '/api/v1/bans?sort=password')).toMatchObject({ status: 400 });
    await big.stop();
  });

  it('are found by the name of a jail that no act may carry, and are not acted upon by it', async () => {
    const jail = "it's ünï, 100%";
    agent.sendTickets({ jail, address: '192.0.2.120' });
    await agent.acknowledged();
    const named = `jail=${encodeURIComponent(jail)}`;
    for (const list of ['bans', 'history']) {
      const { items } = await fleet.get<Page<ActiveBan>>(`/api/v1/${list}?${named}`);
      expect(items).toEqual([expect.objectContaining({ jail, address: '192.0.2.120' })]);
    }
    expect(await fleet.request('GET', `/api/v1/repeat-offenders?${named}`)).toMatchObject({ status: 200 });
    const sent = agent.commands.length;
    const lift = { hostIds: [agent.id], jails: [jail], addresses: ['192.0.2.120'] };
    expect(await post<Problem>('unbans', lift)).toMatchObject({ status: 400, body: { code: 'request/invalid' } });
    expect(agent.commands).toHaveLength(sent);
    expect(await fleet.request('GET', '/api/v1/bans?jail=%00')).toMatchObject({ status: 400 });
  });

  it('vanish from the list when their time is long over and no word came', async () => {
    const late = ban();
    agent.sendTickets({ address: '192.0.2.99', atMs: late.atMs, bantimeSeconds: 61 });
    await agent.acknowledged();
    const listed = async () => (await fleet.get<Page<ActiveBan>>('/api/v1/bans?q=192.0.2.99')).total;
    expect(await listed()).toBe(1);
    await fleet.sweepBansAt(late.atMs + 61_000 + 60_001);
    expect(await listed()).toBe(0);
  });
});
