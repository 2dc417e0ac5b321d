import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { allFail2banVersions, eventually, startFail2ban, type Fail2banInstance } from '@bailiff/testing';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { Fail2banClient } from '../fail2ban-client.js';
import fc from 'fast-check';
import { PyObject } from '../codec/py-value.js';
import { END_MARKER } from '../codec/reply-reader.js';
import type { RequestValue } from '../codec/request-writer.js';
import { stringifyReply } from '../codec/stringify.js';
import { UnsupportedCommandError } from '../errors/input.errors.js';
import {
  DuplicateJailError,
  InvalidCommandError,
  InvalidRegexError,
  UnknownJailError,
  UnreadableValueError,
} from '../errors/raised.errors.js';
import { LOG_LEVELS } from '../values/words.js';
import { ServerCommands, type CommandStream } from './server-commands.js';
import { SettingsCommands } from './settings-commands.js';

/** Sends bytes on a connection of their own and waits for the first bytes of the answer. */
async function exchangeRaw(socketPath: string, bytes: Buffer): Promise<Buffer> {
  const socket = connect({ path: socketPath });
  socket.write(bytes);
  const [reply] = (await once(socket, 'data')) as [Buffer];
  socket.destroy();
  return reply;
}

const isOld = (version: string): boolean => version === '1.0.2';

/** A jail made by hand, as a stream. */
const handMade = (name: string): CommandStream => [
  ['add', name, 'polling'],
  ['set', name, 'usedns', 'no'],
  ['multi-set', name, 'addfailregex', ['^fail from <HOST>$', '^also from <HOST>$']],
  ['set', name, 'maxretry', '5'],
  ['start', name],
];

describe.each(allFail2banVersions)('fail2ban %s', (version) => {
  let f2b: Fail2banInstance;
  let client: Fail2banClient;

  beforeAll(async () => {
    f2b = await startFail2ban({ version, jails: { alpha: { maxretry: 3 }, beta: { bantime: -1 } } });
    client = new Fail2banClient({ socketPath: f2b.socketPath });
  });
  afterAll(async () => {
    await client.close();
    await f2b[Symbol.asyncDispose]();
  });

  describe(ServerCommands.name, () => {
    it('answers probes', async () => {
      await client.server.ping();
      expect(await client.server.serverStatus()).toBe('Server ready');
      const running = await client.server.version();
      expect(running.text).toBe(version);
      expect(running.atLeast('1.1.0')).toBe(!isOld(version));
    });

    it('lists the jails', async () => {
      expect(await client.server.status()).toEqual({ count: 2, jails: ['alpha', 'beta'] });
    });

    it('echoes every kind of value', async () => {
      const values = [
        'text',
        '',
        'ü€😀',
        'lone \ud800 half',
        7,
        -1,
        2 ** 31,
        2 ** 40,
        1.5,
        true,
        false,
        null,
        [['x'], []],
      ];
      expect(await client.server.echo(values)).toEqual(values);
      expect(await client.server.echo([{ a: 1, __proto__x: { '': [null] } }])).toEqual([
        { a: 1, __proto__x: { '': [null] } },
      ]);
    });

    it('agrees with Python about any value, both ways', async () => {
      const text = fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)) });
      const { value } = fc.letrec<{ value: RequestValue }>((tie) => ({
        value: fc.oneof(
          { maxDepth: 4 },
          text,
          fc.string({ unit: 'grapheme', minLength: 200, maxLength: 400 }),
          fc.boolean(),
          fc.constant(null),
          fc.maxSafeInteger(),
          fc.double({ noNaN: true, noDefaultInfinity: true }),
          fc.array(tie('value')),
          fc.dictionary(fc.string(), tie('value')),
        ),
      }));
      await fc.assert(
        fc.asyncProperty(fc.array(value), async (values) => {
          expect(await client.server.echo(values)).toEqual(values);
        }),
        { numRuns: 300 },
      );
    });

    it('reads the end marker inside a reply without losing step', async () => {
      // Written textually, `<` can be hidden from the server's own framing of requests.
      const words = ['set', 'alpha', 'action', 'bailiff-record', 'note', `a${String.raw`\u003c`}F2B_END_COMMAND>b`];
      const pickle = `(l${words.map((word) => `V${word}\na`).join('')}.`;
      await exchangeRaw(f2b.socketPath, Buffer.concat([Buffer.from(pickle), END_MARKER]));
      expect(await client.jail('alpha').actions.property('bailiff-record', 'note')).toBe('a<F2B_END_COMMAND>b');
      await client.server.ping();
    });

    it('lists bans over all jails, finds and lifts them', async () => {
      await client.jail('alpha').bans.ban(['192.0.2.1', '192.0.2.2', '2001:DB8::1']);
      await client.jail('beta').bans.ban(['192.0.2.2']);
      const banned = await client.server.banned();
      expect(banned.get('alpha')?.toSorted()).toEqual(['192.0.2.1', '192.0.2.2', '2001:db8::1']);
      expect(banned.get('beta')).toEqual(['192.0.2.2']);
      expect(await client.server.jailsBanning(['192.0.2.2', '192.0.2.9', '2001:db8:0::1'])).toEqual([
        ['alpha', 'beta'],
        [],
        ['alpha'],
      ]);
      expect(await client.server.jailsBanning([])).toEqual([]);
      expect(await client.server.unban(['192.0.2.2', '192.0.2.9'])).toEqual({ requested: 2, changed: 2 });
      expect(await f2b.client('get', 'alpha', 'banned', '192.0.2.2')).toBe('0');
      expect(await client.server.unbanAll()).toBe(2);
      expect(await f2b.client('get', 'alpha', 'banip')).toBe('');
    });

    it('never lets an id be taken for an option', async () => {
      await client.jail('alpha').bans.ban(['192.0.2.3']);
      await expect(client.server.unban(['--all'])).rejects.toMatchObject({ code: 'fail2ban/invalid-value' });
      await expect(client.jail('alpha').bans.unban(['--report-absent'])).rejects.toMatchObject({
        code: 'fail2ban/invalid-value',
      });
      expect(await client.jail('alpha').bans.list()).toEqual(['192.0.2.3']);
      await client.server.unbanAll();
    });

    it('knows stats and the status of all jails from 1.1.0 on', async () => {
      await client.jail('alpha').bans.ban(['192.0.2.4']);
      if (isOld(version)) {
        await expect(client.server.stats()).rejects.toBeInstanceOf(UnsupportedCommandError);
        await expect(client.server.statusAll()).rejects.toMatchObject({ needs: '1.1.0', has: '1.0.2' });
        await expect(client.jail('alpha').stats()).rejects.toMatchObject({ code: 'fail2ban/unsupported-command' });
      } else {
        const stats = await client.server.stats();
        expect([...stats.keys()].sort()).toEqual(['alpha', 'beta']);
        expect(stats.get('alpha')).toMatchObject({ backend: 'polling', currentlyBanned: 1 });
        expect((await client.server.statusAll('basic')).get('alpha')).toMatchObject({ bannedIds: ['192.0.2.4'] });
        expect((await client.server.statusAll()).get('alpha')).not.toHaveProperty('bannedIds');
        expect(await client.jail('alpha').stats()).toEqual(stats.get('alpha'));
      }
      await client.server.unbanAll();
    });

    it('reopens its log and writes into it', async () => {
      expect(await client.server.flushLogs()).toBe('rolled over');
      await client.server.configError('something is wrong here');
      await eventually(async () => {
        const log = await readFile(f2b.logPath, 'utf8');
        expect(log).toContain(`rollover performed on ${f2b.logPath}`);
        expect(log).toContain('something is wrong here');
      });
    });

    it('executes streams and reloads', async () => {
      await client.server.serverStream(handMade('made'));
      expect((await client.server.status()).jails).toContain('made');
      await client.server.reload({ jail: 'made', restart: true, ifExists: true, stream: handMade('made') });
      expect(await client.jail('made').times.maxretry()).toBe(5);
      await client.server.reload({ jail: 'made', unban: true, stream: handMade('made') });
      await client.jails.stop('made');
      await expect(client.server.reload({ jail: 'made', stream: handMade('made') })).rejects.toBeInstanceOf(
        UnknownJailError,
      );
      await client.server.reload({ jail: 'made', ifExists: true, stream: handMade('made') });
      expect((await client.server.status()).jails).toContain('made');
      await client.jails.stop('made');
    });
  });

  describe('JailLifecycleCommands', () => {
    it('adds, starts, idles and stops jails', async () => {
      await client.jails.add('fresh', 'polling');
      await expect(client.jails.add('fresh')).rejects.toBeInstanceOf(DuplicateJailError);
      await expect(client.jails.add('fresh')).rejects.toMatchObject({ jail: 'fresh', kind: 'user' });
      await client.jails.start('fresh');
      await client.jails.setIdle('fresh', true);
      await client.jails.setIdle('fresh', false);
      await client.jails.stop('fresh');
      await expect(client.jails.start('fresh')).rejects.toBeInstanceOf(UnknownJailError);
      await expect(client.jails.add('fresh', 'evil; rm')).rejects.toMatchObject({ code: 'fail2ban/invalid-value' });
    });
  });

  describe(SettingsCommands.name, () => {
    it('reads and writes every global setting', async () => {
      const { settings } = client;
      expect(await settings.loglevel()).toBe('INFO');
      for (const level of LOG_LEVELS) await settings.setLoglevel(level);
      await settings.setLoglevel('INFO');
      expect(await settings.logtarget()).toBe(f2b.logPath);
      await settings.setLogtarget(`${f2b.logPath}[padding=off]`);
      await settings.setLogtarget('STDOUT');
      await settings.setLogtarget(f2b.logPath);
      expect(await f2b.client('get', 'logtarget')).toContain(f2b.logPath);
      expect(await settings.syslogsocket()).toBe('auto');
      await settings.setSyslogsocket('auto');
      expect(await settings.dbfile()).toBe(f2b.databasePath);
      await settings.setDbfile(f2b.databasePath);
      await expect(settings.setDbfile('/nowhere/x.sqlite3')).rejects.toMatchObject({ type: 'RuntimeError' });
      await settings.setDbmaxmatches(7);
      expect(await settings.dbmaxmatches()).toBe(7);
      await settings.setDbpurgeage('2d');
      expect(await settings.dbpurgeage()).toBe(172_800);
      const { stacksize } = await settings.thread();
      await settings.setThread({ stacksize: 64 });
      expect(await settings.thread()).toEqual({ stacksize: 64 });
      expect(await settings.thread()).toEqual({ stacksize: 64 });
      await settings.setThread({ stacksize });
      for (const value of ['auto', 'yes', 'no', 'auto'] as const) await settings.setAllowipv6(value);
      await expect(settings.setLogtarget('/nowhere/at/all.log')).rejects.toMatchObject({ code: 'fail2ban/raised' });
    });
  });

  describe('errors', () => {
    it('names what fail2ban raised', async () => {
      await expect(client.jail('absent').status()).rejects.toBeInstanceOf(UnknownJailError);
      await expect(client.request(['status', 'absent'])).rejects.toMatchObject({
        type: 'UnknownJailException',
        args: ['absent'],
        jail: 'absent',
        code: 'jail/unknown',
      });
      await expect(client.request(['gibberish'])).rejects.toBeInstanceOf(InvalidCommandError);
      await expect(client.request(['get', 'alpha'])).rejects.toMatchObject({ type: 'IndexError' });
      await expect(client.request([])).rejects.toMatchObject({ type: 'IndexError' });
      await expect(client.jail('alpha').filter.addFailregex('(unclosed')).rejects.toBeInstanceOf(InvalidRegexError);
      await expect(client.jail('alpha').filter.addFailregex('no group')).rejects.toBeInstanceOf(InvalidRegexError);
      await expect(client.request(['get', 'alpha', 'action', 'absent', 'x'])).rejects.toMatchObject({
        type: 'KeyError',
      });
      await expect(client.jail('alpha').filter.addLogpath('/nowhere/x.log')).rejects.toMatchObject({
        type: 'FileNotFoundError',
        args: [2, expect.stringContaining('o such file'), '/nowhere/x.log'],
      });
      await expect(client.request(['set', 'alpha', 'addaction', 'x', '/x.py', '{'])).rejects.toMatchObject({
        type: 'JSONDecodeError',
      });
      await client.jail('alpha').increment.setFactor(2);
      await expect(client.request(['get', 'alpha', 'bantime.evformula'])).rejects.toBeInstanceOf(UnreadableValueError);
      await client.jail('alpha').increment.setFactor(null);
    });

    it('gives classes back as names, and never resolves one', async () => {
      const value = await client.jail('alpha').actions.property('bailiff-record', 'ESCAPE_CRE');
      expect(value).toBeInstanceOf(PyObject);
      expect((value as PyObject).className).toBe('re._compile');
      expect(stringifyReply(value)).toMatch(/^\{"\$class":"re\._compile","args":\["/);
    });

    it('never sends sleep, not even inside a stream', async () => {
      await expect(client.request(['sleep', '1'])).rejects.toMatchObject({ code: 'fail2ban/refused-command' });
      await expect(client.server.serverStream([['server-stream', [['sleep', '9']]]])).rejects.toMatchObject({
        code: 'fail2ban/refused-command',
      });
      await expect(client.server.reload({ stream: [['sleep', '9']] })).rejects.toMatchObject({
        code: 'fail2ban/refused-command',
      });
    });

    it('refuses the end marker in requests', async () => {
      await expect(client.request(['echo', 'a<F2B_END_COMMAND>b'])).rejects.toMatchObject({
        code: 'fail2ban/invalid-value',
      });
    });
  });

  it('stops all jails, then the server', async () => {
    await client.server.stopAllJails();
    expect(await client.server.status()).toEqual({ count: 0, jails: [] });
    await client.server.stop();
    await eventually(() => expect(client.isConnected).toBe(false));
    const late = new Fail2banClient({ socketPath: f2b.socketPath, connectPatienceMs: 0 });
    await expect(late.server.ping()).rejects.toMatchObject({ code: 'fail2ban/unreachable', isSent: false });
    await late.close();
  });
});
