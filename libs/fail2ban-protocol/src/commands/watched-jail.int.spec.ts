import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { allFail2banVersions, startFail2ban, type Fail2banInstance } from '@bailiff/testing';
import { Fail2banClient } from '../fail2ban-client.js';

describe.each(allFail2banVersions)('jails of any name, fail2ban %s', (version) => {
  let f2b: Fail2banInstance;
  let client: Fail2banClient;

  beforeAll(async () => {
    f2b = await startFail2ban({ version, jails: { demo: { maxretry: 3 } } });
    client = new Fail2banClient({ socketPath: f2b.socketPath });
  });
  afterAll(async () => {
    await client.close();
    await f2b[Symbol.asyncDispose]();
  });

  it('watches jails whatever their names hold', async () => {
    const names = [
      'two words',
      'it\u2019s',
      "it's",
      'q"q',
      '50%',
      '$(id)',
      'x/y',
      'a]b',
      '-x',
      '日本',
      'y'.repeat(300),
    ];
    for (const name of names) {
      await client.request(['add', name, 'polling']);
      await client.request(['start', name]);
      await client.request(['set', name, 'banip', '192.0.2.1']);
      const watched = client.watch(name);
      expect(await watched.statusShort()).toMatchObject({ currentlyBanned: 1 });
      expect(await watched.bansWithTimes()).toEqual([
        expect.objectContaining({ id: '192.0.2.1', durationSeconds: 600 }),
      ]);
      expect([await watched.findtime(), await watched.bantime(), await watched.maxretry()]).toEqual([600, 600, 3]);
      expect(() => client.jail(name)).toThrow(expect.objectContaining({ code: 'jail/invalid-name' }));
    }
    expect((await client.server.status()).jails.toSorted()).toEqual([...names, 'demo'].toSorted());
    for (const name of names) await client.request(['stop', name]);
  });

  it('knows the jails by name also where the list of them can be read two ways', async () => {
    const names = ['a', 'a, b', 'b', ', '];
    for (const name of names) await client.request(['add', name, 'polling']);
    const listed = await client.request(['status']);
    expect(JSON.stringify(listed)).toContain('", , a, a, b, b, demo"');
    expect(await client.server.status()).toEqual({ count: 5, jails: [', ', 'a', 'a, b', 'b', 'demo'] });
    for (const name of names) await client.request(['stop', name]);
  });

  it('asks nothing of a jail whose name is taken for a setting; such a one cannot be told to ban', async () => {
    for (const name of ['dbfile', 'loglevel', 'thread', 'dbpurgeage']) {
      await client.request(['add', name, 'polling']);
      await expect(client.request(['set', name, 'banip', '192.0.2.1'])).rejects.toMatchObject({
        code: 'fail2ban/raised',
      });
      expect(() => client.watch(name)).toThrow(expect.objectContaining({ code: 'jail/invalid-name' }));
      await client.request(['stop', name]);
    }
    await expect(client.request(['add', '--all', 'polling'])).rejects.toMatchObject({ type: 'Exception' });
    for (const name of ['--all', '', 'x<F2B_END_COMMAND>', 'lone\ud800']) {
      expect(() => client.watch(name)).toThrow(expect.objectContaining({ code: 'jail/invalid-name' }));
    }
  });
});
