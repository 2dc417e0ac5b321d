import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AllowSyncResult, BanCommandResult } from '@bailiff/contracts/agent';
import { eventually, startFail2ban, testedFail2banVersions, type Fail2banInstance } from '@bailiff/testing';
import { buildAgent, TestAgent } from '../../test/test-agent.spec.js';
import { TestGateway } from '../../test/test-gateway.spec.js';

beforeAll(buildAgent, 300_000);

describe.each(testedFail2banVersions)('timed bans and allow entries on fail2ban %s', (version) => {
  let f2b: Fail2banInstance;
  let gateway: TestGateway;
  let agent: TestAgent;
  let controls = 0;

  beforeAll(async () => {
    const extra = { ignoreip: '203.0.113.128/25' };
    f2b = await startFail2ban({
      version,
      jails: { brief: { bantime: 5 }, gone: { bantime: 86_400 }, long: { bantime: 86_400, extra } },
    });
    gateway = await TestGateway.start();
    agent = await TestAgent.for(f2b);
    await agent.cli(['enrol', gateway.url, '--token-file', '-'], gateway.createToken());
    await agent.start();
    await eventually(() => expect(gateway.status?.reachable).toBe(true), { withinMs: 30_000 });
  });
  afterAll(async () => {
    await agent[Symbol.asyncDispose]();
    await gateway[Symbol.asyncDispose]();
    await f2b[Symbol.asyncDispose]();
  });

  const ban = async (jail: string, address: string, durationSeconds?: number): Promise<void> => {
    const given = durationSeconds === undefined ? {} : { durationSeconds };
    const result = (await gateway.call('bans.ban', {
      jails: [jail],
      addresses: [address],
      ...given,
    })) as BanCommandResult;
    expect(result.outcomes).toEqual([
      expect.objectContaining({ result: expect.stringMatching(/^(banned|unchanged)$/) }),
    ]);
  };
  const isBanned = async (jail: string, address: string): Promise<boolean> =>
    (await f2b.client('get', jail, 'banned', address)).trim() === '1';
  const lifted = (jail: string, address: string) =>
    eventually(async () => expect(await isBanned(jail, address)).toBe(false), { withinMs: 90_000 });
  const banned = (jail: string, address: string) =>
    eventually(async () => expect(await isBanned(jail, address)).toBe(true), { withinMs: 90_000 });
  const unbansOf = (address: string): number =>
    readFileSync(f2b.logPath, 'utf8')
      .split('\n')
      .filter((line) => line.endsWith(`Unban ${address}`)).length;
  /** Lets the time of a ban in `brief` pass, by fail2ban's own clock. */
  const pass = async (times = 1): Promise<void> => {
    for (let n = 0; n < times; n += 1) {
      const control = `198.51.100.${(controls += 1)}`;
      await ban('brief', control);
      await lifted('brief', control);
    }
  };
  const said = (what: string, address: string) =>
    eventually(
      () =>
        agent.process.output.split('\n').some((line) => line.includes(`"${what}"`) && line.includes(`"${address}"`)),
      { withinMs: 60_000, what: `${what} ${address}` },
    );

  it('lifts a ban on time, which the jail would keep for long', async () => {
    const fromMs = Date.now();
    await ban('long', '198.51.100.201', 4);
    expect(await isBanned('long', '198.51.100.201')).toBe(true);
    await lifted('long', '198.51.100.201');
    expect(Date.now()).toBeGreaterThanOrEqual(fromMs + 4_000);
    await eventually(() => expect(gateway.named('ban')).toContain('long 198.51.100.201'));
    const ticket = [...gateway.archive.values()].find(
      ({ address, kind }) => address === '198.51.100.201' && kind === 'ban',
    );
    expect(ticket?.origin).toBe('manual');
    expect(ticket?.bantimeSeconds).toBeLessThanOrEqual(5);
  });

  it('keeps a ban up, without a gap, that the jail would lift, also for ever', async () => {
    await ban('brief', '198.51.100.202', 3_600);
    await ban('brief', '198.51.100.203', -1);
    await pass(2);
    for (const address of ['198.51.100.202', '198.51.100.203']) {
      expect(await isBanned('brief', address)).toBe(true);
      expect(unbansOf(address)).toBe(0);
    }
    await gateway.call('bans.snapshot');
    await eventually(() => {
      const ends = new Map(gateway.snapshot?.bans.map(({ address, expiresAtMs }) => [address, expiresAtMs]));
      expect(ends.get('198.51.100.203')).toBeNull();
      expect(ends.get('198.51.100.202')).toBeGreaterThan(Date.now() + 3_000_000);
    });
  });

  it('leaves unbanned what somebody unbanned by hand', async () => {
    await f2b.client('set', 'brief', 'unbanip', '198.51.100.203');
    await said('given up', '198.51.100.203');
    await pass();
    expect(await isBanned('brief', '198.51.100.203')).toBe(false);
    expect(await isBanned('brief', '198.51.100.202')).toBe(true);
  });

  it('forgets a ban that the console lifts', async () => {
    await ban('brief', '198.51.100.204', 3_600);
    await gateway.call('bans.unban', { addresses: ['198.51.100.204'] });
    await pass();
    expect(await isBanned('brief', '198.51.100.204')).toBe(false);
  });

  it('changes the end of a ban that is in force', async () => {
    await ban('long', '198.51.100.205');
    await ban('long', '198.51.100.205', 2);
    await lifted('long', '198.51.100.205');
  });

  it('bans again what a restart of fail2ban dropped, and lifts it on time all the same', async () => {
    await f2b.restart();
    await banned('brief', '198.51.100.202');
    await ban('long', '198.51.100.206', 12);
    await f2b.restart();
    await lifted('long', '198.51.100.206');
    await banned('brief', '198.51.100.202');
  });

  it('lifts on time while the gateway is away', async () => {
    await ban('long', '198.51.100.207', 3);
    await gateway.redis.kill();
    await lifted('long', '198.51.100.207');
    await gateway.redis.start();
    await eventually(() => expect(gateway.named('unban')).toContain('long 198.51.100.207'), { withinMs: 90_000 });
  });

  it('lifts what ran out while the agent was dead, and keeps up the rest', async () => {
    await eventually(async () => expect(await gateway.call('host.ping')).toEqual({ pong: true }), { withinMs: 60_000 });
    await ban('long', '198.51.100.208', 2);
    const untilMs = Date.now() + 2_000;
    await agent.kill();
    await eventually(() => Date.now() > untilMs);
    expect(await isBanned('long', '198.51.100.208')).toBe(true);
    // Its renewal is missed: fail2ban lifts it, and nobody did so on purpose.
    await lifted('brief', '198.51.100.202');
    await agent.start();
    await lifted('long', '198.51.100.208');
    await banned('brief', '198.51.100.202');
    await eventually(() => expect(gateway.status?.reachable).toBe(true), { withinMs: 30_000 });
  });

  it('lifts nobody inside a network whose ban is over already', async () => {
    await ban('long', '198.51.100.240', 3_600);
    await ban('long', '198.51.100.240/28', 2);
    const untilMs = Date.now() + 2_000;
    await agent.kill();
    await f2b.client('set', 'long', 'unbanip', '198.51.100.240/28');
    expect(await isBanned('long', '198.51.100.240')).toBe(true);
    await eventually(() => Date.now() > untilMs);
    await agent.start();
    await said('lifted', '198.51.100.240/28');
    await eventually(async () => expect(await gateway.call('host.ping')).toEqual({ pong: true }), { withinMs: 60_000 });
    expect(await isBanned('long', '198.51.100.240')).toBe(true);
  });

  it('does not pester fail2ban about a jail that is gone, and lifts what it brings along when it is back', async () => {
    await ban('gone', '198.51.100.209', 1);
    await lifted('gone', '198.51.100.209');
    await ban('gone', '198.51.100.209', 6);
    await ban('gone', '198.51.100.210', -1);
    await f2b.client('stop', 'gone');
    const fromMs = Date.now();
    await pass(3);
    const asked = readFileSync(f2b.logPath, 'utf8').split(`UnknownJailException('gone'`).length - 1;
    expect(asked).toBeGreaterThan(0);
    expect(asked).toBeLessThan(8 + (Date.now() - fromMs) / 10_000);
    await f2b.client('reload', '--if-exists', 'gone');
    await said('lifted', '198.51.100.209');
    await lifted('gone', '198.51.100.209');
    await banned('gone', '198.51.100.210');
  });

  describe('the allow list', () => {
    const sync = async (...entries: { address: string; jails?: string[]; expiresAtMs?: number }[]) =>
      (
        (await gateway.call('allow.sync', {
          entries: entries.map((entry) => ({ id: randomUUID(), ...entry })),
        })) as AllowSyncResult
      ).entries;
    const ignores = async (jail: string): Promise<string> => f2b.client('get', jail, 'ignoreip');

    it('lifts bans of what it covers and keeps it from being banned', async () => {
      await eventually(async () => expect(await gateway.call('host.ping')).toEqual({ pong: true }), {
        withinMs: 60_000,
      });
      await ban('long', '203.0.113.5', 3_600);
      await ban('long', '203.0.113.77');
      const [outcome] = await sync({ address: '203.0.113.0/28', jails: ['long'] });
      expect(outcome).toMatchObject({ state: 'applied', lifted: 1, detail: 'long' });
      expect(await isBanned('long', '203.0.113.5')).toBe(false);
      expect(await isBanned('long', '203.0.113.77')).toBe(true);
      expect(await ignores('long')).toContain('203.0.113.0/28');
      expect(await ignores('brief')).not.toContain('203.0.113.0/28');
      await f2b.appendFailures('long', '203.0.113.6', 3);
      await f2b.appendFailures('long', '203.0.113.78', 3);
      await banned('long', '203.0.113.78');
      expect(await isBanned('long', '203.0.113.6')).toBe(false);
      const refused = await gateway.call('bans.ban', { jails: ['long'], addresses: ['203.0.113.6'] });
      expect(refused).toMatchObject({ outcomes: [{ result: 'failed', code: 'ban/protected-address' }] });
    });

    it('says what still keeps out what is allowed, and lets others in for nobody’s sake', async () => {
      const network = '203.0.113.0/28';
      await ban('long', '198.51.100.224/28');
      await ban('brief', '2001:db8:5::/48', 3_600);
      const entries = [
        { address: network, jails: ['long'] },
        { address: '198.51.100.230' },
        { address: '2001:db8:5::1' },
      ];
      for (const some of [entries.slice(1), entries]) {
        const outcomes = (await sync(...some)).slice(-2);
        expect(outcomes).toMatchObject([
          {
            state: 'failed',
            detail: 'still kept out: 198.51.100.224/28, which covers it, is banned in long',
            lifted: 0,
          },
          {
            state: 'failed',
            detail: 'still kept out: 2001:db8:5::/48, which covers it, is banned in brief',
            lifted: 0,
          },
        ]);
        expect(await ignores('long')).toContain('198.51.100.230');
      }
      expect(await isBanned('long', '198.51.100.224/28')).toBe(true);
      await gateway.call('bans.unban', { addresses: ['198.51.100.224/28', '2001:db8:5::/48'] });
      expect((await sync(...entries)).map(({ state }) => state)).toEqual(['applied', 'applied', 'applied']);
      expect((await sync(...entries.slice(0, 1))).map(({ state }) => state)).toEqual(['applied']);
      expect(await ignores('long')).not.toContain('2001:db8:5::1');
    });

    it('is stronger than a ban that was lost, and would be made again', async () => {
      const bansOf = (address: string): number =>
        readFileSync(f2b.logPath, 'utf8')
          .split('\n')
          .filter((line) => line.endsWith(`[brief] Ban ${address}`)).length;
      await ban('brief', '198.51.100.212', 3_600);
      await ban('brief', '198.51.100.213', 3_600);
      const untilMs = Date.now() + 7_000;
      await f2b.client('stop', 'brief');
      await sync({ address: '198.51.100.212' });
      // Not restored: by the jail's own time they are over.
      await eventually(() => Date.now() > untilMs);
      await f2b.client('reload', '--if-exists', 'brief');
      await banned('brief', '198.51.100.213');
      expect(bansOf('198.51.100.213')).toBe(2);
      expect(bansOf('198.51.100.212')).toBe(1);
      await gateway.call('bans.unban', { addresses: ['198.51.100.213'] });
      await sync({ address: '203.0.113.0/28', jails: ['long'] });
    });

    it('leaves what was ignored at run time before, and nothing of its own', async () => {
      const before = { address: '203.0.113.0/28', jails: ['long'] };
      await f2b.client('set', 'brief', 'addignoreip', '198.51.100.199');
      await sync(before, { address: '198.51.100.199' }, { address: '2001:db8:6::/48' }, { address: '2001:db8:7::7' });
      expect(await ignores('brief')).toContain('2001:db8:6::/48');
      await sync(before);
      expect(await ignores('brief')).toContain('198.51.100.199');
      for (const address of ['198.51.100.199', '2001:db8:6::/48', '2001:db8:7::7'])
        expect(await ignores('long')).not.toContain(address);
      expect(await ignores('brief')).not.toContain('2001:db8');
    });

    it('is back after a reload, a restart, and the agent’s death', async () => {
      await f2b.client('reload', 'long');
      await eventually(async () => expect(await ignores('long')).toContain('203.0.113.0/28'), { withinMs: 60_000 });
      await agent.kill();
      await f2b.restart();
      expect(await ignores('long')).not.toContain('203.0.113.0/28');
      await agent.start();
      await eventually(async () => expect(await ignores('long')).toContain('203.0.113.0/28'), { withinMs: 60_000 });
    });

    it('ends by itself, and leaves what the configuration ignores', async () => {
      await eventually(async () => expect(await gateway.call('host.ping')).toEqual({ pong: true }), {
        withinMs: 60_000,
      });
      const expiresAtMs = Date.now() + 3_000;
      const outcomes = await sync(
        { address: '203.0.113.128/25', expiresAtMs },
        { address: '198.51.100.230', expiresAtMs },
        { address: '198.51.100.231' },
      );
      expect(outcomes.map(({ state }) => state)).toEqual(['applied', 'applied', 'applied']);
      expect(await ignores('long')).not.toContain('203.0.113.0/28');
      await f2b.client('reload', 'long');
      await eventually(async () => expect(await ignores('long')).not.toContain('198.51.100.230'), { withinMs: 60_000 });
      await eventually(async () => expect(await ignores('long')).toContain('198.51.100.231'), { withinMs: 60_000 });
      expect(await ignores('long')).toContain('203.0.113.128/25');
      await eventually(async () => expect(await ignores('brief')).not.toContain('203.0.113.128/25'), {
        withinMs: 60_000,
      });
      expect(await sync()).toEqual([]);
      expect(await ignores('long')).not.toContain('198.51.100.231');
      expect(await ignores('long')).toContain('203.0.113.128/25');
    });
  });

  it('says what the host guards by itself, and which jails take networks', async () => {
    const guard = (await gateway.call('guard.list')) as { own: string[]; listed: string[] };
    expect(guard.own).toContain('127.0.0.1');
    expect(await gateway.call('jails.networks', { jails: ['long', 'none'] })).toMatchObject({
      jails: [{ jail: 'long', ipv4: 'unknown', ipv6: 'unknown' }],
    });
  });
});
