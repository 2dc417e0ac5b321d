import { readFileSync, renameSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, startFail2ban, testedFail2banVersions, type Fail2banInstance } from '@bailiff/testing';
import { buildAgent, TestAgent } from '../test/test-agent.spec.js';
import { TestGateway } from '../test/test-gateway.spec.js';

const BANS = 300;
const logged = (f2b: Fail2banInstance, word: string): string[] =>
  [...readFileSync(f2b.logPath, 'utf8').matchAll(new RegExp(`NOTICE +\\[(\\S+)\\] ${word} (\\S+)$`, 'gm'))]
    .map(([, jail, address]) => `${jail} ${address}`)
    .sort();
const rowsOf = (f2b: Fail2banInstance): string[] => {
  const database = new DatabaseSync(f2b.databasePath, { readOnly: true, timeout: 5_000 });
  try {
    const rows = database.prepare('SELECT jail, ip, timeofban FROM bans').all();
    return rows.map((row) => `${String(row['jail'])} ${String(row['ip'])} ${String(row['timeofban'])}`);
  } finally {
    database.close();
  }
};
const bannedNow = async (f2b: Fail2banInstance): Promise<string[]> => {
  const lists = await Promise.all(
    f2b.jails.map(async (jail) => {
      const ids = (await f2b.client('get', jail, 'banip')).split(/\s+/).filter((id) => id !== '');
      return ids.map((id) => `${jail} ${id}`);
    }),
  );
  return lists.flat().sort();
};

beforeAll(buildAgent, 300_000);

describe.each(testedFail2banVersions)('the agent on fail2ban %s', (version) => {
  let f2b: Fail2banInstance;
  let gateway: TestGateway;
  let agent: TestAgent;

  beforeAll(async () => {
    f2b = await startFail2ban({
      version,
      jails: { one: { bantime: 86_400 }, two: { bantime: -1 } },
    });
    gateway = await TestGateway.start();
    agent = await TestAgent.for(f2b);
    await f2b.client('set', 'one', 'banip', '198.51.100.250');
    const { code, stderr } = await agent.cli(['enrol', gateway.url, '--token-file', '-'], gateway.createToken());
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    await agent.start();
  });
  afterAll(async () => {
    await agent[Symbol.asyncDispose]();
    await gateway[Symbol.asyncDispose]();
    await f2b[Symbol.asyncDispose]();
  });

  const archiveEqualsFail2ban = (withinMs = 20_000) =>
    eventually(
      () => {
        expect(gateway.named('ban')).toEqual(logged(f2b, 'Ban'));
        expect(gateway.named('unban')).toEqual([...logged(f2b, 'Unban'), ...logged(f2b, 'Repeal Ban')].sort());
        const timed = [...gateway.archive.values()]
          .filter(({ kind }) => kind === 'ban')
          .map(({ jail, address, atMs }) => `${jail} ${address} ${Math.floor(atMs / 1000)}`);
        expect(timed).toEqual(expect.arrayContaining(rowsOf(f2b)));
      },
      { withinMs, what: 'the archive to equal what fail2ban wrote down' },
    );
  const snapshotEqualsFail2ban = () =>
    eventually(
      async () => {
        const truth = await bannedNow(f2b);
        expect(gateway.snapshot?.bans.map(({ jail, address }) => `${jail} ${address}`).sort()).toEqual(truth);
      },
      { withinMs: 20_000, everyMs: 500, what: 'the snapshot to equal what fail2ban bans' },
    );

  it('writes its files for nobody else, and will not enrol twice by accident', async () => {
    for (const file of ['keys.json', 'redis.json', 'policy.json'])
      expect(statSync(`${agent.configDir}/${file}`).mode & 0o777).toBe(0o600);
    const again = await agent.cli(['enrol', gateway.url, '--token-file', '-'], gateway.createToken());
    expect(again.code).toBe(1);
    expect(again.stderr).toContain('--force');
    const shown = await agent.cli(['fingerprint', '--json']);
    expect(JSON.parse(shown.stdout)).toMatchObject({ agentId: gateway.agentId });
    await eventually(() =>
      expect(JSON.parse(readFileSync(agent.readyFile, 'utf8'))).toEqual({
        pid: agent.process.pid,
        agentId: gateway.agentId,
      }),
    );
  });

  it('reports status, jails and what is banned', async () => {
    await eventually(() => expect(gateway.status?.reachable).toBe(true));
    expect(gateway.status).toMatchObject({ version, socketPath: f2b.socketPath });
    expect(gateway.status?.jails).toMatchObject([
      { name: 'one', status: 'running', bantimeSeconds: 86_400, maxretry: 3, currentlyBanned: 1, backend: 'polling' },
      { name: 'two', status: 'running', bantimeSeconds: -1 },
    ]);
    await snapshotEqualsFail2ban();
    await archiveEqualsFail2ban();
    const row = rowsOf(f2b)[0]?.split(' ')[2];
    expect(gateway.snapshot?.bans[0]).toMatchObject({ bannedAtMs: Number(row) * 1000, banCount: 1 });
  });

  it('bans and unbans, each address with its outcome, and says who asked', async () => {
    expect(await gateway.call('host.ping')).toEqual({ pong: true });
    const addresses = ['203.0.113.1', '2001:DB8::1', '127.0.0.1', '10.0.0.0/8', '198.51.100.250'];
    const banned = await gateway.call('bans.ban', { jails: ['one', 'none'], addresses });
    const outcomes = (result: unknown) =>
      (result as { outcomes: { jail: string; address: string; result: string; code?: string }[] }).outcomes.map(
        ({ jail, address, result: done, code }) =>
          [jail, address, done, ...(code === undefined ? [] : [code])].join(' '),
      );
    expect(outcomes(banned)).toEqual([
      'one 203.0.113.1 banned',
      'one 2001:db8::1 banned',
      'one 127.0.0.1 failed ban/protected-address',
      'one 10.0.0.0/8 failed ban/too-wide',
      'one 198.51.100.250 unchanged',
      'none 203.0.113.1 failed jail/unknown',
      'none 2001:db8::1 failed jail/unknown',
      'none 127.0.0.1 failed ban/protected-address',
      'none 10.0.0.0/8 failed ban/too-wide',
      'none 198.51.100.250 failed jail/unknown',
    ]);
    await archiveEqualsFail2ban();
    const origins = new Map([...gateway.archive.values()].map((ticket) => [ticket.address, ticket.origin]));
    expect(origins.get('203.0.113.1')).toBe('manual');
    expect(await bannedNow(f2b)).toContain('one 2001:db8::1');
    const unbanned = await gateway.call('bans.unban', { addresses: ['2001:0db8::0001', '203.0.113.0/24'] });
    expect(outcomes(unbanned)).toEqual([' 2001:db8::1 unbanned', ' 203.0.113.0/24 unchanged']);
    const forced = await gateway.call('bans.ban', {
      jails: ['two'],
      addresses: ['127.0.0.9', '127.0.0.10', '::/8'],
      forced: ['127.0.0.9', '::/8'],
    });
    expect(outcomes(forced)).toEqual([
      'two 127.0.0.9 banned',
      'two 127.0.0.10 failed ban/protected-address',
      'two ::/8 failed ban/too-wide',
    ]);
    expect(await gateway.call('bans.unban-everything', { jails: ['two'] })).toEqual({ unbanned: 1 });
    await archiveEqualsFail2ban();
  });

  it.each([
    ['bans.ban', { jails: ['one'], addresses: ['203.0.113.1;id'] }],
    ['bans.ban', { jails: 'one', addresses: ['203.0.113.1'] }],
    ['bans.ban', { jails: ['--all'], addresses: ['203.0.113.1'] }],
    ['bans.ban', { jails: ['one'], addresses: ['203.0.113.1'], extra: 1 }],
    ['bans.ban', { jails: ['one'], addresses: ['203.0.113.1'], forced: true }],
    ['bans.ban', []],
    ['host.ping', { x: 1 }],
    ['constructor', {}],
    ['f2b.raw', {}],
  ])('refuses %s %j', async (command, args) => {
    await expect(gateway.call(command, args)).rejects.toMatchObject({
      code: expect.stringMatching(/^(request\/invalid|agent\/refused)$/),
    });
  });

  it('refuses what the policy does not grant, from the moment it changes, and everything when it is a link', async () => {
    const path = `${agent.configDir}/policy.json`;
    const text = readFileSync(path, 'utf8');
    const put = (value: string) => {
      writeFileSync(`${path}.new`, value, { mode: 0o600 });
      renameSync(`${path}.new`, path);
    };
    const ban = () => gateway.call('bans.ban', { jails: ['one'], addresses: ['203.0.113.77'] });
    put(JSON.stringify({ groups: ['read'] }));
    await expect(ban()).rejects.toMatchObject({ code: 'agent/policy-denied' });
    expect(await gateway.call('host.ping')).toEqual({ pong: true });
    put(JSON.stringify({ groups: ['read', 'ban'], protected: ['203.0.113.0/24'] }));
    expect(await ban()).toMatchObject({ outcomes: [{ result: 'failed', code: 'ban/protected-address' }] });
    renameSync(path, `${path}.real`);
    symlinkSync(`${path}.real`, path);
    await expect(gateway.call('host.ping')).rejects.toMatchObject({ code: 'agent/policy-denied' });
    put(text);
    expect(await bannedNow(f2b)).not.toContain('one 203.0.113.77');
  });

  it(`archives ${BANS} bans exactly while the agent is killed again and again`, async () => {
    let isBanning = true;
    let kills = 0;
    const killer = (async () => {
      while (isBanning) {
        await pause(150 + Math.random() * 900);
        await agent.kill();
        kills += 1;
        await agent.start();
      }
    })();
    for (let n = 0; n < BANS; n += 5) {
      const addresses = Array.from({ length: 5 }, (_, i) => `198.18.${(n + i) >> 8}.${(n + i) & 255}`);
      await f2b.client('set', n % 2 === 0 ? 'one' : 'two', 'banip', ...addresses);
      if (n % 15 === 0) await f2b.client('unban', addresses[0] ?? '');
      if (n % 45 === 0) await f2b.client('set', 'one', 'banip', addresses[0] ?? '');
      if (n % 60 === 0) await f2b.appendFailures('one', `203.0.113.${100 + n / 60}`, 3);
    }
    isBanning = false;
    await killer;
    expect(kills).toBeGreaterThan(3);
    await archiveEqualsFail2ban(60_000);
    await snapshotEqualsFail2ban();
  }, 240_000);

  it('loses nothing when Redis is killed, the gateway restarts or cannot store', async () => {
    await gateway.redis.kill();
    await f2b.client('set', 'one', 'banip', '203.0.113.200');
    await gateway.redis.start();
    await f2b.client('set', 'one', 'banip', '203.0.113.201');
    gateway.isDeaf = true;
    await f2b.client('set', 'two', 'banip', '203.0.113.202');
    await gateway.restart();
    gateway.isDeaf = false;
    await f2b.client('set', 'one', 'unbanip', '203.0.113.200');
    await archiveEqualsFail2ban(90_000);
  });

  it('says that fail2ban is gone, and recovers by itself', async () => {
    await f2b.kill();
    await eventually(() => expect(gateway.status).toMatchObject({ reachable: false, jails: [] }), { withinMs: 20_000 });
    expect(gateway.status?.reason).toBeTruthy();
    await f2b.start();
    await eventually(() => expect(gateway.status?.reachable).toBe(true), { withinMs: 30_000 });
    await archiveEqualsFail2ban();
    await snapshotEqualsFail2ban();
    await f2b.restart();
    await eventually(() => expect(logged(f2b, 'Restore Ban').length).toBeGreaterThan(BANS), { withinMs: 30_000 });
    await archiveEqualsFail2ban();
    await snapshotEqualsFail2ban();
  });

  it('found nothing to complain about, and stops politely', async () => {
    expect(gateway.faults).toEqual([]);
    const { code, stdout } = await agent.cli(['doctor', '--json']);
    expect(
      (JSON.parse(stdout) as { checks: { state: string }[] }).checks.filter(({ state }) => state === 'failed'),
    ).toEqual([]);
    expect(code).toBe(0);
    await agent.stop();
    // Past its deadline it would have ended itself with another code.
    expect(await agent.process.exited).toEqual({ code: 0, signal: null });
  });
});
