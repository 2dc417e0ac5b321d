import { setTimeout as delay } from 'node:timers/promises';

import { startFail2ban, tempDir } from '@bailiff/testing';
import { Fail2banClient } from '@bailiff/fail2ban-protocol';

import { DataDir } from '../stack/data-dir.ts';
import { fillJail } from './bans.ts';
import { BenchStack } from './bench-stack.ts';
import type { BenchApi } from './bench-api.ts';
import type { Report } from './figure.ts';
import { Neighbour } from './neighbour.ts';
import { settled } from './process-cost.ts';
import { inTurn, median, quantile } from './quantile.ts';

const windowMs = 2_000;
const rounds = 10;

/** Pages an operator has open and clicks through. */
const pages = [
  '/api/v1/status',
  '/api/v1/jails',
  '/api/v1/bans?limit=50',
  '/api/v1/bans?limit=50&sort=address',
  '/api/v1/history?limit=50',
  '/api/v1/hosts',
  '/api/v1/dashboard',
];

/** The ping of another client of a fail2ban with many bans, while somebody uses the console, in turn with the agent paused. */
export async function reportNeighbourPing(report: Report, bans: number): Promise<void> {
  await using fail2ban = await startFail2ban({
    jails: { sshd: { bantime: -1, action: '' }, web: { bantime: 600, action: '' } },
  });
  await using client = new Fail2banClient({ socketPath: fail2ban.socketPath });
  await fillJail(client, 'sshd', bans);
  await settled(fail2ban.pid);
  await using dir = await tempDir('bailiff-bench-');
  await using stack = await BenchStack.start(DataDir.open(dir.path), fail2ban);
  await settled(stack.agentPid);
  const neighbour = new Neighbour(fail2ban.socketPath);
  try {
    const { id } = await stack.api.onlineHost();
    // A p99 of each window, then the middle one: a burst of work elsewhere on the machine spoils a window, not the figure.
    const p99 = async () => [quantile(await neighbour.pings(windowMs), 0.99)];
    const windows = await inTurn(rounds, {
      idle: () => whilePaused(stack.agentPid, p99),
      used: () => whileUsed(stack.api, id, p99),
    });
    const [idle, used] = [median(windows.idle), median(windows.used)];
    report("another client's ping, p99, agent paused", idle * 1000, 'us');
    report("another client's ping, p99, console in use", used * 1000, 'us');
    report("another client's ping, p99, console in use over agent paused", used / idle, 'x', { atMost: 2 });
  } finally {
    await neighbour.close();
  }
}

async function whilePaused<T>(pid: number, act: () => Promise<T>): Promise<T> {
  process.kill(pid, 'SIGSTOP');
  try {
    return await act();
  } finally {
    process.kill(pid, 'SIGCONT');
    await delay(300); // what piled up meanwhile is not the console's use
  }
}

/** Somebody opens three pages a second, and bans or unbans an address every two seconds. */
async function whileUsed<T>(api: BenchApi, hostId: string, act: () => Promise<T>): Promise<T> {
  let isOver = false;
  const use = (async () => {
    for (let turn = 0; !isOver; turn += 1) {
      await api.request('GET', pages[turn % pages.length] ?? '/api/v1/status');
      if (turn % 6 === 0) {
        const ban = { hostIds: [hostId], jails: ['web'], addresses: ['192.0.2.77'] };
        await api.request('POST', turn % 12 === 0 ? '/api/v1/bans' : '/api/v1/unbans', ban);
      }
      await delay(330);
    }
  })();
  try {
    return await act();
  } finally {
    isOver = true;
    await use;
  }
}
