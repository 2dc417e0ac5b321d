import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { copyFile, rename, truncate, unlink } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { zstdCompressSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { TicketEvent } from '@bailiff/contracts/agent';
import { Fail2banClient } from '@bailiff/fail2ban-protocol';
import {
  eventually,
  startFail2ban,
  tempDir,
  testedFail2banVersions,
  type Fail2banInstance,
  type Fail2banOptions,
  type TempDir,
} from '@bailiff/testing';
import { OriginMarks } from '../state/origin-marks.js';
import { Outbox } from '../state/outbox.js';
import { StateDatabase } from '../state/state-database.js';
import { HistoryFeed, type FeedSources } from './history-feed.js';

/** Lines of fail2ban's log with this word, as `jail address`, in order. */
const logged = (f2b: Fail2banInstance, word: string, more = ''): string[] =>
  [
    ...(readFileSync(f2b.logPath, 'utf8') + more).matchAll(new RegExp(`NOTICE +\\[(\\S+)\\] ${word} (\\S+)$`, 'gm')),
  ].map(([, jail, address]) => `${jail} ${address}`);
const rowsOf = (f2b: Fail2banInstance): string[] => {
  const database = new DatabaseSync(f2b.databasePath, { readOnly: true, timeout: 5_000 });
  try {
    return database
      .prepare('SELECT jail, ip, timeofban FROM bans')
      .all()
      .map((row) => `${String(row['jail'])} ${String(row['ip'])} ${String(row['timeofban'])}`);
  } finally {
    database.close();
  }
};
const addresses = (first: number, count: number) => Array.from({ length: count }, (_, n) => `198.51.100.${first + n}`);

describe.each(testedFail2banVersions)(`${HistoryFeed.name} on fail2ban %s`, (version) => {
  let dir: TempDir;
  let f2b: Fail2banInstance;
  let state: StateDatabase;
  let outbox: Outbox;
  let feed: HistoryFeed;
  let errors: unknown[];
  let gaps: number;

  const open = (sources?: Partial<FeedSources>) => {
    state = new StateDatabase(`${dir.path}/state`);
    outbox = new Outbox(state);
    const listeners = {
      onTickets: () => undefined,
      onActivity: () => undefined,
      onChange: () => undefined,
      onRestored: () => undefined,
      onGap: () => (gaps += 1),
      onError: (error: unknown) => errors.push(error),
    };
    feed = new HistoryFeed(state, outbox, new OriginMarks(state), listeners);
    feed.start();
    feed.setSources({ databasePath: f2b.databasePath, logPath: f2b.logPath, ...sources });
  };
  const close = async () => {
    await feed.stop();
    state.close();
  };
  const sent = (): TicketEvent[] => {
    const all: TicketEvent[] = [];
    for (let after = 0; ;) {
      const batch = outbox.batchAfter(after);
      if (batch === undefined) return all;
      all.push(...batch.tickets);
      after = batch.lastId;
    }
  };
  const named = (kind: TicketEvent['kind']) =>
    sent()
      .filter((ticket) => ticket.kind === kind)
      .map(({ jail, address }) => `${jail} ${address}`);
  /** The outbox says exactly what fail2ban wrote down; `lost` is text of a log that is gone. */
  const equalsFail2ban = (lost = '', withinMs = 15_000) =>
    eventually(
      () => {
        expect(named('ban').sort()).toEqual(logged(f2b, 'Ban', lost).sort());
        const lifted = [...logged(f2b, 'Unban', lost), ...logged(f2b, 'Repeal Ban', lost)].sort();
        expect(named('unban').sort()).toEqual(lifted);
        const bans = sent().filter(({ kind }) => kind === 'ban');
        const timed = bans.map(({ jail, address, atMs }) => `${jail} ${address} ${Math.floor(atMs / 1000)}`);
        expect(timed).toEqual(expect.arrayContaining(rowsOf(f2b)));
        expect(new Set(bans.map(({ jail, address, atMs }) => `${jail} ${address} ${atMs}`)).size).toBe(bans.length);
      },
      { withinMs, what: 'the outbox to equal what fail2ban wrote down' },
    );
  const start = async (options: Partial<Fail2banOptions> = {}) => {
    f2b = await startFail2ban({ version, jails: { one: { bantime: 3600 }, two: { bantime: -1 } }, ...options });
  };

  beforeEach(async () => {
    dir = await tempDir();
    errors = [];
    gaps = 0;
  });
  afterEach(async () => {
    await close();
    await f2b[Symbol.asyncDispose]();
    await dir[Symbol.asyncDispose]();
    expect(errors).toEqual([]);
  });

  it('takes over what is there at first contact, then follows: bans, unbans and failures', async () => {
    await start();
    await f2b.client('set', 'one', 'banip', ...addresses(1, 5));
    await f2b.client('set', 'one', 'unbanip', '198.51.100.2');
    open();
    await equalsFail2ban();
    await f2b.appendFailures('two', '203.0.113.9', 3);
    await f2b.client('set', 'one', 'banip', ...addresses(10, 20));
    await f2b.client('set', 'one', 'unbanip', '198.51.100.11');
    await eventually(() => expect(named('ban')).toContain('two 203.0.113.9'));
    await equalsFail2ban();
    const failed = sent().find(({ address, kind }) => address === '203.0.113.9' && kind === 'ban');
    expect(failed).toMatchObject({ failures: 3, bantimeSeconds: -1, banCount: 1, origin: 'selfblock' });
    expect(failed?.matches).toHaveLength(3);
    expect(named('found').filter((name) => name === 'two 203.0.113.9')).toHaveLength(3);
  });

  it('keeps ban, unban and ban again of one address apart and in order', async () => {
    await start();
    open();
    const address = '198.51.100.7';
    for (let round = 0; round < 4; round += 1) {
      await f2b.client('set', 'one', 'banip', address);
      await f2b.client('set', 'one', 'unbanip', address);
    }
    await f2b.client('set', 'one', 'banip', address);
    await equalsFail2ban();
    const kinds = sent().flatMap(({ kind }) => (kind === 'found' ? [] : [kind]));
    expect(kinds).toEqual(['ban', 'unban', 'ban', 'unban', 'ban', 'unban', 'ban', 'unban', 'ban']);
  });

  it('follows the same while it was down', async () => {
    await start();
    open();
    await f2b.client('set', 'one', 'banip', '198.51.100.1');
    await equalsFail2ban();
    await close();
    await f2b.client('set', 'one', 'unbanip', '198.51.100.1');
    await f2b.client('set', 'one', 'banip', ...addresses(1, 3));
    await f2b.client('unban', '198.51.100.3');
    await f2b.client('set', 'two', 'banip', '198.51.100.3');
    open();
    await equalsFail2ban();
  });

  it('survives unban --all, after which fail2ban counts its rows from one again', async () => {
    await start();
    open();
    await f2b.client('set', 'one', 'banip', ...addresses(1, 10));
    await equalsFail2ban();
    await f2b.client('unban', '--all');
    await f2b.client('set', 'two', 'banip', ...addresses(50, 3));
    await equalsFail2ban();
    await close();
    await f2b.client('unban', '--all');
    await f2b.client('set', 'one', 'banip', ...addresses(60, 2));
    open();
    await equalsFail2ban();
  });

  it('follows log rotation by flushlogs and by copytruncate, running and down', async () => {
    await start();
    open();
    let before = '';
    const ban = (n: number) => f2b.client('set', 'one', 'banip', `198.51.100.${n}`);
    const unban = (n: number) => f2b.client('set', 'one', 'unbanip', `198.51.100.${n}`);
    await ban(1);
    await rename(f2b.logPath, `${f2b.logPath}.1`);
    await unban(1);
    await f2b.client('flushlogs');
    before += readFileSync(`${f2b.logPath}.1`, 'utf8');
    await ban(2);
    await equalsFail2ban(before);
    await unban(2);
    await equalsFail2ban(before);
    await ban(3);
    await unlink(`${f2b.logPath}.1`);
    await copyFile(f2b.logPath, `${f2b.logPath}.1`);
    before += readFileSync(f2b.logPath, 'utf8');
    await truncate(f2b.logPath, 0);
    await unban(3);
    await equalsFail2ban(before);
    await close();
    await ban(4);
    await unban(4);
    await unlink(`${f2b.logPath}.1`);
    await rename(f2b.logPath, `${f2b.logPath}.1`);
    await f2b.client('flushlogs');
    before += readFileSync(`${f2b.logPath}.1`, 'utf8');
    await ban(5);
    open();
    await equalsFail2ban(before);
    expect(gaps).toBe(0);
  });

  it.each(['zst', 'xz'])('reads what was rotated and compressed to .%s while it was down', async (ending) => {
    await start();
    open();
    await f2b.client('set', 'one', 'banip', ...addresses(1, 3));
    await equalsFail2ban();
    await close();
    await f2b.client('set', 'one', 'unbanip', '198.51.100.2');
    await rename(f2b.logPath, `${f2b.logPath}.1`);
    await f2b.client('flushlogs');
    const before = readFileSync(`${f2b.logPath}.1`);
    const packed =
      ending === 'xz' ? execFileSync('/usr/bin/xz', ['--stdout'], { input: before }) : zstdCompressSync(before);
    writeFileSync(`${f2b.logPath}.1.${ending}`, packed);
    await unlink(`${f2b.logPath}.1`);
    await f2b.client('set', 'one', 'unbanip', '198.51.100.3');
    open();
    await equalsFail2ban(before.toString());
    expect(gaps).toBe(0);
  });

  it('tells bans and unbans of a jail whose name no command of ours carries', async () => {
    await start();
    const jail = "two words, it's";
    const client = new Fail2banClient({ socketPath: f2b.socketPath });
    await client.request(['add', jail, 'polling']);
    await client.request(['start', jail]);
    open({ databasePath: undefined });
    await client.request(['set', jail, 'banip', '198.51.100.1']);
    await client.request(['set', jail, 'unbanip', '198.51.100.1']);
    await client.close();
    const told = (kind: string) => expect.objectContaining({ kind, jail, address: '198.51.100.1' });
    await eventually(() => expect(sent()).toEqual([told('ban'), told('unban')]));
  });

  it('takes restored bans for no new ones, whether fail2ban stopped or was killed', async () => {
    await start();
    open();
    await f2b.client('set', 'one', 'banip', ...addresses(1, 3));
    await equalsFail2ban();
    await f2b.restart();
    await eventually(() => expect(logged(f2b, 'Restore Ban')).toHaveLength(3));
    await equalsFail2ban();
    await f2b.kill();
    await f2b.start();
    await f2b.client('set', 'one', 'banip', '198.51.100.9');
    await equalsFail2ban();
  });

  it('sends a ban by its log line when the database was locked too long for fail2ban', async () => {
    await start();
    open();
    await f2b.client('set', 'one', 'banip', '198.51.100.1');
    await equalsFail2ban();
    const locker = new DatabaseSync(f2b.databasePath);
    locker.exec('BEGIN EXCLUSIVE');
    await f2b.client('set', 'one', 'banip', '198.51.100.2');
    await eventually(() => expect(readFileSync(f2b.logPath, 'utf8')).toContain('database is locked'), {
      withinMs: 30_000,
    });
    locker.exec('ROLLBACK');
    locker.close();
    await equalsFail2ban('', 40_000);
    expect(rowsOf(f2b)).toHaveLength(1);
  });

  it('does without a database', async () => {
    await start({ globals: { dbfile: 'None' } });
    open({ databasePath: undefined });
    await f2b.client('set', 'one', 'banip', ...addresses(1, 5));
    await f2b.client('unban', '198.51.100.1');
    await eventually(() => expect(named('ban').sort()).toEqual(logged(f2b, 'Ban').sort()));
    await eventually(() => expect(named('unban')).toEqual(logged(f2b, 'Unban')));
  });

  it('does without a log: bans come from the database', async () => {
    await start();
    open({ logPath: undefined });
    await f2b.client('set', 'one', 'banip', ...addresses(1, 5));
    await eventually(() => expect(named('ban').sort()).toEqual(logged(f2b, 'Ban').sort()));
  });
});
