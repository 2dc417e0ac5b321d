import { beforeEach, expect, it } from '@jest/globals';
import { onBothDatabases } from '../../test/both-databases.spec.js';
import { ban, batch, HOST, hostRow, T0, tickets } from '../../test/rows.spec.js';
import type { Database } from '../database.js';
import type { BulkJob, BulkPart } from '../entities/index.js';
import { type BulkPartChange, BulkJobRepository } from './bulk-job.repository.js';

const job = (id: string, more: Partial<BulkJob> = {}): BulkJob => ({
  id,
  direction: 'ban',
  state: 'running',
  name: null,
  reason: null,
  durationSeconds: 3_600,
  ownerKind: 'session',
  owner: 'operator',
  createdAtMs: T0,
  startedAtMs: T0,
  endedAtMs: null,
  touchedAtMs: T0,
  entries: 3,
  jails: ['sshd'],
  preview: { entries: 3 },
  ...more,
});
const part = (jobId: string, number: number): BulkPart => ({
  jobId,
  number,
  hostId: HOST,
  hostName: 'web-1',
  jail: 'sshd',
  state: 'sending',
  results: '',
  code: null,
  detail: null,
  heardAtMs: null,
});

onBothDatabases(BulkJobRepository.name, (databases) => {
  let database: Database;
  beforeEach(async () => {
    database = await databases.open();
    await database.withTransaction(async ({ bulk }) => {
      const chunks = [
        { jobId: 'a', kind: 'entries' as const, number: 0, body: '192.0.2.1\n192.0.2.2\n192.0.2.3' },
        { jobId: 'a', kind: 'problems' as const, number: 0, body: '{"line":4}' },
      ];
      await bulk.insert(job('a'), chunks, [part('a', 0), part('a', 1)]);
    });
  });

  it('keeps list, parts and problems', async () => {
    const { bulk } = database.read;
    expect(await bulk.find('a')).toEqual(job('a'));
    expect(await bulk.parts('a')).toEqual([part('a', 0), part('a', 1)]);
    expect(await bulk.chunk('a', 'entries', 0)).toBe('192.0.2.1\n192.0.2.2\n192.0.2.3');
    expect(await bulk.chunk('a', 'entries', 1)).toBeUndefined();
    expect(await bulk.chunk('a', 'problems', 0)).toBe('{"line":4}');
  });

  it('adds results once, whoever tells them how often', async () => {
    const failure = { jobId: 'a', part: 0, fromPosition: 1, toPosition: 2, code: 'jail/unknown', detail: 'no jail' };
    const add = (known: number, letters: string) =>
      database.withTransaction(({ bulk }) =>
        bulk.addResults('a', 0, known, letters, letters === 'df' ? [failure] : []),
      );
    expect(await add(0, 'df')).toBe(true);
    expect(await add(0, 'df')).toBe(false);
    expect(await add(2, 'u')).toBe(true);
    expect((await database.read.bulk.parts('a'))[0]?.results).toBe('dfu');
    expect(await database.read.bulk.failures('a', 0, 1, 3)).toEqual([failure]);
    expect(await database.read.bulk.failures('a', 0, 2, 3)).toEqual([]);
    expect(await database.read.bulk.failures('a', 1, 0, 3)).toEqual([]);
  });

  it('changes a part until it has ended, and keeps text that no database would', async () => {
    const change = (more: Partial<BulkPartChange>) =>
      database.withTransaction(({ bulk }) => bulk.changePart('a', 0, { state: 'running', ...more }));
    expect(await change({ state: 'waiting', detail: 'a\u0000\ud800' })).toBe(true);
    expect((await database.read.bulk.parts('a'))[0]).toMatchObject({ state: 'waiting', detail: 'a\ufffd\ufffd' });
    expect(await change({ state: 'done' })).toBe(true);
    expect(await change({ state: 'waiting' })).toBe(false);
    expect((await database.read.bulk.parts('a'))[0]).toMatchObject({ state: 'done' });
    await database.withTransaction(({ bulk }) => bulk.change('a', ['running'], { reason: 'b\u0000' }));
    expect((await database.read.bulk.find('a'))?.reason).toBe('b\ufffd');
  });

  it('is taken over by one gateway once nobody drives it', async () => {
    const claim = () => database.withTransaction(({ bulk }) => bulk.claim('a', T0 + 1, T0 + 100));
    expect(await database.read.bulk.listAbandoned(T0)).toEqual([]);
    expect(await database.read.bulk.listAbandoned(T0 + 1)).toHaveLength(1);
    expect([await claim(), await claim()]).toEqual([true, false]);
  });

  it('counts what is banned already, and only that', async () => {
    await database.withTransaction(async ({ hosts, ingest }) => {
      await hosts.insert(hostRow());
      await ingest.storeBatch(batch([tickets(ban('192.0.2.1', T0), ban('192.0.2.9', T0))]));
    });
    const { bulk } = database.read;
    const { items } = await database.read.activeBans.page({}, { limit: 5 });
    const jail = items[0]?.jail ?? '';
    expect(await bulk.countBanned([HOST], [jail], ['192.0.2.1', '192.0.2.2'])).toBe(1);
    expect(await bulk.countBanned([HOST], ['other'], ['192.0.2.1'])).toBe(0);
  });

  it('forgets drafts soon and ended jobs later, with all that is theirs', async () => {
    await database.withTransaction(async ({ bulk }) => {
      await bulk.insert(job('draft', { state: 'draft' }), [], []);
      await bulk.insert(job('done', { state: 'done' }), [], [part('done', 0)]);
      expect(await bulk.purge(T0 + 1, T0)).toBe(1);
      expect(await bulk.purge(T0 + 1, T0 + 1)).toBe(1);
    });
    expect((await database.read.bulk.listRecent(5)).map(({ id }) => id)).toEqual(['a']);
    expect(await database.read.bulk.parts('done')).toEqual([]);
  });
});
