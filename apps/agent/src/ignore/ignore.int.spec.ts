import { existsSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Fail2banClient } from '@bailiff/fail2ban-protocol';
import { NetworkSet, parseNetwork } from '@bailiff/ip';
import { startFail2ban, testedFail2banVersions, type Fail2banInstance } from '@bailiff/testing';
import { HostFail2ban } from '../jails/host-fail2ban.js';
import { IGNORE_FILE } from './ignore-file.js';
import { IgnoreFinder } from './ignore-finder.js';
import { IgnoreLists } from './ignore-lists.js';

const never = new AbortController().signal;

describe.each(testedFail2banVersions)('ignore lists of fail2ban %s', (version) => {
  let f2b: Fail2banInstance;
  let client: Fail2banClient;
  let host: HostFail2ban;
  let lists: IgnoreLists;
  let path: string;

  const read = async (jail: string) =>
    (await f2b.client('get', jail, 'ignoreip'))
      .split('\n')
      .flatMap((line) => /^[|`]- (.*)$/.exec(line)?.[1] ?? [])
      .sort();
  const shown = async (jail: string) =>
    (await lists.list(jail, never)).lists[0]?.entries.map(({ entry, source }) => `${entry} ${source}`);

  beforeAll(async () => {
    f2b = await startFail2ban({
      version,
      jails: { one: {}, two: { extra: { ignoreip: '192.0.2.1 198.51.100.0/24 gate.example.org' } } },
    });
    path = join(f2b.configDir, 'jail.d', IGNORE_FILE);
    client = new Fail2banClient({ socketPath: f2b.socketPath });
    host = new HostFail2ban({
      configDir: f2b.configDir,
      pythonPath: f2b.python,
      clientPath: f2b.clientPath,
      socketPath: f2b.socketPath,
    });
    lists = new IgnoreLists(client, host, () => Promise.resolve(new NetworkSet([parseNetwork('203.0.113.200')])));
  });
  afterAll(async () => {
    await client.close();
    await f2b[Symbol.asyncDispose]();
  });

  it('changes lists at once, in one jail or all, and shows what is only for now', async () => {
    const { outcomes } = await lists.change({ jails: ['two'], add: ['203.0.113.5', '2001:0DB8::/32'] }, never);
    expect(outcomes.map(({ result }) => result)).toEqual(['added', 'added']);
    expect(await shown('two')).toEqual([
      '192.0.2.1 both',
      '198.51.100.0/24 both',
      '2001:db8::/32 runtime',
      '203.0.113.5 runtime',
      'gate.example.org both',
    ]);
    const again = await lists.change({ add: ['203.0.113.5'] }, never);
    expect(again.outcomes).toEqual([
      { jail: 'one', entry: '203.0.113.5', result: 'added', detail: null },
      { jail: 'two', entry: '203.0.113.5', result: 'unchanged', detail: null },
    ]);
    expect(again.isPermanent).toBeNull();
    expect(existsSync(path)).toBe(false);
    await f2b.client('reload');
    expect(await read('one')).toEqual([]);
    expect(await read('two')).not.toContain('203.0.113.5');
  });

  it('makes additions permanent in a file of its own, which inherits what others say', async () => {
    const add = ['203.0.113.5', '2001:db8:5::/48', 'office.example.org'];
    const result = await lists.change({ add, permanent: true }, never);
    expect(result).toMatchObject({ isPermanent: true, permanentDetail: null });
    expect(statSync(path).mode & 0o777).toBe(0o644);
    expect(readFileSync(path, 'utf8')).toContain('[two]\nignoreip = %(known/ignoreip)s\n    203.0.113.5');
    await f2b.client('reload');
    expect(await read('one')).toEqual([...add].sort());
    expect(await read('two')).toEqual([...add, '192.0.2.1', '198.51.100.0/24', 'gate.example.org'].sort());
    const { lists: shownLists } = await lists.list('one', never);
    expect(shownLists[0]?.entries).toContainEqual({
      entry: '203.0.113.5',
      source: 'both',
      isOurs: true,
      isProtected: false,
    });
  });

  it('takes inherited entries away for good by writing the whole list', async () => {
    const result = await lists.change({ jails: ['two'], remove: ['198.51.100.0/24'], permanent: true }, never);
    expect(result).toMatchObject({ isPermanent: true, outcomes: [{ result: 'removed' }] });
    const left = ['192.0.2.1', '203.0.113.5', '2001:db8:5::/48', 'gate.example.org', 'office.example.org'].sort();
    expect(await read('two')).toEqual(left);
    await f2b.client('reload');
    expect(await read('two')).toEqual(left);
    expect(await read('one')).toContain('203.0.113.5');
  });

  it('removes its file once nothing is left of it', async () => {
    await lists.change({ jails: ['two'], add: ['198.51.100.0/24'], permanent: true }, never);
    const remove = ['203.0.113.5', '2001:db8:5::/48', 'office.example.org'];
    await lists.change({ jails: ['one'], remove, permanent: true }, never);
    expect(readFileSync(path, 'utf8')).not.toContain('[one]');
    rmSync(path);
  });

  it('turns ignoreself, now and for good', async () => {
    const result = await lists.change({ jails: ['one'], ignoreself: true, permanent: true }, never);
    expect(result.outcomes).toEqual([{ jail: 'one', entry: null, result: 'set', detail: null }]);
    expect(await f2b.client('get', 'one', 'ignoreself')).toContain('True');
    await f2b.client('reload');
    expect(await f2b.client('get', 'one', 'ignoreself')).toContain('True');
    rmSync(path);
    await f2b.client('reload');
  });

  it('finds the jails that ignore an address, in force or only configured', async () => {
    const finder = new IgnoreFinder(client, host);
    await lists.change({ jails: ['one'], add: ['198.51.100.7'] }, never);
    const path2 = join(f2b.configDir, 'jail.d', 'zzz.local');
    writeFileSync(path2, '[one]\nignoreip = 198.51.100.0/28\n');
    expect(await finder.find('198.51.100.7', never)).toEqual({
      matches: [
        { jail: 'one', entry: '198.51.100.7', source: 'runtime', isWhole: true },
        { jail: 'one', entry: '198.51.100.0/28', source: 'configured', isWhole: true },
        { jail: 'two', entry: '198.51.100.0/24', source: 'both', isWhole: true },
      ],
      unresolved: 1,
    });
    const inside = await finder.find('198.51.100.0/25', never);
    expect(inside.matches.map(({ jail, isWhole }) => `${jail} ${isWhole}`)).toEqual([
      'one false',
      'one false',
      'two true',
    ]);
    expect(await finder.find('2001:db8::1', never)).toEqual({ matches: [], unresolved: 1 });
    writeFileSync(path2, 'nonsense\n');
    expect((await finder.find('198.51.100.7', never)).matches.map(({ source }) => source)).toEqual([
      'unknown',
      'unknown',
    ]);
    expect((await lists.list('two', never)).lists[0]?.entries[0]).toMatchObject({ source: 'unknown' });
    rmSync(path2);
    await f2b.client('set', 'one', 'ignoreself', 'true');
    expect((await finder.find('127.0.0.1', never)).matches).toEqual([
      { jail: 'one', entry: null, source: 'unknown', isWhole: true },
    ]);
    await f2b.client('reload');
  });

  it('tells what the allow list keeps there, and leaves it there', async () => {
    const guarded = () => Promise.resolve(new NetworkSet([]));
    const kept = new IgnoreLists(client, host, guarded, (jail) => (jail === 'one' ? ['203.0.113.50'] : []));
    await lists.change({ add: ['203.0.113.50', '203.0.113.51'] }, never);
    const { lists: shownLists } = await kept.list('one', never);
    expect(shownLists[0]?.entries.map(({ entry, source }) => `${entry} ${source}`)).toEqual([
      '203.0.113.50 allowed',
      '203.0.113.51 runtime',
    ]);
    const remove = ['203.0.113.51', '203.0.113.50'];
    await expect(kept.change({ remove, force: true }, never)).rejects.toMatchObject({ code: 'ignore/allowed' });
    expect(await read('one')).toEqual(['203.0.113.50', '203.0.113.51']);
    expect((await kept.change({ jails: ['two'], remove }, never)).outcomes).toHaveLength(2);
    await f2b.client('reload');
  });

  it('refuses nonsense, and takes away what protects somebody only by force', async () => {
    for (const entry of ['1.2.3', 'a b', '; rm -rf /', '0.0.0.0/0', '-x', '%(x)s'])
      await expect(lists.change({ add: [entry] }, never)).rejects.toMatchObject({ code: 'request/invalid' });
    await lists.change({ jails: ['one'], add: ['203.0.113.192/26', '192.0.2.99'] }, never);
    const remove = { jails: ['one'], remove: ['203.0.113.192/26'] };
    await expect(lists.change(remove, never)).rejects.toMatchObject({ code: 'ignore/protected' });
    const own = { jails: ['one'], remove: ['192.0.2.99'], own: ['192.0.2.99'] };
    await expect(lists.change(own, never)).rejects.toMatchObject({ code: 'ignore/protected' });
    expect((await lists.change({ ...remove, force: true }, never)).outcomes).toMatchObject([{ result: 'removed' }]);
    await expect(lists.change({ jails: ['none'], add: ['192.0.2.1'] }, never)).rejects.toMatchObject({
      code: 'jail/unknown',
    });
  });

  it('says which added addresses are still banned', async () => {
    await f2b.client('set', 'one', 'banip', '192.0.2.150');
    const { stillBanned } = await lists.change({ add: ['192.0.2.150', '192.0.2.151'] }, never);
    expect(stillBanned).toEqual([{ jail: 'one', address: '192.0.2.150' }]);
  });

  it('puts the old file back when fail2ban would read something else', async () => {
    // A later file has the last word, so ours cannot be what was asked.
    const later = join(f2b.configDir, 'jail.d', 'zzz.local');
    writeFileSync(later, '[one]\nignoreip = 192.0.2.55\n');
    const result = await lists.change({ jails: ['one'], add: ['192.0.2.56'], permanent: true }, never);
    expect(result).toMatchObject({ isPermanent: false, outcomes: [{ result: 'added' }] });
    expect(result.permanentDetail).toContain('another list for one');
    expect(existsSync(path)).toBe(false);
    rmSync(later);
    const broken = join(f2b.configDir, 'jail.d', 'aa.local');
    writeFileSync(broken, 'nonsense\n');
    const unreadable = await lists.change({ jails: ['one'], add: ['192.0.2.57'], permanent: true }, never);
    expect(unreadable).toMatchObject({ isPermanent: false, permanentDetail: expect.stringContaining('section') });
    rmSync(broken);
  });

  it('touches neither a link nor a file that was changed by hand', async () => {
    const elsewhere = join(f2b.dir, 'elsewhere');
    writeFileSync(elsewhere, 'mine\n');
    symlinkSync(elsewhere, path);
    const linked = await lists.change({ jails: ['one'], add: ['192.0.2.60'], permanent: true }, never);
    expect(linked).toMatchObject({ isPermanent: false });
    expect(readFileSync(elsewhere, 'utf8')).toBe('mine\n');
    rmSync(path);
    writeFileSync(path, '[one]\nbantime = 5\n');
    const edited = await lists.change({ jails: ['one'], add: ['192.0.2.61'], permanent: true }, never);
    expect(edited.permanentDetail).toContain('changed by hand');
    expect(readFileSync(path, 'utf8')).toBe('[one]\nbantime = 5\n');
    rmSync(path);
  });
});
