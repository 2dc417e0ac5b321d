import { execFileSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

import { Fail2banClient } from '@bailiff/fail2ban-protocol';
import { startFail2ban } from '@bailiff/testing';

import { fillJail } from './bans.ts';
import { reportNeighbourPing } from './console-use.ts';
import type { BenchRow, Report } from './figure.ts';
import { longestHold } from './loop-hold.ts';
import { settled } from './process-cost.ts';
import { inTurn, quantile, timedEach } from './quantile.ts';

const bans = 50_000;
const lists = 5;

/** P2: watching a fail2ban with many bans costs no more than watching an empty one, and hurts nobody else. */
export const steadyWatchRow: BenchRow = {
  id: 'P2',
  title: 'Steady watching',
  method:
    'A poll (`status`, then `status JAIL short`) of a fail2ban with 50,000 bans, in turn with one of a fail2ban with none; both on one core; lower quartiles of 4,000 each. The longest turn of the event loop while the list of 50,000 bans with times (3 MB) is read and decoded, five times, in turn with an empty list; by processor time of the thread, since by the clock other processes of the machine count as well. The ping of another client of a fail2ban with 50,000 bans while somebody uses the console (three pages a second, a ban or unban every two seconds), in turn with the agent paused.',
  async run(report) {
    await using full = await startFail2ban({ jails: { sshd: { bantime: -1, action: '' } } });
    await using empty = await startFail2ban({ jails: { sshd: { bantime: -1, action: '' } } });
    await using fullClient = new Fail2banClient({ socketPath: full.socketPath });
    await using emptyClient = new Fail2banClient({ socketPath: empty.socketPath });
    await fillJail(fullClient, 'sshd', bans);
    await settled(full.pid);
    shareCore(full.pid, empty.pid);
    await reportPollCost(report, fullClient, emptyClient);
    await reportDecoding(report, fullClient, emptyClient);
    await reportNeighbourPing(report, bans);
  },
};

/** Puts servers on one core: else one of them may sit beside the client and the other on an idle core, whose waking alone
 *  costs a virtual machine a third of a poll. */
function shareCore(...pids: readonly number[]): void {
  const core = String(availableParallelism() - 1);
  for (const pid of pids)
    execFileSync('taskset', ['--all-tasks', '--cpu-list', '--pid', core, String(pid)], { stdio: 'ignore' });
}

async function reportPollCost(report: Report, full: Fail2banClient, empty: Fail2banClient): Promise<void> {
  const poll = async (client: Fail2banClient) => {
    const { jails } = await client.server.status();
    for (const jail of jails) await client.jail(jail).statusShort();
  };
  const samples = await inTurn(200, {
    full: () => timedEach(20, () => poll(full)),
    empty: () => timedEach(20, () => poll(empty)),
  });
  const typical = (times: readonly number[]) => quantile(times, 0.25);
  report('poll with no bans', typical(samples.empty) * 1000, 'us');
  report('poll with 50,000 bans', typical(samples.full) * 1000, 'us');
  report('poll with 50,000 bans over none', typical(samples.full) / typical(samples.empty), 'x', { atMost: 1.2 });
}

async function reportDecoding(report: Report, full: Fail2banClient, empty: Fail2banClient): Promise<void> {
  const read = (client: Fail2banClient) => longestHold(() => client.jail('sshd').bans.listWithTimes());
  await read(full);
  const clock: number[] = [];
  const processor: number[] = [];
  for (let index = 0; index < lists; index += 1) {
    const [idle, busy] = [await read(empty), await read(full)];
    clock.push(busy.clockMs - Math.min(busy.clockMs, idle.clockMs));
    processor.push(busy.processorMs);
  }
  report(
    'event loop held by decoding 50,000 bans, longest, clock over that of an empty list',
    Math.max(...clock),
    'ms',
  );
  report('event loop held by decoding 50,000 bans, longest, processor time', Math.max(...processor), 'ms', {
    atMost: 20,
  });
}
