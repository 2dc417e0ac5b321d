import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { allFail2banVersions, eventually, startFail2ban, type Fail2banInstance } from '@bailiff/testing';
import fc from 'fast-check';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UnsupportedCommandError } from '../errors/input.errors.js';
import { Fail2banClient } from '../fail2ban-client.js';
import { JailActionsCommands } from './jail-actions-commands.js';
import { JailBansCommands } from './jail-bans-commands.js';
import { JailCommands } from './jail-commands.js';
import { JailFilterCommands } from './jail-filter-commands.js';
import { JailIncrementCommands } from './jail-increment-commands.js';
import { JailTimesCommands } from './jail-times-commands.js';

const pythonAction = `
from fail2ban.server.action import ActionBase
class Action(ActionBase):
  def __init__(self, jail, name, note='', size=0):
    super(Action, self).__init__(jail, name)
    self.note = note
    self.size = size
    self.names = {'a', 'b'}
    self.raw = b'\\x00\\xff'
    self.big = 2**70
  def shout(self, text):
    return text.upper()
  def ban(self, aInfo): pass
  def unban(self, aInfo): pass
`;

describe.each(allFail2banVersions)('fail2ban %s', (version) => {
  let f2b: Fail2banInstance;
  let client: Fail2banClient;
  let jail: JailCommands;

  beforeAll(async () => {
    f2b = await startFail2ban({ version, jails: { demo: { maxretry: 3 } } });
    client = new Fail2banClient({ socketPath: f2b.socketPath });
    jail = client.jail('demo');
  });
  afterAll(async () => {
    await client.close();
    await f2b[Symbol.asyncDispose]();
  });

  describe(JailCommands.name, () => {
    it('tells its status, with and without the banned', async () => {
      await jail.bans.ban(['192.0.2.1', '2001:db8::1']);
      await f2b.appendFailures('demo', '192.0.2.2', 1);
      await eventually(async () =>
        expect(await jail.statusShort()).toMatchObject({ currentlyFailed: 1, totalFailed: 1 }),
      );
      const short = await jail.statusShort();
      expect(short).toMatchObject({ currentlyBanned: 2, logpaths: [f2b.jailLogPath('demo')], journalMatches: [] });
      expect(short).not.toHaveProperty('bannedIds');
      const full = await jail.status();
      expect(full.bannedIds?.toSorted()).toEqual(['192.0.2.1', '2001:db8::1']);
      expect(full).toMatchObject(short);
      await client.server.unbanAll();
    });

    it('speaks of a jail with a name that is too long for a chain of iptables', async () => {
      const long = client.jail('a-jail-whose-name-has-forty-characters.01');
      await client.jails.add(long.name, 'polling');
      await client.jails.start(long.name);
      await long.bans.ban(['192.0.2.1']);
      expect((await client.server.status()).jails).toContain(long.name);
      expect((await client.server.banned()).get(long.name)).toEqual(['192.0.2.1']);
      expect((await long.status()).bannedIds).toEqual(['192.0.2.1']);
      await client.jails.stop(long.name);
    });

    it('refuses names that mean something else on the socket', () => {
      for (const name of ['--all', 'dbfile', '', 'a b', 'x'.repeat(65), '-x', 'a,b', 'ä']) {
        expect(() => client.jail(name)).toThrow(expect.objectContaining({ code: 'jail/invalid-name' }));
      }
    });
  });

  describe(JailBansCommands.name, () => {
    beforeEach(async () => {
      await client.server.unbanAll();
    });

    it('bans, counting what is new, and lifts by any spelling of the address', async () => {
      expect(await jail.bans.ban(['192.0.2.7', '2001:0DB8::0007', '::ffff:192.0.2.8', '198.51.100.9/24'])).toEqual({
        requested: 4,
        changed: 4,
      });
      expect((await jail.bans.listUnsorted()).toSorted()).toEqual([
        '192.0.2.7',
        '192.0.2.8',
        '198.51.100.0/24',
        '2001:db8::7',
      ]);
      expect(await jail.bans.ban(['192.0.2.7'])).toEqual({ requested: 1, changed: 0 });
      expect(await jail.bans.areBanned(['2001:DB8:0::7', '192.0.2.9'])).toEqual([true, false]);
      expect(await jail.bans.areBanned(['192.0.2.7'])).toEqual([true]);
      expect(await jail.bans.unban(['2001:db8::0:7', '198.51.100.77/24', '192.0.2.99'])).toEqual({
        requested: 3,
        changed: 2,
      });
      await eventually(async () =>
        expect(await readFile(f2b.actionLogPath, 'utf8')).toContain('demo ban 198.51.100.0/24'),
      );
    });

    it('uses the very text that fail2ban keeps, for any spelling of any address', async () => {
      const byte = fc.nat({ max: 255 });
      const ipv6 = fc.oneof(
        fc.ipV6(),
        fc.tuple(byte, byte, byte, byte).map((bytes) => `::${bytes.join('.')}`),
      );
      const addresses = fc.sample(fc.oneof(fc.ipV4(), ipv6), { numRuns: 150, seed: 1 });
      await jail.bans.ban(addresses);
      expect(await jail.bans.areBanned(addresses)).toEqual(addresses.map(() => true));
      const stored = await jail.bans.list();
      expect(await jail.bans.unban(addresses)).toMatchObject({ changed: stored.length });
      expect(await jail.bans.list()).toEqual([]);
    });

    it('refuses what is no address, unless text is wanted', async () => {
      await expect(jail.bans.ban(['192.0.2.010'])).rejects.toMatchObject({ code: 'ip/invalid' });
      await expect(jail.bans.ban(['mallory'])).rejects.toMatchObject({ code: 'ip/invalid' });
      await expect(jail.bans.ban([])).rejects.toMatchObject({ code: 'fail2ban/invalid-value' });
      expect(await jail.bans.ban(['mallory 😀 ü'], { allowText: true })).toEqual({ requested: 1, changed: 1 });
      expect(await jail.bans.list()).toEqual(['mallory 😀 ü']);
      expect(await jail.bans.unban(['mallory 😀 ü'])).toEqual({ requested: 1, changed: 1 });
    });

    it('lists bans in the order in which they end, with their times', async () => {
      await jail.times.setBantime(600);
      await jail.bans.ban(['192.0.2.1']);
      await jail.bans.ban(['192.0.2.2']);
      const [first, second] = await jail.bans.listWithTimes();
      expect([first?.id, second?.id].toSorted()).toEqual(['192.0.2.1', '192.0.2.2']);
      expect(first).toMatchObject({ durationSeconds: 600 });
      expect(first?.endsAtLocal).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
      expect((await jail.bans.list()).toSorted()).toEqual(['192.0.2.1', '192.0.2.2']);
      await jail.times.setBantime(-1);
      expect((await jail.bans.listWithTimes())[0]).toEqual({
        id: expect.stringMatching(/^192\.0\.2\.[12]$/),
        bannedAtLocal: expect.stringMatching(/^\d{4}-/),
        durationSeconds: -1,
      });
      await jail.times.setBantime(600);
    });

    it('reports absent ones on request, after lifting the others', async () => {
      await jail.bans.ban(['192.0.2.1', '192.0.2.2']);
      await expect(jail.bans.unbanReportingAbsent(['192.0.2.1', '192.0.2.9'])).rejects.toMatchObject({
        type: 'ValueError',
      });
      expect(await jail.bans.list()).toEqual(['192.0.2.2']);
      expect(await jail.bans.unbanReportingAbsent(['192.0.2.2'])).toBe(1);
    });

    it('counts attempts up to a ban', async () => {
      expect(await jail.bans.attempt('192.0.2.44', ['line one', 'line two', 'line three'])).toBeGreaterThan(0);
      await eventually(async () => expect(await jail.bans.areBanned(['192.0.2.44'])).toEqual([true]));
    });

    it('bans many in parts, and lets a ping through between them', async () => {
      const ids = Array.from({ length: 300 }, (_, i) => `203.0.113.${i % 250}/${i < 250 ? 32 : 31}`);
      const seen: number[] = [];
      const bulk = jail.bans.ban(ids, { onProgress: ({ done }) => seen.push(done) });
      await eventually(() => expect(seen.length).toBeGreaterThan(2));
      await client.server.ping();
      expect(seen.at(-1)).toBeLessThan(300);
      const result = await bulk;
      expect(result.requested).toBe(300);
      expect(seen.at(-1)).toBe(300);
      expect(new Set(await jail.bans.listUnsorted()).size).toBe(result.changed);
    });

    it('stops a bulk ban when told to, and says how far it came', async () => {
      const stop = new AbortController();
      let done = 0;
      const bulk = jail.bans.ban(
        Array.from({ length: 250 }, (_, i) => `203.0.113.${i}`),
        {
          signal: stop.signal,
          onProgress: (progress) => {
            ({ done } = progress);
            stop.abort();
          },
        },
      );
      await expect(bulk).rejects.toMatchObject({ name: 'AbortError' });
      expect(done).toBeGreaterThan(0);
      expect((await jail.bans.list()).length).toBeLessThan(250);
    });
  });

  describe(JailTimesCommands.name, () => {
    it('sets times and counts, and reads them back', async () => {
      const { times } = jail;
      await times.setBantime('1d12h');
      expect(await times.bantime()).toBe(129_600);
      await times.setBantime(-1);
      expect(await times.bantime()).toBe(-1);
      await times.setBantime(600);
      await times.setFindtime('1.5h');
      expect(await times.findtime()).toBe(5_400);
      await times.setFindtime(600);
      await times.setMaxretry(4);
      expect(await times.maxretry()).toBe(4);
      await times.setMaxretry(3);
      await times.setMaxmatches(9);
      expect(await times.maxmatches()).toBe(9);
      await expect(times.setBantime('__import__("os").getpid()')).rejects.toMatchObject({
        code: 'fail2ban/invalid-value',
      });
      await expect(times.setMaxretry(1.5)).rejects.toMatchObject({ code: 'fail2ban/invalid-value' });
    });
  });

  describe(JailIncrementCommands.name, () => {
    it('sets, reads and unsets everything about longer bans', async () => {
      const { increment } = jail;
      expect(await increment.enabled()).toBeNull();
      await increment.setEnabled(true);
      expect(await increment.enabled()).toBe(true);
      await increment.setEnabled(false);
      await increment.setFactor(1.5);
      expect(await increment.factor()).toBe('1.5');
      const formula = 'ban.Time * (1<<(ban.Count if ban.Count<20 else 20)) * banFactor';
      await increment.setFormula(formula);
      expect(await increment.formula()).toBe(formula);
      await expect(increment.setFormula('ban.Time *')).rejects.toMatchObject({ type: 'SyntaxError' });
      expect(await increment.formula()).toBeNull();
      await increment.setMultipliers([1, 2, 4]);
      expect(await increment.multipliers()).toBe('1 2 4');
      expect(await increment.evmultipliers()).toEqual([1, 2, 4]);
      await increment.setMultipliers(null);
      expect(await increment.evmultipliers()).toEqual([]);
      await increment.setMaxtime('5w');
      expect(await increment.maxtime()).toBe(3_024_000);
      await increment.setRndtime(60);
      expect(await increment.rndtime()).toBe(60);
      for (const value of [true, false]) {
        await increment.setOveralljails(value);
        expect(await increment.overalljails()).toBe(value);
      }
      await increment.setMaxtime(null);
      await increment.setRndtime(null);
      await increment.setFactor(null);
      expect([await increment.maxtime(), await increment.rndtime(), await increment.factor()]).toEqual([
        null,
        null,
        null,
      ]);
      await expect(increment.setFormula('exec("1")')).rejects.toMatchObject({ code: 'fail2ban/invalid-value' });
    });
  });

  describe(JailActionsCommands.name, () => {
    it('adds, describes, changes and removes shell actions', async () => {
      const { actions } = jail;
      expect(await actions.names()).toEqual(['bailiff-record']);
      await actions.add('extra');
      await expect(actions.add('extra')).rejects.toMatchObject({ type: 'ValueError' });
      await actions.setProperty('extra', 'actionban', 'true "<ip>"');
      expect(await actions.property('extra', 'actionban')).toBe('true "<ip>"');
      await actions.setProperty('extra', 'timeout', '2m');
      expect(await actions.property('extra', 'timeout')).toBe(120);
      await actions.setMany('extra', { actionunban: 'true', note: 'x' });
      expect(await actions.property('extra', 'note')).toBe('x');
      expect(await actions.properties('extra')).toEqual(expect.arrayContaining(['actionban', 'note', 'timeout']));
      expect(await actions.methods('extra')).toEqual(expect.arrayContaining(['ban', 'start', 'unban']));
      await actions.call('extra', 'start');
      await actions.remove('extra');
      expect(await actions.names()).toEqual(['bailiff-record']);
      await expect(actions.setProperty('x', 'bantime', '1')).rejects.toMatchObject({ code: 'fail2ban/invalid-value' });
      await expect(actions.names({ timeoutMs: 5_000 })).resolves.toHaveLength(1);
    });

    it('adds actions written in Python, and reads values that only they have', async () => {
      const { actions } = jail;
      const file = join(f2b.dir, 'shouting.py');
      await writeFile(file, pythonAction);
      await actions.addPython('shouting', file, { note: 'hello', size: 3 });
      expect(await actions.property('shouting', 'note')).toBe('hello');
      expect(await actions.property('shouting', 'size')).toBe(3);
      expect(await actions.call('shouting', 'shout', { text: 'quiet' })).toBe('QUIET');
      expect(((await actions.property('shouting', 'names')) as string[]).toSorted()).toEqual(['a', 'b']);
      expect(await actions.property('shouting', 'raw')).toEqual(Uint8Array.of(0, 255));
      expect(await actions.property('shouting', 'big')).toBe(2n ** 70n);
      await actions.remove('shouting');
    });
  });

  describe(JailFilterCommands.name, () => {
    it('watches log files', async () => {
      const { filter } = jail;
      const own = f2b.jailLogPath('demo');
      const more = join(f2b.dir, 'more.log');
      await writeFile(more, '');
      expect(await filter.logpath()).toEqual([own]);
      expect((await filter.addLogpath(more, 'tail')).toSorted()).toEqual([own, more].toSorted());
      expect(await filter.removeLogpath(more)).toEqual([own]);
      expect(await filter.removeLogpath(more)).toEqual([own]);
      await expect(filter.addLogpath('relative.log')).rejects.toMatchObject({ code: 'fail2ban/invalid-value' });
    });

    it('says that a jail with files takes no journal matches', async () => {
      expect(await jail.filter.journalmatch()).toEqual([]);
      await expect(jail.filter.addJournalmatch(['_SYSTEMD_UNIT=ssh.service'])).rejects.toMatchObject({
        code: 'fail2ban/not-applied',
      });
      expect(await jail.filter.removeJournalmatch(['_SYSTEMD_UNIT=ssh.service'])).toEqual([]);
    });

    it('adds and removes regexes', async () => {
      const { filter } = jail;
      const before = await filter.failregex();
      expect(before.join()).not.toContain('<HOST>');
      expect(await filter.addFailregex('^extra <HOST>$')).toHaveLength(before.length + 1);
      await filter.addFailregexes(['^two <HOST>$', '^three <HOST>$']);
      expect(await filter.failregex()).toHaveLength(before.length + 3);
      for (let i = 3; i > 0; i--)
        expect(await filter.removeFailregex(before.length)).toHaveLength(before.length + i - 1);
      await expect(filter.removeFailregex(99)).rejects.toMatchObject({ code: 'fail2ban/invalid-value' });
      expect(await filter.addIgnoreregex('^never <HOST>$')).toHaveLength(1);
      await filter.addIgnoreregexes(['^nor <HOST>$', '^nor so <HOST>$']);
      expect(await filter.ignoreregex()).toHaveLength(3);
      for (let left = 2; left >= 0; left--) expect(await filter.removeIgnoreregex(0)).toHaveLength(left);
      expect(await filter.prefregex()).toBe('');
      expect(await filter.setPrefregex('^<F-CONTENT>.+</F-CONTENT>$')).not.toBe('');
      expect(await filter.setPrefregex('')).toBe('');
    });

    it('sets how lines are read', async () => {
      const { filter } = jail;
      await filter.setUsedns('raw');
      expect(await filter.usedns()).toBe('raw');
      await filter.setUsedns('no');
      expect(await filter.logencoding()).not.toBe('');
      expect(await filter.setLogencoding('latin-1')).toBe('latin-1');
      await filter.setLogencoding('auto');
      await expect(filter.setLogencoding('no-such-codec')).rejects.toMatchObject({ type: 'LookupError' });
      expect(await filter.datepattern()).toMatchObject({ name: expect.stringMatching(/.+/) });
      expect(await filter.setDatepattern('%Y-%m-%d %H:%M:%S')).toMatchObject({ pattern: '%Y-%m-%d %H:%M:%S' });
      expect(await filter.logtimezone()).toBeNull();
      for (const zone of ['UTC+0200', 'GMT-0100', 'Z']) {
        await filter.setLogtimezone(zone);
        expect(await filter.logtimezone()).toBe(zone);
      }
      await filter.setMaxlines(3);
      expect(await filter.maxlines()).toBe(3);
      await filter.setMaxlines(1);
    });

    it('keeps the ignore list in whatever spelling', async () => {
      const { filter } = jail;
      const list = await filter.addIgnoreip(['192.0.2.1', '198.51.100.7/24', '2001:DB8::1', 'host.example']);
      expect(list.toSorted()).toEqual(['192.0.2.1', '198.51.100.0/24', '2001:db8::1', 'host.example']);
      expect(await filter.ignoreip()).toHaveLength(4);
      expect(await filter.removeIgnoreip('2001:db8:0::1')).toHaveLength(3);
      expect(await filter.removeIgnoreip('198.51.100.0/24')).toHaveLength(2);
      expect(await filter.removeIgnoreip('host.example')).toEqual(['192.0.2.1']);
      await expect(filter.removeIgnoreip('192.0.2.99')).rejects.toMatchObject({ type: 'ValueError' });
      await expect(filter.addIgnoreip(['192.0.2.1/33'])).rejects.toMatchObject({ code: 'fail2ban/invalid-value' });
      await expect(filter.addIgnoreip(['192.0.2.300'])).rejects.toMatchObject({ code: 'fail2ban/invalid-value' });
      expect(await filter.removeIgnoreip('192.0.2.1')).toEqual([]);
    });

    it('takes files of addresses from 1.1.1 on', async () => {
      const file = join(f2b.dir, 'ignored.txt');
      await writeFile(file, '192.0.2.200\n');
      if (version !== '1.1.1') {
        await expect(jail.filter.addIgnoreipFile(file)).rejects.toBeInstanceOf(UnsupportedCommandError);
        return;
      }
      expect(await jail.filter.addIgnoreipFile(file)).toEqual([`file:${file}`]);
      expect(await jail.bans.attempt('192.0.2.200')).toBe(0);
      expect(await jail.filter.ignoreip()).toEqual([`file:${file}`]);
      expect(await jail.filter.removeIgnoreip(`file:${file}`)).toEqual([]);
    });

    it('sets whom else to ignore', async () => {
      const { filter } = jail;
      await filter.setIgnoreself(true);
      expect(await filter.ignoreself()).toBe(true);
      await filter.setIgnoreself(false);
      await filter.setIgnorecommand('/bin/false <ip>');
      expect(await filter.ignorecommand()).toBe('/bin/false <ip>');
      await filter.setIgnorecommand('');
      expect(await filter.ignorecommand()).toBe('');
      expect(await filter.ignorecache()).toBeNull();
      const cache = { key: '<ip>', maxCount: 50, maxTimeSeconds: 120 };
      await filter.setIgnorecache(cache);
      expect(await filter.ignorecache()).toEqual(cache);
      await filter.setIgnorecache(null);
      expect(await filter.ignorecache()).toBeNull();
    });
  });
});
