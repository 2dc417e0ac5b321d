import { Fail2banClient } from '@bailiff/fail2ban-protocol';
import { startFail2ban } from '@bailiff/testing';

import type { BenchRow } from './figure.ts';
import { inTurn, median, timedEach } from './quantile.ts';
import { RawSocket } from './raw-socket.ts';

const atOnce = 200;
const rounds = 20;

/** P1: a small command on a kept connection, beside a fail2ban-client process and beside the bare socket. */
export const smallCommandRow: BenchRow = {
  id: 'P1',
  title: 'A small command to fail2ban',
  method:
    '`ping` through libs/fail2ban-protocol on a kept connection, in turn with the same bytes, made ready beforehand, on a bare socket of Node, and with a `fail2ban-client ping` process each time. Medians. Then 200 commands at once, in turn with 200 connections at once.',
  async run(report) {
    await using fail2ban = await startFail2ban({ jails: { sshd: {} } });
    await using client = new Fail2banClient({ socketPath: fail2ban.socketPath });
    const raw = await RawSocket.connect(fail2ban.socketPath);
    const ping = RawSocket.prepare(['ping']);
    await timedEach(500, () => client.server.ping());
    await timedEach(500, () => raw.send(ping));

    const samples = await inTurn(rounds, {
      client: () => timedEach(200, () => client.server.ping()),
      raw: () => timedEach(200, () => raw.send(ping)),
      process: () => timedEach(1, () => fail2ban.client('ping')),
    });
    const [own, bare, spawned] = [median(samples.client), median(samples.raw), median(samples.process)];
    report('ping, kept connection', own * 1000, 'us');
    report('ping, bare socket', bare * 1000, 'us');
    report('ping, fail2ban-client process', spawned, 'ms');
    report('times faster than a fail2ban-client process', spawned / own, 'x', { atLeast: 200 });
    report('time over the bare socket', own / bare, 'x', { atMost: 3 });
    raw.close();

    const refused = await countRejected(Array.from({ length: atOnce }, () => connectAndClose(fail2ban.socketPath)));
    report(`refused of ${atOnce} connections at once`, refused, 'errors');
    const failed = await countRejected(Array.from({ length: atOnce }, () => client.jail('sshd').statusShort()));
    report(`failed of ${atOnce} commands at once`, failed, 'errors', { atMost: 0 });
  },
};

async function connectAndClose(path: string): Promise<void> {
  (await RawSocket.connect(path)).close();
}

async function countRejected(attempts: readonly Promise<unknown>[]): Promise<number> {
  return (await Promise.allSettled(attempts)).filter(({ status }) => status === 'rejected').length;
}
