import { setTimeout as pause } from 'node:timers/promises';
import type { HistoryEntry } from '@bailiff/contracts/http';
import { eventually, type Fail2banInstance, startFail2ban } from '@bailiff/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ApiClient } from '../harness/api-client.js';
import { BailiffStack, type StackProcess } from '../harness/bailiff-stack.js';
import { bannedNow, fail2banTruth } from '../harness/fail2ban-truth.js';

const BANS = 1_000;
const CHUNK = 10;
const PROCESSES: readonly StackProcess[] = ['gateway', 'worker', 'agent', 'redis'];

const named = (entries: readonly { readonly jail: string; readonly address: string }[]) =>
  entries.map(({ jail, address }) => `${jail} ${address}`).sort();
const withSeconds = (entries: readonly HistoryEntry[]) =>
  entries.map(({ jail, address, at }) => `${jail} ${address} ${String(Math.floor(Date.parse(at) / 1000))}`).sort();

describe('a fleet under fire', () => {
  let fail2ban: Fail2banInstance;
  let bailiff: BailiffStack;
  let api: ApiClient;

  beforeAll(async () => {
    fail2ban = await startFail2ban({ version: '1.0.2', jails: { alpha: { bantime: 86_400 }, beta: { bantime: -1 } } });
    bailiff = await BailiffStack.start(fail2ban);
    api = await bailiff.setUp();
    await eventually(async () => expect((await api.hosts())[0]?.state).toBe('online'), { withinMs: 30_000 });
  });

  afterAll(async () => {
    await bailiff[Symbol.asyncDispose]();
    await fail2ban[Symbol.asyncDispose]();
  });

  /** The archive says exactly what fail2ban's own log and database say. */
  const archiveEqualsFail2ban = async (withinMs: number) => {
    await eventually(
      async () => {
        const [truth, history] = [await fail2banTruth(fail2ban), await api.history()];
        const bans = history.filter((entry) => entry.kind === 'ban');
        expect(bans).toHaveLength(truth.bansLogged.length);
        expect(named(bans)).toEqual(truth.bansLogged);
        expect(named(history.filter((entry) => entry.kind === 'unban'))).toEqual(truth.unbansLogged);
        expect(withSeconds(bans)).toEqual(expect.arrayContaining(truth.bansStored));
        expect(named(await api.bans())).toEqual(await bannedNow(fail2ban));
      },
      { withinMs, everyMs: 1_000, what: 'the archive to equal what fail2ban wrote down' },
    );
  };

  it('loses and doubles nothing while gateway, worker, agent and Redis are killed at random', async () => {
    let isBanning = true;
    const kills: string[] = [];
    const killer = (async () => {
      for (let round = 0; isBanning; round += 1) {
        // Each in turn so that all are hit, at moments that differ from run to run.
        const victim = PROCESSES[round % PROCESSES.length] ?? 'gateway';
        await bailiff.kill(victim);
        kills.push(victim);
        await pause(200 + Math.random() * 1_300);
      }
    })();
    for (let first = 0; first < BANS; first += CHUNK) {
      const addresses = Array.from(
        { length: CHUNK },
        (_, n) => `198.18.${String((first + n) >> 8)}.${String((first + n) & 255)}`,
      );
      await fail2ban.client('set', first % 20 === 0 ? 'alpha' : 'beta', 'banip', ...addresses);
      if (first % 50 === 0) await fail2ban.client('unban', addresses[0] ?? '');
      if (first % 100 === 0) await fail2ban.appendFailures('alpha', `203.0.113.${String(first / 100)}`, 3);
    }
    isBanning = false;
    await killer;
    expect(new Set(kills)).toEqual(new Set(PROCESSES));
    await archiveEqualsFail2ban(120_000);
  }, 400_000);

  it('sees fail2ban go and come back, and takes restored bans for no new ones', async () => {
    await fail2ban.stop();
    await eventually(async () => expect((await api.hosts())[0]?.fail2ban?.reachable).toBe(false), { withinMs: 30_000 });
    await fail2ban.start();
    await eventually(async () => expect((await api.hosts())[0]?.fail2ban?.reachable).toBe(true), { withinMs: 30_000 });
    await fail2ban.client('set', 'alpha', 'banip', '198.18.200.1');
    await archiveEqualsFail2ban(60_000);
  });

  it('answers a command for an agent that is down at once, and runs nothing when it is back', async () => {
    const [host] = await api.hosts();
    const formerPid = await bailiff.pidOf('agent');
    process.kill(formerPid, 'SIGSTOP');
    try {
      await eventually(async () => expect((await api.hosts())[0]?.state).toBe('offline'), { withinMs: 60_000 });
      const refused = await api
        .post('/api/v1/bans', { hostIds: [host?.id], jails: ['alpha'], addresses: ['198.18.201.1'] })
        .catch((error: unknown) => error);
      expect(JSON.stringify(refused)).toContain('agent/offline');
    } finally {
      process.kill(formerPid, 'SIGCONT');
    }
    await eventually(async () => expect((await api.hosts())[0]?.state).toBe('online'), { withinMs: 60_000 });
    expect(await bannedNow(fail2ban)).not.toContain('alpha 198.18.201.1');
  });
});
