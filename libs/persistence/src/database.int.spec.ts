import { setImmediate } from 'node:timers/promises';
import { startPostgres } from '@bailiff/testing';
import { describe, expect, it } from '@jest/globals';
import { onBothDatabases } from '../test/both-databases.spec.js';
import { ban, batch, HOST, hostRow, T0, tickets } from '../test/rows.spec.js';
import { SETUP_STATE_KEY } from './copy-rows.js';
import { Database } from './database.js';
import { DatabaseUnusableError } from './errors/database-unusable.error.js';
import { isUniqueViolation, mapUniqueViolation } from './errors/map-errors.js';
import { UniqueViolationError } from './errors/unique-violation.error.js';
import { testDatabase } from './test-connection.js';

class Stop extends Error {}

onBothDatabases(Database.name, (databases, kind) => {
  it('keeps a whole transaction or nothing of it', async () => {
    const database = await databases.open();
    const failed = database.withTransaction(async ({ settings }) => {
      await settings.set('a', 1, T0);
      throw new Stop();
    });
    await expect(failed).rejects.toThrow(Stop);
    expect(await database.read.settings.get('a')).toBeUndefined();
  });

  it('never lets one caller write into the transaction of another, nor readers see it unfinished', async () => {
    const database = await databases.open();
    const failing = database.withTransaction(async ({ settings }) => {
      await settings.set('mine', 1, T0);
      for (let turn = 0; turn < 20; turn += 1) await setImmediate();
      expect(await database.read.settings.get('mine')).toBeUndefined();
      throw new Stop();
    });
    const others = Array.from({ length: 10 }, (_, index) =>
      database.withTransaction(({ settings }) => settings.set(`other-${index}`, index, T0)),
    );
    await expect(failing).rejects.toThrow(Stop);
    await Promise.all(others);
    expect((await database.read.settings.getMany(['mine', 'other-0', 'other-9'])).size).toBe(2);
  });

  it('joins a transaction that is open already', async () => {
    const database = await databases.open();
    const failed = database.withTransaction(async () => {
      await database.withTransaction(({ settings }) => settings.set('inner', true, T0));
      throw new Stop();
    });
    await expect(failed).rejects.toThrow(Stop);
    expect(await database.read.settings.get('inner')).toBeUndefined();
  });

  it('knows a unique violation', async () => {
    const database = await databases.open();
    await database.withTransaction(({ hosts }) => hosts.insert(hostRow()));
    const again = () => database.withTransaction(({ hosts }) => hosts.insert(hostRow()));
    await expect(mapUniqueViolation(again)).rejects.toThrow(UniqueViolationError);
    const other: unknown = await database.read.manager.query('SELECT nonsense').catch((error: unknown) => error);
    expect(isUniqueViolation(other)).toBe(false);
  });

  it('holds foreign keys, and keeps the archive of a host that is deleted', async () => {
    const database = await databases.open();
    await database.withTransaction(async ({ hosts, ingest }) => {
      await hosts.insert(hostRow());
      await ingest.storeBatch(batch([tickets(ban('192.0.2.1', T0))]));
      await hosts.addAlarm({ hostId: HOST, atMs: T0, code: 'gap', detail: 'x' });
      await hosts.delete(HOST);
    });
    expect(await database.read.activeBans.count({})).toBe(0);
    expect(await database.read.banEvents.lastId()).toBeGreaterThan(0);
    const orphan = database.withTransaction(({ hosts }) =>
      hosts.addAlarm({ hostId: HOST, atMs: T0, code: 'x', detail: '' }),
    );
    await expect(orphan).rejects.toThrow();
  });

  it('lets nobody change or delete the audit log', async () => {
    const database = await databases.open();
    const blank = { address: null, hostId: null, hostName: null, target: null, before: null };
    const id = await database.withTransaction(({ audit }) =>
      audit.begin(
        { ...blank, atMs: T0, actor: 'operator', action: 'ban.apply', correlationId: 'c', after: { n: 1 } },
        'gw',
      ),
    );
    const complete = (result: 'ok' | 'failed') =>
      database.withTransaction(({ audit }) => audit.complete(id, { result, code: null, completedAtMs: T0 + 1 }));
    expect(await complete('ok')).toBe(true);
    expect(await complete('failed')).toBe(false);
    const raw = (sql: string) => database.withTransaction(({ manager }) => manager.query(sql));
    await expect(raw(`UPDATE audit_entry SET actor = 'nobody'`)).rejects.toThrow('append-only');
    await expect(raw('DELETE FROM audit_entry')).rejects.toThrow('append-only');
    expect(await database.read.audit.find(id)).toMatchObject({ result: 'ok', after: { n: 1 }, actor: 'operator' });
  });

  it('finds in the audit log whatever the case', async () => {
    const database = await databases.open();
    const blank = { address: null, hostId: null, hostName: null, before: null, atMs: T0, actor: 'operator' };
    await database.withTransaction(async ({ audit }) => {
      await audit.begin({ ...blank, action: 'ban.apply', target: '192.0.2.1 in SSHD_100%', correlationId: 'c1' }, 'gw');
      await audit.begin({ ...blank, action: 'ban.lift', target: null, correlationId: 'c2' }, 'gw');
    });
    const found = async (q: string) => (await database.read.audit.page({ q }, {})).items.map(({ action }) => action);
    expect(await found('sshd_100%')).toEqual(['ban.apply']);
    expect(await found('OPERATOR')).toEqual(['ban.lift', 'ban.apply']);
    expect(await found('sshdx100')).toEqual([]);
  });

  it('knows which acts wait with which gateway, and strikes off only one that gave no sign since', async () => {
    const database = await databases.open();
    const act = { address: null, hostId: null, hostName: null, target: null, before: null, atMs: T0 };
    const begin = (gateway: string | null) =>
      database.withTransaction(({ audit }) =>
        audit.begin({ ...act, actor: 'operator', action: 'ban.apply', correlationId: 'c' }, gateway),
      );
    const beat = (id: string) => database.withTransaction(({ gateways }) => gateways.beat(id, 'host', T0));
    const strike = (id: string, beats: number | null) =>
      database.withTransaction(({ gateways }) => gateways.strike({ id, beats }));
    const { gateways, audit } = database.read;
    await beat('one');
    await beat('two');
    await beat('two');
    const [first, second] = [await begin('one'), await begin('one')];
    await begin(null);
    await begin('lost');
    expect((await gateways.signs()).toSorted((a, b) => (a.id < b.id ? -1 : 1))).toEqual([
      { id: 'lost', beats: null },
      { id: 'one', beats: 1 },
      { id: 'two', beats: 2 },
    ]);
    expect(await gateways.waitingWith('one', 10)).toEqual([first, second]);
    expect(await gateways.waitingWith('one', 1)).toEqual([first]);
    const end = { result: 'ok', code: null, completedAtMs: T0 } as const;
    await database.withTransaction((all) => all.audit.complete(first, end));
    expect(await gateways.waitingWith('one', 10)).toEqual([second]);
    expect((await audit.find(second))?.result).toBe('pending');
    expect(await strike('two', 1)).toBe(false);
    expect(await strike('two', 2)).toBe(true);
    expect(await strike('lost', null)).toBe(true);
    await beat('lost');
    expect(await strike('lost', null)).toBe(false);
    expect((await gateways.signs()).map(({ id }) => id).sort()).toEqual(['lost', 'one']);
  });

  it('lets exactly one of several use an enrolment token', async () => {
    const database = await databases.open();
    const token = { id: 't', verifierKey: 'k', createdAtMs: T0, expiresAtMs: T0 + 1000, usedAtMs: null, wrongTries: 0 };
    await database.withTransaction(({ enrolmentTokens }) =>
      enrolmentTokens.insert({ ...token, hostId: null, isLocal: false }),
    );
    const race = Array.from({ length: 8 }, (_, index) =>
      database.withTransaction(({ enrolmentTokens }) => enrolmentTokens.use('t', `host-${index}`, T0, 5)),
    );
    expect((await Promise.all(race)).filter(Boolean)).toHaveLength(1);
  });

  it('tries a transaction again that the database undid as two waited for each other', async () => {
    const database = await databases.open();
    for (const key of ['a', 'b']) await database.withTransaction(({ settings }) => settings.set(key, 0, T0));
    let waiting = 0;
    let meet = () => undefined as void;
    const both = new Promise<void>((resolve) => (meet = resolve));
    const swap = (first: string, second: string) =>
      database.withTransaction(async ({ settings }) => {
        await settings.set(first, 1, T0);
        // On SQLite writers take turns, and nobody would come.
        if (kind === 'postgres') {
          if ((waiting += 1) >= 2) meet();
          await both;
        }
        await settings.set(second, 1, T0);
      });
    await Promise.all([swap('a', 'b'), swap('b', 'a')]);
    expect(waiting).toBe(kind === 'postgres' ? 3 : 0);
    expect(await database.read.settings.get('b')).toBe(1);
  });

  it('tells its size and that it answers', async () => {
    const database = await databases.open();
    await database.ping();
    expect(await database.sizeBytes()).toBeGreaterThan(10_000);
  });

  describe('moveTo', () => {
    it('takes everything along, goes on there, and counts on after the last id', async () => {
      const home = await databases.location();
      const database = await Database.open({ sqlitePath: databases.sqlitePath() });
      const result = await database.withTransaction(async ({ hosts, ingest, settings }) => {
        await hosts.insert(hostRow());
        await settings.set('k', { deep: [1] }, T0);
        return ingest.storeBatch(batch([tickets(ban('192.0.2.1', T0, { matches: ['line'] }), ban('192.0.2.2', T0))]));
      });
      let committed = 0;
      await database.moveTo(home, () => Promise.resolve(void (committed += 1)));
      expect([committed, database.kind]).toEqual([1, kind]);
      expect(await database.read.settings.get('k')).toEqual({ deep: [1] });
      expect((await database.read.banEvents.page({}, {})).items.map(({ matches }) => matches)).toEqual([
        null,
        ['line'],
      ]);
      const next = await database.withTransaction(({ ingest }) =>
        ingest.storeBatch(batch([tickets(ban('192.0.2.3', T0))])),
      );
      expect(next.events[0]?.event.id).toBeGreaterThan(result.events[1]?.event.id ?? Infinity);
      await database.close();
    });

    it('can be done again after it was cut short before its commit', async () => {
      const home = await databases.location();
      const database = await Database.open({ sqlitePath: databases.sqlitePath() });
      const blank = { address: null, hostId: null, hostName: null, target: null, before: null };
      await database.withTransaction(async ({ audit, hosts }) => {
        await hosts.insert(hostRow());
        await audit.begin({ ...blank, atMs: T0, actor: 'system', action: 'host.enrol', correlationId: 'c' }, null);
      });
      await expect(database.moveTo(home, () => Promise.reject(new Stop()))).rejects.toThrow(DatabaseUnusableError);
      expect(database.kind).toBe('sqlite');
      expect(await database.read.hosts.find(HOST)).not.toBeNull();
      await database.moveTo(home, () => Promise.resolve());
      expect((await database.read.audit.page({}, {})).items).toHaveLength(1);
      await database.close();
    });

    it('refuses a database that belongs to a finished installation, and goes on where it is', async () => {
      const home = await databases.location();
      const theirs = await Database.open(home);
      await theirs.withTransaction(({ settings }) => settings.set(SETUP_STATE_KEY, 'complete', T0));
      await theirs.close();
      const database = await Database.open({ sqlitePath: databases.sqlitePath() });
      await expect(database.moveTo(home, () => Promise.resolve())).rejects.toThrow('another, finished installation');
      await database.withTransaction(({ settings }) => settings.set('still', 'here', T0));
      await database.close();
    });
  });
});

describe(testDatabase.name, () => {
  it('tells what is wrong with a PostgreSQL in words, and never the password', async () => {
    await using server = await startPostgres();
    const url = new URL(server.url);
    expect((await testDatabase({ databaseUrl: url.href })).detail).toContain('Connected to PostgreSQL');
    const wrong = new URL(url);
    wrong.pathname = '/nope';
    expect(await testDatabase({ databaseUrl: wrong.href })).toEqual({
      ok: false,
      detail: 'The database does not exist.',
    });
    const stranger = new URL(url);
    stranger.username = 'stranger';
    stranger.password = 'hunter2';
    const refused = await testDatabase({ databaseUrl: stranger.href });
    expect(refused.ok).toBe(false);
    expect(refused.detail).not.toContain('hunter2');
  });

  it('tells what is wrong with a path', async () => {
    expect((await testDatabase({ sqlitePath: 'relative.db' })).detail).toBe('Give an absolute path.');
    expect((await testDatabase({ sqlitePath: '/' })).ok).toBe(false);
    expect((await testDatabase({ sqlitePath: '/nope/x.db' })).detail).toBe('The folder does not exist.');
  });
});
