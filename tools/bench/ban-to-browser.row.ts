import { setTimeout as delay } from 'node:timers/promises';

import { startFail2ban, tempDir } from '@bailiff/testing';

import { DataDir } from '../stack/data-dir.ts';
import { poll } from '../common/wait.ts';
import { BenchGateway } from './bench-gateway.ts';
import { BenchStack } from './bench-stack.ts';
import { loadAddresses } from './bans.ts';
import type { BenchRow, Report } from './figure.ts';
import { quantile, timed, timedEach } from './quantile.ts';
import { RawSocket } from './raw-socket.ts';

const bans = 300;
const pauseBetweenBansMs = 40;
const commands = 2_000;
const atOnce = 50;

/** P5: how soon a ban is in the browser, and what a command costs all the way to fail2ban and back. */
export const banToBrowserRow: BenchRow = {
  id: 'P5',
  title: 'Ban to browser, and commands',
  method:
    'Another client of a real fail2ban bans 300 addresses, one every 40 ms; a signed-in WebSocket client of the whole stack (SQLite, private Redis) notes when each arrives. The time runs from before the ban is asked for. Then `host.ping`, signed and sealed, from the end of the channel in the gateway over Redis to the agent, to fail2ban and back: one at a time, and 50 at once.',
  async run(report) {
    await reportBanToBrowser(report);
    await reportCommands(report);
  },
};

async function reportBanToBrowser(report: Report): Promise<void> {
  await using fail2ban = await startFail2ban({ jails: { sshd: { bantime: 3600, action: '' } } });
  await using dir = await tempDir('bailiff-bench-');
  await using stack = await BenchStack.start(DataDir.open(dir.path), fail2ban);
  const arrivedAt = new Map<string, number>();
  const live = await stack.api.live((message) => {
    if (message.type === 'ban_event') arrivedAt.set(message.event.address, performance.now());
  });
  const socket = await RawSocket.connect(fail2ban.socketPath);
  const askedAt = new Map<string, number>();
  for (const address of loadAddresses(bans, 1)) {
    askedAt.set(address, performance.now());
    await socket.send(RawSocket.prepare(['set', 'sshd', 'banip', address]));
    await delay(pauseBetweenBansMs);
  }
  await poll(() => (arrivedAt.size === bans ? true : undefined), { withinMs: 30_000 });
  socket.close();
  live.terminate();
  const delays = [...askedAt].flatMap(([address, at]) => {
    const arrival = arrivedAt.get(address);
    return arrival === undefined ? [] : [arrival - at];
  });
  report(`bans of ${bans} that never arrived`, bans - delays.length, 'bans', { atMost: 0 });
  report('ban to browser, p50', quantile(delays, 0.5), 'ms');
  report('ban to browser, p99', quantile(delays, 0.99), 'ms', { atMost: 250 });
}

async function reportCommands(report: Report): Promise<void> {
  await using fail2ban = await startFail2ban({ jails: { sshd: {} } });
  await using dir = await tempDir('bailiff-bench-');
  await using gateway = await BenchGateway.start(DataDir.open(dir.path), fail2ban);
  await timedEach(200, () => gateway.ping());
  const alone = await timedEach(commands, () => gateway.ping());
  report('command to fail2ban and back, one at a time, p50', quantile(alone, 0.5), 'ms', { atMost: 2 });
  report('command to fail2ban and back, one at a time, p99', quantile(alone, 0.99), 'ms', { atMost: 10 });
  let left = commands;
  const lane = async () => {
    while (left > 0) {
      left -= 1;
      await gateway.ping();
    }
  };
  const tookMs = await timed(() => Promise.all(Array.from({ length: atOnce }, lane)));
  report(`commands a second, ${atOnce} at once`, (commands / tookMs) * 1000, '/s', { atLeast: 1_000 });
}
