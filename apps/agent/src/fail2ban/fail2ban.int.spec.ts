import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { HostStatusEvent } from '@bailiff/contracts/agent';
import { Fail2banClient } from '@bailiff/fail2ban-protocol';
import {
  eventually,
  startFail2ban,
  tempDir,
  testedFail2banVersions,
  type Fail2banInstance,
  type TempDir,
} from '@bailiff/testing';
import { HistoryFeed, type FeedSources } from '../history-feed/history-feed.js';
import { OriginMarks } from '../state/origin-marks.js';
import { Outbox } from '../state/outbox.js';
import { StateDatabase } from '../state/state-database.js';
import { ConfigurationUnreadableError, JailCatalogue } from './jail-catalogue.js';
import { SnapshotTaker } from './snapshot-taker.js';
import { StatusWatcher } from './status-watcher.js';
import { UnbanDiffer } from './unban-differ.js';

const nothing = () => undefined;

describe.each(testedFail2banVersions)('watching fail2ban %s', (version) => {
  let f2b: Fail2banInstance;
  let client: Fail2banClient;
  let catalogue: JailCatalogue;
  let watcher: StatusWatcher;
  let dir: TempDir;
  let state: StateDatabase;
  let outbox: Outbox;
  let feed: HistoryFeed;
  let snapshots: SnapshotTaker;
  const seen: HostStatusEvent[] = [];
  const sources: FeedSources[] = [];
  const errors: unknown[] = [];
  let feedProblem: string | undefined;

  beforeAll(async () => {
    f2b = await startFail2ban({
      version,
      jails: { one: { bantime: '2h', findtime: 300, maxretry: 5 }, two: { bantime: -1 }, off: { enabled: false } },
    });
    dir = await tempDir();
    state = new StateDatabase(`${dir.path}/state`);
    outbox = new Outbox(state);
    const marks = new OriginMarks(state);
    client = new Fail2banClient({ socketPath: f2b.socketPath });
    const paths = { configDir: f2b.configDir, pythonPath: f2b.python, clientPath: f2b.clientPath };
    catalogue = new JailCatalogue(paths);
    const listeners = {
      onTickets: nothing,
      onActivity: nothing,
      onChange: nothing,
      onRestored: nothing,
      onGap: nothing,
    };
    feed = new HistoryFeed(state, outbox, marks, { ...listeners, onError: (error) => errors.push(error) });
    watcher = new StatusWatcher(client, catalogue, f2b.socketPath, {
      onStatus: (status) => seen.push(status),
      onSources: (found) => sources.push(found),
      onBack: nothing,
      onError: (error) => errors.push(error),
      feedProblem: () => feedProblem,
    });
    snapshots = new SnapshotTaker(client, feed, marks);
    watcher.start();
    await eventually(() => watcher.status.reachable);
  });
  afterAll(async () => {
    await watcher.stop();
    await feed.stop();
    await client.close();
    state.close();
    await f2b[Symbol.asyncDispose]();
    await dir[Symbol.asyncDispose]();
    expect(errors).toEqual([]);
  });

  it('reports every jail, running or only configured', () => {
    expect(watcher.status).toMatchObject({ version, socketPath: f2b.socketPath });
    expect(watcher.status.reason).toBeUndefined();
    expect(watcher.status.jails).toEqual([
      { name: 'off', status: 'inactive', backend: 'polling' },
      {
        name: 'one',
        status: 'running',
        backend: 'polling',
        currentlyBanned: 0,
        totalBanned: 0,
        currentlyFailed: 0,
        totalFailed: 0,
        findtimeSeconds: 300,
        bantimeSeconds: 7200,
        maxretry: 5,
      },
      expect.objectContaining({ name: 'two', status: 'running', bantimeSeconds: -1 }),
    ]);
    expect(sources).toEqual([{ databasePath: f2b.databasePath, logPath: f2b.logPath }]);
  });

  it('says why what fail2ban writes down cannot all be read', async () => {
    feedProblem = 'fail2ban.log.2.xz and the like cannot be read';
    expect(await watcher.lookNow()).toMatchObject({ reachable: true, reason: feedProblem });
    feedProblem = undefined;
    expect((await watcher.lookNow()).reason).toBeUndefined();
  });

  it('sees counters move and jails stop', async () => {
    await f2b.client('set', 'one', 'banip', '192.0.2.1');
    const status = await watcher.lookNow();
    expect(status.jails.find(({ name }) => name === 'one')).toMatchObject({ currentlyBanned: 1, totalBanned: 1 });
    await f2b.client('stop', 'two');
    expect((await watcher.lookNow()).jails.find(({ name }) => name === 'two')).toMatchObject({ status: 'stopped' });
    await f2b.client('reload', '--if-exists', 'two');
    expect((await watcher.lookNow()).jails.find(({ name }) => name === 'two')).toMatchObject({ status: 'running' });
  });

  it('watches jails whose names no command of ours carries', async () => {
    const names = ['two words', 'a, b', "it's ünï", 'b'];
    const path = join(f2b.configDir, 'jail.d/odd.local');
    const settings = `enabled = true\nfilter = \nbantime = 1h\naction =\nlogpath = ${f2b.jailLogPath('one')}\n`;
    writeFileSync(path, names.map((name) => `[${name}]\n${settings}`).join(''));
    await f2b.client('reload');
    for (const name of names) await f2b.client('set', name, 'banip', '198.51.100.9');
    const { jails } = await watcher.lookNow();
    for (const name of names)
      expect(jails).toContainEqual(
        expect.objectContaining({ name, status: 'running', currentlyBanned: 1, bantimeSeconds: 3600, maxretry: 3 }),
      );
    expect(jails.map(({ name }) => name)).not.toContain('a');
    const { bans } = await snapshots.take();
    const odd = bans.filter(({ address }) => address === '198.51.100.9');
    expect(odd.map(({ jail }) => jail).sort()).toEqual([...names].sort());
    for (const { bannedAtMs, expiresAtMs } of odd) expect(expiresAtMs).toBe(bannedAtMs + 3_600_000);
    writeFileSync(path, '');
    await f2b.client('reload');
  });

  it('lists what is banned with exact times, also of what is banned for ever', async () => {
    await f2b.client('set', 'two', 'banip', '2001:db8::7');
    const before = Date.now();
    const { bans } = await snapshots.take();
    expect(bans.map(({ jail, address }) => `${jail} ${address}`)).toEqual(['one 192.0.2.1', 'two 2001:db8::7']);
    const [one, two] = bans;
    expect(one?.expiresAtMs).toBe((one?.bannedAtMs ?? 0) + 7_200_000);
    expect(two?.expiresAtMs).toBeNull();
    expect(Math.abs((two?.bannedAtMs ?? 0) - before)).toBeLessThan(60_000);
  });

  it('cuts a snapshot into chunks that a message can carry, and sends an empty one whole', () => {
    const ban = { jail: 'one', bannedAtMs: 1_000, expiresAtMs: null, banCount: 1 };
    const many = Array.from({ length: 2_500 }, (_, n) => ({ ...ban, address: `198.18.${n >> 8}.${n & 255}` }));
    const events = snapshots.toEvents({ atMs: 5_000, bans: many });
    expect(events.map(({ index, count, bans }) => [index, count, bans.length])).toEqual([
      [0, 3, 1_000],
      [1, 3, 1_000],
      [2, 3, 500],
    ]);
    expect(new Set(events.map(({ id }) => id)).size).toBe(1);
    const long = Array.from({ length: 900 }, (_, n) => ({ ...ban, address: `${n} ${'x'.repeat(1_000)}` }));
    for (const event of snapshots.toEvents({ atMs: 5_000, bans: long }))
      expect(Buffer.byteLength(JSON.stringify(event))).toBeLessThan(240 * 1024);
    expect(snapshots.toEvents({ atMs: 5_000, bans: [] })).toMatchObject([{ index: 0, count: 1, bans: [] }]);
  });

  it('sees that a jail runs also when its name is not used in commands', async () => {
    const path = join(f2b.configDir, 'jail.d/long.local');
    const name = 'a-name-that-is-longer-than-25-characters';
    writeFileSync(path, `[${name}]\nenabled = true\nfilter = bailiff-two\nlogpath = ${f2b.jailLogPath('two')}\n`);
    await f2b.client('reload');
    watcher.lookAfresh();
    const { jails } = await watcher.lookNow();
    expect(jails.find((jail) => jail.name === name)).toMatchObject({ status: 'running' });
    rmSync(path);
    await f2b.client('reload');
    watcher.lookAfresh();
  });

  it('reads the configuration again when a file changed, and says what is wrong with it', async () => {
    const path = join(f2b.configDir, 'jail.d', 'zz-extra.local');
    writeFileSync(path, '[extra]\nenabled = false\nbackend = systemd[journalflags=1]\n');
    const extra = (await catalogue.list()).find(({ name }) => name === 'extra');
    expect(extra).toEqual({ name: 'extra', isEnabled: false, backend: 'systemd' });
    writeFileSync(path, 'no section here\n');
    await expect(catalogue.list()).rejects.toThrow(ConfigurationUnreadableError);
    const status = await watcher.lookNow();
    expect(status.reachable).toBe(true);
    expect(status.reason).toContain('configuration');
    writeFileSync(path, '');
    expect((await watcher.lookNow()).reason).toBeUndefined();
  });

  it('does not take a fail2ban that is about to be told its settings for one without log and database', async () => {
    await watcher.lookNow();
    const known = sources.length;
    // As it is between its start and its configuration.
    for (const jail of ['one', 'two']) await f2b.client('stop', jail);
    await f2b.client('set', 'logtarget', 'SYSOUT');
    await f2b.client('set', 'dbfile', 'None');
    for (let look = 0; look < 3; look += 1) {
      watcher.lookAfresh();
      await watcher.lookNow();
    }
    await f2b.client('set', 'dbfile', f2b.databasePath);
    await f2b.client('set', 'logtarget', f2b.logPath);
    await f2b.client('reload');
    watcher.lookAfresh();
    await eventually(() => expect(sources.length).toBeGreaterThan(known));
    await eventually(() => expect(watcher.status.jails.map(({ status }) => status)).toContain('running'));
    const complete = { databasePath: f2b.databasePath, logPath: f2b.logPath };
    expect(sources.slice(known)).toEqual(sources.slice(known).map(() => complete));
    await f2b.client('set', 'one', 'banip', '192.0.2.1');
  });

  it('finds unbans by comparing lists where the log cannot be read, and says so', async () => {
    await f2b.client('set', 'logtarget', 'SYSOUT');
    watcher.lookAfresh();
    await eventually(() => expect(watcher.status.reason).toContain('SYSOUT'));
    expect(sources.at(-1)).toEqual({ databasePath: f2b.databasePath, logPath: undefined });
    const differ = new UnbanDiffer(state, outbox);
    expect(differ.compare(await snapshots.take(), true)).toBe(0);
    await f2b.client('set', 'one', 'unbanip', '192.0.2.1');
    expect(differ.compare(await snapshots.take(), true)).toBe(1);
    expect(differ.compare(await snapshots.take(), true)).toBe(0);
    expect(outbox.batchAfter(0)?.tickets).toMatchObject([{ kind: 'unban', jail: 'one', address: '192.0.2.1' }]);
    await f2b.client('set', 'logtarget', f2b.logPath);
    watcher.lookAfresh();
    await eventually(() => expect(watcher.status.reason).toBeUndefined());
  });

  it('tells that fail2ban is gone and back', async () => {
    await f2b.kill();
    await eventually(() => expect(watcher.status).toMatchObject({ reachable: false, jails: [] }), { withinMs: 20_000 });
    expect(watcher.status.reason).toMatch(/cannot be reached/);
    await f2b.start();
    await eventually(() => watcher.status.reachable, { withinMs: 30_000 });
    expect(seen.length).toBeGreaterThan(2);
  });
});
