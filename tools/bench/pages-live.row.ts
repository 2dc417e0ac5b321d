import { setTimeout as delay } from 'node:timers/promises';

import { startFail2ban, tempDir } from '@bailiff/testing';

import { fillHistory } from '../demo/history.ts';
import { DataDir } from '../stack/data-dir.ts';
import { loadAddresses } from './bans.ts';
import type { BenchApi } from './bench-api.ts';
import { BenchStack } from './bench-stack.ts';
import type { BenchRow } from './figure.ts';
import { median, quantile, timed } from './quantile.ts';
import { RawSocket } from './raw-socket.ts';

const rows = 1_000_000;
const bansPerSecond = 10;
const rounds = 100;
const jail = 'sshd';

/** What the pages ask when they are opened, each with the allowance that P4 gives its kind, milliseconds. */
const pages: readonly (readonly [name: string, path: string, atMost: number | undefined])[] = [
  ['history, newest', '/api/v1/history', 5],
  ['history, one jail', '/api/v1/history?jail=vaultwarden', 5],
  ['history, one country', '/api/v1/history?country=CH', 5],
  ['history, one network', '/api/v1/history?asn=24940', 5],
  ['history, three filters', '/api/v1/history?hosts=d0d0000000000001&origin=manual&country=PT', 5],
  ['history, search', '/api/v1/history?q=xmlrpc', 100],
  ['history, repeat offenders', '/api/v1/repeat-offenders', 10],
  ['banned now', '/api/v1/bans', 5],
  ['jails', '/api/v1/jails', 10],
  ['dashboard, a day', '/api/v1/dashboard?range=24h', 10],
  ['dashboard, a year', '/api/v1/dashboard?range=365d', 10],
  ['timeline of a year', '/api/v1/stats/timeline?range=365d', 10],
  ['countries of a year', '/api/v1/stats/countries?range=365d', 10],
  ['networks of a year', '/api/v1/stats/networks?range=365d', 10],
  ['hours of the week, a year', '/api/v1/stats/hour-of-week?range=365d', 10],
  ['campaigns of a month', '/api/v1/campaigns?range=30d', undefined],
];

/** P4, third part: what a person waits for at a million rows, through the whole stack, while bans go on. */
export const pagesLiveRow: BenchRow = {
  id: 'P4c',
  title: 'The pages while bans arrive',
  method: `The whole stack (SQLite, private Redis, a real fail2ban) over an archive of ${rows.toLocaleString('en')} bans, while another client of fail2ban bans ${bansPerSecond} addresses a second and a browser's live feed is open. What each page asks is asked in turn, ${rounds} rounds, by a signed-in client over HTTP: from the request to the parsed answer, session, rights and JSON included. P4's allowances are held against the median; beside it the 99th percentile, which on two cores has the other processes of the stack in it.`,
  async run(report) {
    await using dir = await tempDir('bailiff-bench-');
    const data = DataDir.open(dir.path);
    await fillHistory(data, rows, 7);
    await using fail2ban = await startFail2ban({ jails: { [jail]: { bantime: 3_600, action: '' } } });
    await using stack = await BenchStack.start(data, fail2ban);
    let arrived = 0;
    const live = await stack.api.live((message) => {
      if (message.type === 'ban_event') arrived += 1;
    });
    const bans = new SteadyBans(fail2ban.socketPath);
    const samples = await askInTurn(stack.api);
    const made = await bans.stop();
    live.terminate();
    for (const [name, , atMost] of pages) {
      const ms = samples.get(name) ?? [];
      report(`${name}, p50`, median(ms), 'ms', atMost === undefined ? undefined : { atMost });
      report(`${name}, p99`, quantile(ms, 0.99), 'ms');
    }
    report('bans made meanwhile', made, 'bans');
    report('bans that reached the browser meanwhile', arrived, 'bans');
  },
};

async function askInTurn(api: BenchApi): Promise<ReadonlyMap<string, number[]>> {
  const samples = new Map(pages.map(([name]) => [name, [] as number[]]));
  for (let round = -3; round < rounds; round += 1)
    for (const [name, path] of pages) {
      const ms = await timed(() => api.request('GET', path));
      if (round >= 0) samples.get(name)?.push(ms);
    }
  return samples;
}

/** Bans addresses one after another, evenly, until it is stopped. */
class SteadyBans {
  readonly #running: Promise<number>;
  #isStopped = false;

  constructor(socketPath: string) {
    this.#running = this.#run(socketPath);
  }

  /** @returns how many were made */
  stop(): Promise<number> {
    this.#isStopped = true;
    return this.#running;
  }

  async #run(socketPath: string): Promise<number> {
    const socket = await RawSocket.connect(socketPath);
    let made = 0;
    for (const address of loadAddresses(50_000, 1)) {
      if (this.#isStopped) break;
      await socket.send(RawSocket.prepare(['set', jail, 'banip', address]));
      made += 1;
      await delay(1_000 / bansPerSecond);
    }
    socket.close();
    return made;
  }
}
