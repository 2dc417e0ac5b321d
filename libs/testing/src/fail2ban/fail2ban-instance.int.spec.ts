import { mkdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { eventually } from '../core/eventually.js';
import { runChecked } from '../core/run-command.js';
import { tempDir } from '../core/temp-dir.js';
import { startFail2ban } from './fail2ban-instance.js';
import { allFail2banVersions } from './fail2ban-version.js';
import { stockFailureLines } from './failure-lines.js';

const stockFilters = Object.keys(stockFailureLines);

describe.each(allFail2banVersions)('startFail2ban %s', (version) => {
  it('runs that version in folders of its own', async () => {
    await using f2b = await startFail2ban({ version, jails: { demo: {} } });
    expect(await f2b.client('version')).toBe(version);
    expect(await f2b.client('get', 'dbfile')).toContain(f2b.databasePath);
    expect(await f2b.client('get', 'logtarget')).toContain(f2b.logPath);
    expect(Number(await readFile(f2b.pidFile, 'utf8'))).toBe(f2b.pid);
    expect(Buffer.byteLength(f2b.socketPath)).toBeLessThan(108);
    expect((await stat(f2b.socketPath)).isSocket()).toBe(true);
  });

  it('bans a host whose failures appear in the log, and writes down what its action was asked', async () => {
    await using f2b = await startFail2ban({ version, jails: { demo: { maxretry: 3 }, other: { maxretry: 3 } } });
    await f2b.appendFailures('demo', '192.0.2.10', 2);
    await f2b.appendFailures('demo', '2001:db8::10', 3);
    await eventually(async () => expect(await f2b.client('get', 'demo', 'banip')).toBe('2001:db8::10'));
    await eventually(async () => expect(await readFile(f2b.actionLogPath, 'utf8')).toBe('demo ban 2001:db8::10\n'));
    expect(await f2b.client('get', 'other', 'banip')).toBe('');
  });

  it.each(stockFilters)('knows failures that the stock filter %s counts', async (filter) => {
    await using f2b = await startFail2ban({ version, jails: { stock: { filter, maxretry: 4 } } });
    await f2b.appendFailures('stock', '192.0.2.77', 4);
    await eventually(async () => expect(await f2b.client('get', 'stock', 'banip')).toBe('192.0.2.77'));
  });

  it('brings its bans back after a restart and after kill -9, with the same socket', async () => {
    await using f2b = await startFail2ban({ version, jails: { demo: {} } });
    await f2b.client('set', 'demo', 'banip', '192.0.2.11', '192.0.2.12');
    await eventually(async () => expect(await bansInDatabase(f2b)).toBe('2'));
    const bothAreBanned = async (): Promise<void> => {
      const banned = (await f2b.client('get', 'demo', 'banip')).split(/\s+/);
      expect(banned.sort()).toEqual(['192.0.2.11', '192.0.2.12']);
    };
    const first = f2b.pid;
    await f2b.restart();
    expect(f2b.pid).not.toBe(first);
    await eventually(bothAreBanned);
    await f2b.kill();
    expect(f2b.isRunning).toBe(false);
    await expect(f2b.client('ping')).rejects.toMatchObject({ code: 'testing/process-failed' });
    await f2b.start();
    await eventually(bothAreBanned);
  });

  it('says why it does not come up, and leaves nothing behind', async () => {
    await using dir = await tempDir();
    const start = startFail2ban({ version, dir: dir.path, jails: { demo: { failregex: '^no group at all$' } } });
    await expect(start).rejects.toMatchObject({
      code: 'testing/process-failed',
      message: expect.stringMatching(/failure-id group/),
    });
  });

  it('starts no jail that is not enabled and gives a jail no action when told so', async () => {
    await using f2b = await startFail2ban({ version, jails: { on: { action: '' }, off: { enabled: false } } });
    expect(await f2b.client('status')).toMatch(/Jail list:\s+on$/);
    expect(await f2b.client('get', 'on', 'actions')).toContain('No actions for jail on');
  });
});

/** Rows of the ban history, read by the Python that comes with fail2ban. */
async function bansInDatabase({ python, databasePath }: { python: string; databasePath: string }): Promise<string> {
  const script =
    'import sqlite3, sys; print(sqlite3.connect(sys.argv[1]).execute("select count(*) from bans").fetchone()[0])';
  return (await runChecked(python, ['-c', script, databasePath])).trim();
}

describe('startFail2ban, whatever the version', () => {
  it('has its first jail up also when it logs too little to tell', async () => {
    await using f2b = await startFail2ban({ loglevel: 'CRITICAL', jails: { demo: {} } });
    expect(await f2b.client('status')).toContain('demo');
  });

  it('runs without any jail', async () => {
    await using f2b = await startFail2ban({ jails: {} });
    expect(await f2b.client('status')).toContain('Number of jail:\t0');
  });

  it('takes its settings from the options', async () => {
    const settings = { maxretry: 7, findtime: 33, bantime: '2h', extra: { ignoreip: '198.51.100.0/24' } };
    await using f2b = await startFail2ban({
      dbpurgeage: '2d',
      globals: { dbmaxmatches: '4' },
      jails: { demo: settings },
    });
    expect(await f2b.client('get', 'demo', 'maxretry')).toBe('7');
    expect(await f2b.client('get', 'demo', 'findtime')).toBe('33');
    expect(await f2b.client('get', 'demo', 'bantime')).toBe('7200');
    expect(await f2b.client('get', 'demo', 'ignoreip')).toContain('198.51.100.0/24');
    expect(await f2b.client('get', 'dbpurgeage')).toContain('172800');
    expect(await f2b.client('get', 'dbmaxmatches')).toContain('4');
  });

  it('bans on lines of our own making that a failregex of our own matches', async () => {
    await using f2b = await startFail2ban({ jails: { demo: { maxretry: 1, failregex: '^ denied <HOST>$' } } });
    await f2b.appendLines('demo', [`${new Date().toISOString().slice(0, 19)}Z denied 192.0.2.9`]);
    await eventually(async () => expect(await f2b.client('get', 'demo', 'banip')).toBe('192.0.2.9'));
  });

  it('lets its client and its server see the environment given', async () => {
    await using f2b = await startFail2ban({ env: { TZ: 'Asia/Kathmandu' }, jails: { demo: {} } });
    const environment = await readFile(`/proc/${f2b.pid}/environ`, 'utf8');
    expect(environment.split('\0')).toContain('TZ=Asia/Kathmandu');
    expect(f2b.env).toMatchObject({ TZ: 'Asia/Kathmandu' });
  });

  it('keeps a folder that it was given, and removes its own', async () => {
    await using dir = await tempDir();
    let own: string;
    {
      await using _given = await startFail2ban({ dir: dir.path, jails: { demo: {} } });
      await using f2b = await startFail2ban({ jails: { demo: {} } });
      own = f2b.dir;
    }
    expect((await stat(join(dir.path, 'etc/jail.conf'))).isFile()).toBe(true);
    await expect(stat(own)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it.each(['/run/fail2ban', '/var/run/fail2ban/mine', '/etc/fail2ban', '/var/lib/fail2ban'])(
    'refuses to sit in %s',
    async (dir) => {
      await expect(startFail2ban({ dir, jails: {} })).rejects.toMatchObject({ code: 'testing/system-service-refused' });
    },
  );

  it('refuses a link into the folder of the machine’s own fail2ban', async () => {
    await using dir = await tempDir();
    await symlink('/etc/fail2ban', join(dir.path, 'link'));
    await expect(startFail2ban({ dir: join(dir.path, 'link'), jails: {} })).rejects.toMatchObject({
      code: 'testing/system-service-refused',
    });
  });

  it('refuses a folder whose path leaves no room for a socket', async () => {
    await using dir = await tempDir();
    const long = join(dir.path, 'x'.repeat(100));
    await mkdir(long);
    await expect(startFail2ban({ dir: long, jails: {} })).rejects.toMatchObject({ code: 'testing/misuse' });
  });

  it.each(['../evil', '-x', 'a b', ''])('refuses %j as the name of a jail', async (name) => {
    await expect(startFail2ban({ jails: { [name]: {} } })).rejects.toMatchObject({ code: 'testing/misuse' });
  });

  it('names the jail that was not configured, and the filter it knows no lines for', async () => {
    await using f2b = await startFail2ban({ jails: { web: { filter: 'apache-auth' } } });
    expect(() => f2b.jailLogPath('nowhere')).toThrow('"nowhere"');
    await expect(f2b.appendFailures('web', '192.0.2.1', 1)).rejects.toMatchObject({ code: 'testing/misuse' });
  });

  it('copies the stock configuration, so that changing it changes nobody else’s', async () => {
    await using f2b = await startFail2ban({ stockConfig: true, jails: { demo: {} } });
    const copy = join(f2b.configDir, 'filter.d/sshd.conf');
    await writeFile(copy, '# changed');
    await using other = await startFail2ban({ stockConfig: true, jails: { demo: {} } });
    expect(await readFile(join(other.configDir, 'filter.d/sshd.conf'), 'utf8')).toContain('[Definition]');
  });
});
