import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';

import type { TicketsEvent } from '@bailiff/contracts/agent';
import { startFail2ban, tempDir } from '@bailiff/testing';

import { pastSlices } from '../archive/past-tickets.ts';
import { poll } from '../common/wait.ts';
import { DataDir } from '../stack/data-dir.ts';
import { loadAddresses } from './bans.ts';
import { BenchGateway } from './bench-gateway.ts';
import type { BenchRow } from './figure.ts';
import { liveFileReads } from './live-file-reads.ts';
import { median, quantile } from './quantile.ts';
import { RawSocket } from './raw-socket.ts';

const version = '1.0.2';
const jail = 'sshd';
const bansPerSecond = 50;
const leastSeconds = 60;
const pastRows = 100_000;
/** The rows of before lie in this time: what the agent looks through again when it starts. */
const pastMs = 2.5 * 3_600_000;
const restartEveryMs = 15_000;

/** P4, second half: reading the file that fail2ban writes to takes no ban from it. */
export const liveFileRow: BenchRow = {
  id: 'P4b',
  title: "fail2ban's live file",
  method: `A real fail2ban ${version} whose database holds ${pastRows.toLocaleString('en')} bans of the last hours is asked for ${bansPerSecond} bans a second for ${leastSeconds} s (\`--seconds N\`: longer). The real agent's daemon reads that file all the while; it is started anew every ${restartEveryMs / 1_000} s, since each start has it look through all those bans again. Inside its process every read of the file is timed, from asking SQLite to having the rows (by the clock, and by processor time of the thread, since by the clock other processes of the machine count as well), and every cursor or transaction that would stay open is counted. At the end, what the agent has told the gateway's end of the channel (all that went into its outbox, once it is empty) is held against the rows of the file and the lines of fail2ban's log.`,
  async run(report, { soakSeconds = leastSeconds }) {
    await using fail2ban = await startFail2ban({ version, jails: { [jail]: { bantime: 86_400, action: '' } } });
    await using dir = await tempDir('bailiff-bench-');
    await fail2ban.stop();
    fillWithPast(fail2ban.databasePath);
    await fail2ban.start();

    const told = new Set<string>();
    const output = join(dir.path, 'live-file-reads');
    const probe = `--import=${new URL('./live-file-probe.ts', import.meta.url).href}`;
    const asked = Math.ceil(Math.max(leastSeconds, soakSeconds) * bansPerSecond);
    let rows: ReadonlySet<string> = new Set();
    let agentLog = '';
    {
      await using gateway = await BenchGateway.start(DataDir.open(dir.path), fail2ban, {
        agentEnv: {
          NODE_OPTIONS: `${probe} --disable-warning=ExperimentalWarning`,
          LIVE_FILE_PATH: fail2ban.databasePath,
          LIVE_FILE_OUTPUT: output,
        },
        onEvent: ({ kind, body }) => {
          // Verified by the channel, and the agent is our own.
          if (kind !== 'tickets') return;
          for (const ticket of (body as TicketsEvent).tickets)
            if (ticket.kind === 'ban') told.add(keyOf(ticket.jail, ticket.address, ticket.atMs / 1_000));
        },
      });
      await soak(fail2ban.socketPath, asked, () => gateway.restartAgent());
      await poll(
        () => {
          rows = rowsOf(fail2ban.databasePath);
          return rows.size >= pastRows + asked && rows.size === told.size ? true : undefined;
        },
        { withinMs: 60_000, everyMs: 500 },
      );
      agentLog = readFileSync(join(dir.path, 'logs/agent.log'), 'utf8');
    }

    const { readMs, processorMs, locked, cursors } = liveFileReads(output);
    const log = readFileSync(fail2ban.logPath, 'utf8');
    const logged = [...log.matchAll(/NOTICE +\[[^\]]+\] Ban /g)].length;
    report('bans asked for', asked, 'bans');
    report('bans of the log that the file lacks', logged - (rows.size - pastRows), 'bans', { atMost: 0 });
    report('bans asked for that were not made', asked - logged, 'bans', { atMost: 0 });
    report('bans of the file that the agent did not tell', lacking(rows, told), 'bans', { atMost: 0 });
    report('bans the agent told that are not in the file', lacking(told, rows), 'bans', { atMost: 0 });
    report('"database is locked" in the log of fail2ban', countOf(log, /database is locked/gi), 'lines', { atMost: 0 });
    report('"database is locked" in the log of the agent', countOf(agentLog, /is locked/gi), 'lines', { atMost: 0 });
    report('reads that the agent put off, a writer being at work', locked, 'reads');
    report('cursors or transactions kept open by the agent', cursors, 'cursors', { atMost: 0 });
    report('reads of the file', readMs.length, 'reads');
    report('read of the file, p50', median(readMs), 'ms');
    report('read of the file, p99', quantile(readMs, 0.99), 'ms', { atMost: 20 });
    report('read of the file, longest, clock', Math.max(...readMs), 'ms');
    report('read of the file, longest, processor time', Math.max(...processorMs), 'ms', { atMost: 20 });
  },
};

/** Asks for bans, evenly, and has the agent started anew now and then. */
async function soak(socketPath: string, count: number, restartAgent: () => void): Promise<void> {
  const socket = await RawSocket.connect(socketPath);
  const startedAt = performance.now();
  let restartAtMs = restartEveryMs;
  for (const [index, address] of loadAddresses(count, 1).entries()) {
    const dueMs = (index / bansPerSecond) * 1_000;
    await delay(Math.max(0, dueMs - (performance.now() - startedAt)));
    await socket.send(RawSocket.prepare(['set', jail, 'banip', address]));
    if (dueMs < restartAtMs) continue;
    restartAtMs += restartEveryMs;
    restartAgent();
  }
  socket.close();
}

/** Bans that ended before now, as fail2ban would have written them down. */
function fillWithPast(path: string): void {
  const database = new DatabaseSync(path);
  const insert = database.prepare(
    'INSERT INTO bans (jail, ip, timeofban, bantime, bancount, data) VALUES (?, ?, ?, 60, 1, ?)',
  );
  const nowMs = Date.now() - 120_000;
  const known = new Set<string>();
  database.exec('BEGIN');
  for (let seed = 1; known.size < pastRows; seed += 1) {
    const options = { seed, count: pastRows, hostIds: ['x'] as [string], nowMs, sliceSize: 20_000 };
    for (const { tickets } of pastSlices(options)) {
      for (const { address, matches, failures = 1 } of tickets) {
        const atSeconds = Math.floor((nowMs - pastMs + (known.size / pastRows) * pastMs) / 1_000);
        const key = keyOf(jail, address, atSeconds);
        if (known.size === pastRows || known.has(key)) continue;
        known.add(key);
        insert.run(jail, address, atSeconds, JSON.stringify({ matches, failures }));
      }
    }
  }
  database.exec('COMMIT');
  database.close();
}

/** Every ban of the file. Read at once and closed: this is the bench, not the agent. */
function rowsOf(path: string): Set<string> {
  const database = new DatabaseSync(path, { readOnly: true, timeout: 5_000 });
  try {
    const rows = database.prepare('SELECT jail, ip, timeofban FROM bans').all();
    return new Set(rows.map((row) => keyOf(String(row['jail']), String(row['ip']), Number(row['timeofban']))));
  } finally {
    database.close();
  }
}

function keyOf(name: string, address: string, atSeconds: number): string {
  return `${name} ${address} ${Math.floor(atSeconds)}`;
}

function lacking(all: ReadonlySet<string>, some: ReadonlySet<string>): number {
  return [...all].filter((key) => !some.has(key)).length;
}

function countOf(text: string, pattern: RegExp): number {
  return [...text.matchAll(pattern)].length;
}
