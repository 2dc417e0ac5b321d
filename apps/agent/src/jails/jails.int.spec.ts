import { appendFileSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { JailActArgs, JailActReport } from '@bailiff/contracts/agent';
import { Fail2banClient } from '@bailiff/fail2ban-protocol';
import {
  eventually,
  startFail2ban,
  tempDir,
  testedFail2banVersions,
  type Fail2banInstance,
  type TempDir,
} from '@bailiff/testing';
import { OwnAddresses } from '../commands/own-addresses.js';
import { JailCatalogue } from '../fail2ban/jail-catalogue.js';
import { StatusWatcher } from '../fail2ban/status-watcher.js';
import { PolicyFile } from '../policy/policy-file.js';
import { StateDatabase } from '../state/state-database.js';
import { JailFeature } from './jail-feature.js';

const HOSTILE = String.raw`^\s*(?:\S+ )?fail from <HOST>(?: <script>alert\(1\)</script>)?$`;
const never = new AbortController().signal;

describe.each(testedFail2banVersions)('jails of fail2ban %s', (version) => {
  let f2b: Fail2banInstance;
  let client: Fail2banClient;
  let dir: TempDir;
  let state: StateDatabase;
  let watcher: StatusWatcher;
  let jails: JailFeature;
  const reports: JailActReport[] = [];

  const open = () =>
    new JailFeature({
      configDir: f2b.configDir,
      pythonPath: f2b.python,
      clientPath: f2b.clientPath,
      socketPath: f2b.socketPath,
      client,
      state,
      policy: new PolicyFile(join(dir.path, 'etc')),
      own: new OwnAddresses([]),
      databasePath: () => f2b.databasePath,
      allowedIn: () => [],
      hasLog: () => false,
      jails: () => watcher.status.jails,
      hold: () => watcher.hold(),
      onAct: (report) => reports.push(report),
      onJailsChanged: () => watcher.lookAfresh(),
    });
  const policy = (logRoots: readonly string[]) =>
    writeFileSync(join(dir.path, 'etc/policy.json'), JSON.stringify({ groups: ['read', 'config'], logRoots }), {
      mode: 0o600,
    });
  const handlers = () => jails.handlers();
  const act = async (args: Omit<JailActArgs, 'id'>) => {
    const { id } = await handlers()['jails.act']({ ...args, id: randomUUID() }, never);
    return eventually(
      async () => {
        const report = await handlers()['jails.act-state']({ id }, never);
        if (report.state === 'running') throw new Error(`still ${report.phase}`);
        return report;
      },
      { withinMs: 60_000, what: 'the act to end' },
    );
  };
  const banned = async (jail: string) =>
    (await f2b.client('get', jail, 'banip')).split(/\s+/).filter((text) => text !== '').length;
  const ban = (jail: string, count: number) =>
    f2b.client('set', jail, 'banip', ...Array.from({ length: count }, (_, n) => `198.51.100.${n + 1}`));

  beforeAll(async () => {
    f2b = await startFail2ban({
      version,
      jails: {
        one: { maxretry: 5, findtime: 300, bantime: '2h', failregex: HOSTILE },
        two: { bantime: -1, extra: { ignoreip: '192.0.2.1 198.51.100.0/24 gate.example.org' } },
        rising: { extra: { 'bantime.increment': 'true', 'bantime.factor': '2', 'bantime.maxtime': '1d' } },
        secret: { action: 'keeps[name=secret, apikey="s3cr3t-value", record="/dev/null"]', enabled: false },
        off: { enabled: false, bantime: '3h' },
      },
    });
    writeFileSync(
      join(f2b.configDir, 'action.d/keeps.conf'),
      '[Definition]\nactionban = echo <apikey> > <record>\n[Init]\nname = x\napikey = none\nrecord = /dev/null\n',
    );
    dir = await tempDir();
    mkdirSync(join(dir.path, 'etc'), { mode: 0o700 });
    policy([f2b.dir]);
    state = new StateDatabase(join(dir.path, 'var'));
    client = new Fail2banClient({ socketPath: f2b.socketPath });
    const catalogue = new JailCatalogue({
      configDir: f2b.configDir,
      pythonPath: f2b.python,
      clientPath: f2b.clientPath,
    });
    watcher = new StatusWatcher(client, catalogue, f2b.socketPath, {
      onStatus: () => undefined,
      onSources: () => undefined,
      onBack: () => undefined,
      onError: () => undefined,
      isIdle: (jail) => jails.idle.has(jail),
    });
    jails = open();
    await watcher.lookNow();
  });
  afterAll(async () => {
    await watcher.stop();
    await client.close();
    state.close();
    await f2b[Symbol.asyncDispose]();
    await dir[Symbol.asyncDispose]();
  });

  it('tells everything of a running jail', async () => {
    await f2b.appendFailures('one', '192.0.2.77', 1);
    const detail = await handlers()['jails.get']({ jail: 'one' }, never);
    expect(detail).toMatchObject({ name: 'one', status: 'running', source: 'running', backend: 'polling' });
    expect(detail.fail2banVersion).toBe(version);
    expect(detail.unknown).toEqual([]);
    expect(detail.settings).toMatchObject({
      maxretry: 5,
      findtimeSeconds: 300,
      bantimeSeconds: 7200,
      usedns: 'no',
      logencoding: 'utf-8',
      ignoreself: false,
    });
    expect(detail.settings.failregex[0]).toContain('<script>alert');
    const [file] = detail.logFiles;
    expect(file).toMatchObject({
      exists: true,
      isReadableByFail2ban: true,
      isShown: true,
      path: f2b.jailLogPath('one'),
    });
    expect(file?.lastLine).toContain('fail from 192.0.2.77');
    expect(Math.abs(Date.parse(file?.lastLineAt ?? '') - Date.now())).toBeLessThan(300_000);
    const [action] = detail.actions;
    expect(action?.name).toBe('bailiff-record');
    expect(action?.properties.find(({ name }) => name === 'actionban')?.value).toContain('printf');
    expect(action?.methods).toContain('ban');
    const rising = await handlers()['jails.get']({ jail: 'rising' }, never);
    expect(rising.escalation).toMatchObject({ increment: true, factor: '2', maxtimeSeconds: 86_400 });
  });

  it('tells of a jail that does not run what its files say, without its secrets', async () => {
    await expect(handlers()['jails.get']({ jail: 'off' }, never)).resolves.toMatchObject({
      status: 'inactive',
      source: 'configuration',
      settings: { bantimeSeconds: 10_800 },
    });
    const { actions } = await handlers()['jails.get']({ jail: 'secret' }, never);
    const texts = JSON.stringify(actions);
    expect(texts).toContain('actionban');
    expect(texts).not.toContain('s3cr3t-value');
    await expect(handlers()['jails.get']({ jail: 'nosuch' }, never)).rejects.toMatchObject({ code: 'jail/unknown' });
  });

  it('shows the end of the log files that fail2ban lists, and no others', async () => {
    appendFileSync(f2b.jailLogPath('one'), '\u001b[31mred\u001b[0m <img src=x onerror=alert(1)>\n');
    const log = await handlers()['jails.log']({ jail: 'one', lines: 10 }, never);
    expect(log.lines.at(-1)).toContain('<img src=x');
    const found = await handlers()['jails.log']({ jail: 'one', lines: 10, q: 'FAIL FROM' }, never);
    expect(found.lines).toEqual([expect.stringContaining('192.0.2.77')]);
    const other = handlers()['jails.log']({ jail: 'one', lines: 10, file: '/etc/passwd' }, never);
    await expect(other).rejects.toMatchObject({ code: 'request/invalid' });
    const link = join(f2b.dir, 'logs/link.log');
    symlinkSync('/etc/passwd', link);
    await f2b.client('set', 'two', 'addlogpath', link);
    const linked = handlers()['jails.log']({ jail: 'two', lines: 10, file: link }, never);
    await expect(linked).rejects.toMatchObject({ code: 'agent/policy-denied' });
    await f2b.client('set', 'two', 'dellogpath', link);
    policy(['/var/log']);
    const denied = handlers()['jails.log']({ jail: 'one', lines: 10 }, never);
    await expect(denied).rejects.toMatchObject({ code: 'agent/policy-denied' });
    const { logFiles } = await handlers()['jails.get']({ jail: 'one' }, never);
    expect(logFiles).toMatchObject([{ exists: true, isShown: false, lastLine: null }]);
    policy([f2b.dir]);
  });

  it('keeps bans through a reload, and says so before', async () => {
    await ban('one', 20);
    const preview = await handlers()['jails.preview']({ act: 'reload', jail: 'one' }, never);
    expect(preview).toMatchObject({
      command: 'fail2ban-client reload one',
      effects: [{ jail: 'one', becomes: 'runs', banned: 20, lifted: 0, rebanned: 0 }],
      estimateSeconds: 0,
      refusal: null,
    });
    expect(await act({ act: 'reload', jail: 'one' })).toMatchObject({ state: 'done', bannedBefore: 20, bannedNow: 20 });
    expect(await banned('one')).toBe(20);
  });

  it('restarts a jail as the preview says: lifts, puts back, and then knows how fast', async () => {
    const before = await handlers()['jails.preview']({ act: 'restart', jail: 'one' }, never);
    expect(before).toMatchObject({
      command: 'fail2ban-client reload --restart one',
      effects: [{ jail: 'one', becomes: 'runs', banned: 20, lifted: 20, rebanned: 20 }],
      estimateSeconds: null,
      isFlush: false,
      cheaper: { act: 'reload', jail: 'one' },
    });
    const end = await act({ act: 'restart', jail: 'one' });
    expect(end).toMatchObject({ state: 'done', bannedBefore: 20, toRestore: 20, bannedNow: 20, lostJails: [] });
    expect(await banned('one')).toBe(20);
    expect(reports.map(({ phase }) => phase)).toContain('restoring');
    const after = await handlers()['jails.preview']({ act: 'restart', jail: 'one' }, never);
    expect(after.estimateSeconds).toBeGreaterThan(0);
    expect(after.rates.map(({ kind }) => kind)).toEqual(['lift', 'restore']);
  });

  it('stops and starts a jail; its bans come back from the database', async () => {
    const preview = await handlers()['jails.preview']({ act: 'stop', jail: 'one' }, never);
    expect(preview.effects).toEqual([{ jail: 'one', becomes: 'stops', banned: 20, lifted: 20, rebanned: 0 }]);
    expect(await act({ act: 'stop', jail: 'one' })).toMatchObject({ state: 'done', lostJails: [] });
    expect(await f2b.client('status')).not.toContain('one');
    const start = await handlers()['jails.preview']({ act: 'start', jail: 'one' }, never);
    expect(start).toMatchObject({
      command: 'fail2ban-client reload --if-exists one',
      effects: [{ jail: 'one', becomes: 'starts', lifted: 0, rebanned: 20 }],
    });
    expect(await act({ act: 'start', jail: 'one' })).toMatchObject({ state: 'done', bannedNow: 20 });
    expect(await banned('one')).toBe(20);
    const inactive = handlers()['jails.act']({ act: 'start', jail: 'off', id: randomUUID() }, never);
    await expect(inactive).rejects.toMatchObject({ code: 'config/refused' });
  });

  it('remembers who is idle on disk, until the jail starts anew', async () => {
    await act({ act: 'idle-on', jail: 'two' });
    expect(open().idle.has('two')).toBe(true);
    const status = await watcher.lookNow();
    expect(status.jails.find(({ name }) => name === 'two')).toMatchObject({ status: 'idle' });
    jails.idle.ended([{ jail: 'two', atMs: Date.now() - 60_000 }]);
    expect(jails.idle.has('two')).toBe(true);
    jails.idle.ended([{ jail: 'two', atMs: Date.now() + 1 }]);
    expect(jails.idle.has('two')).toBe(false);
    await act({ act: 'idle-off', jail: 'two' });
    expect((await watcher.lookNow()).jails.find(({ name }) => name === 'two')).toMatchObject({ status: 'running' });
  });

  it('lifts for good when asked to, and says that history goes with it', async () => {
    const args = { act: 'reload', jail: 'one', unban: true } as const;
    const preview = await handlers()['jails.preview'](args, never);
    expect(preview).toMatchObject({
      command: 'fail2ban-client reload --unban one',
      effects: [{ lifted: 20, rebanned: 0 }],
      warnings: [expect.objectContaining({ code: 'history-deleted' })],
    });
    expect(await act(args)).toMatchObject({ state: 'done', bannedNow: 0 });
    expect(await banned('one')).toBe(0);
  });

  it('warns that a reload does not change actions, and that a jail would disappear', async () => {
    const path = join(f2b.configDir, 'jail.d/zz-test.local');
    writeFileSync(path, '[one]\naction = keeps\n[rising]\nenabled = false\n');
    const reload = await handlers()['jails.preview']({ act: 'reload-all' }, never);
    expect(reload.warnings).toEqual([
      { code: 'actions-not-changed', jail: 'one', detail: 'bailiff-record → keeps' },
      { code: 'jail-disappears', jail: 'rising', detail: null },
    ]);
    const restart = await handlers()['jails.preview']({ act: 'restart', jail: 'one' }, never);
    expect(restart.cheaper).toBeNull();
    writeFileSync(path, '');
  });

  it('knows that a reload restarts a jail whose backend was changed', async () => {
    await ban('one', 20);
    const path = join(f2b.configDir, 'jail.d/zz-test.local');
    writeFileSync(path, '[one]\nbackend = systemd\n');
    for (const args of [{ act: 'reload', jail: 'one' }, { act: 'reload-all' }] as const) {
      const preview = await handlers()['jails.preview'](args, never);
      expect(preview.warnings).toMatchObject([{ code: 'backend-changes', jail: 'one' }]);
      expect(preview.effects[0]).toEqual({ jail: 'one', becomes: 'runs', banned: 20, lifted: 20, rebanned: 20 });
    }
    const restart = await handlers()['jails.preview']({ act: 'restart', jail: 'one' }, never);
    expect(restart.cheaper).toBeNull();
    writeFileSync(path, '');
  });

  it('counts as coming back only what the present ban time leaves', async () => {
    const path = join(f2b.configDir, 'jail.d/zz-test.local');
    const database = new DatabaseSync(f2b.databasePath);
    const longAgo = Date.now() / 1000 - 3_600;
    database.prepare('UPDATE bips SET timeofban = ? WHERE jail = ? AND ip < ?').run(longAgo, 'one', '198.51.100.13');
    const rebanned = async () =>
      (await handlers()['jails.preview']({ act: 'restart', jail: 'one' }, never)).effects[0]?.rebanned;
    expect(await rebanned()).toBe(20);
    const old = database.prepare('SELECT count(*) AS n FROM bips WHERE jail = ? AND timeofban = ?').get('one', longAgo);
    database.close();
    for (const settings of ['bantime = 30m', 'bantime.increment = true\nbantime.maxtime = 1800']) {
      writeFileSync(path, `[one]\n${settings}\n`);
      expect(await rebanned()).toBe(20 - Number(old?.['n']));
    }
    expect(Number(old?.['n'])).toBeGreaterThan(0);
    // As it says, so it is.
    writeFileSync(path, '[one]\nbantime = 30m\n');
    expect(await act({ act: 'restart', jail: 'one' })).toMatchObject({
      bannedBefore: 20,
      bannedNow: 20 - Number(old?.['n']),
    });
    writeFileSync(path, '');
    expect(await act({ act: 'reload', jail: 'one', unban: true })).toMatchObject({ state: 'done', bannedNow: 0 });
  });

  it('says which jails it cannot count', async () => {
    const path = join(f2b.configDir, 'jail.d/zz-test.local');
    const name = 'a jail/with ünï';
    writeFileSync(path, `[${name}]\nenabled = true\nfilter = bailiff-two\nlogpath = ${f2b.jailLogPath('two')}\n`);
    await f2b.client('reload');
    const { warnings } = await handlers()['jails.preview']({ act: 'restart-all' }, never);
    expect(warnings).toContainEqual({ code: 'unsafe-name', jail: name, detail: null });
    const long = handlers()['jails.preview']({ act: 'reload', jail: 'x'.repeat(65) }, never);
    await expect(long).rejects.toMatchObject({ code: 'jail/invalid-name' });
    writeFileSync(path, '');
    await f2b.client('reload');
  });

  it('refuses what would cost every jail: a regex that does not compile, a file that cannot be read', async () => {
    const path = join(f2b.configDir, 'jail.d/zz-test.local');
    writeFileSync(path, '[rising]\nfailregex = ^(unclosed <HOST>$\n');
    const preview = await handlers()['jails.preview']({ act: 'reload-all' }, never);
    expect(preview.refusal).toContain('[rising] failregex: Unable to compile regular expression');
    const bad = handlers()['jails.act']({ act: 'reload-all', id: randomUUID() }, never);
    await expect(bad).rejects.toMatchObject({
      code: 'config/refused',
      detail: expect.stringContaining('unterminated'),
    });
    expect(await f2b.client('status')).toContain('one, rising, two');
    // Another jail is not affected.
    expect(await act({ act: 'reload', jail: 'one' })).toMatchObject({ state: 'done' });
    writeFileSync(path, 'no section\n');
    const broken = handlers()['jails.act']({ act: 'reload', jail: 'one', id: randomUUID() }, never);
    await expect(broken).rejects.toMatchObject({ code: 'config/refused', detail: expect.stringContaining('section') });
    writeFileSync(path, '');
  });

  it('does not restart a server that somebody else runs', async () => {
    const preview = await handlers()['jails.preview']({ act: 'restart-server' }, never);
    expect(preview.refusal).toContain('restart it there');
    const refused = handlers()['jails.act']({ act: 'restart-server', id: randomUUID() }, never);
    await expect(refused).rejects.toMatchObject({ code: 'config/refused' });
    expect(await f2b.client('ping')).toContain('pong');
  });
});
