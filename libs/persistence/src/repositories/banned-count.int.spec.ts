import { beforeAll, describe, expect, it } from '@jest/globals';
import { onBothDatabases } from '../../test/both-databases.spec.js';
import { ban, batch, HOST, hostRow, T0, tickets } from '../../test/rows.spec.js';
import type { Database } from '../database.js';
import { BannedCountRepository } from './banned-count.repository.js';

const QUIET = 'bbbbbbbbbbbbbbbb';
const HOUR = 3_600_000;

onBothDatabases(BannedCountRepository.name, (databases) => {
  let database: Database;
  const note = (atMs: number) => database.withTransaction(({ bannedCounts }) => bannedCounts.note(atMs));
  const course = (filter: { hostIds?: string[]; origins?: string[] } = {}) =>
    database.read.bannedCounts.course({ fromMs: T0, toMs: T0 + 9 * HOUR, ...filter });

  beforeAll(async () => {
    database = await databases.open();
    await database.withTransaction(async ({ hosts }) => {
      await hosts.insert(hostRow());
      await hosts.insert(hostRow({ id: QUIET }));
    });
    await note(T0);
    const store = (...rows: ReturnType<typeof ban>[]) =>
      database.withTransaction(({ ingest }) => ingest.storeBatch(batch([tickets(...rows)])));
    await store(ban('192.0.2.1', T0 + HOUR, { bantimeSeconds: -1 }));
    await note(T0 + HOUR + 1);
    await store(
      ban('192.0.2.2', T0 + HOUR + 2, { bantimeSeconds: -1 }),
      ban('192.0.2.3', T0 + HOUR + 3, { bantimeSeconds: -1, origin: 'manual' }),
    );
    // The last look of an hour counts.
    await note(T0 + 2 * HOUR - 1);
    await note(T0 + 4 * HOUR);
  });

  describe('the course', () => {
    it('has every hour that was noted, those without a ban too', async () => {
      expect(await course()).toEqual([
        { hourMs: T0, count: 0 },
        { hourMs: T0 + HOUR, count: 3 },
        { hourMs: T0 + 4 * HOUR, count: 3 },
      ]);
    });

    it('has the last hour noted of each span that is asked about', async () => {
      const spans = [
        { fromMs: T0, toMs: T0 + 3 * HOUR },
        { fromMs: T0 + 3 * HOUR, toMs: T0 + 4 * HOUR },
        { fromMs: T0 + 4 * HOUR, toMs: T0 + 9 * HOUR },
      ];
      const filter = { fromMs: T0, toMs: T0 + 9 * HOUR };
      expect(await database.read.bannedCounts.course(filter, spans)).toEqual([
        { hourMs: T0 + HOUR, count: 3 },
        { hourMs: T0 + 4 * HOUR, count: 3 },
      ]);
      expect(await database.read.bannedCounts.course({ ...filter, hostIds: [QUIET] }, spans.slice(2))).toEqual([
        { hourMs: T0 + 4 * HOUR, count: 0 },
      ]);
    });

    it('is split by host and origin', async () => {
      const counts = async (filter: Parameters<typeof course>[0]) => (await course(filter)).map(({ count }) => count);
      expect(await counts({ hostIds: [HOST] })).toEqual([0, 3, 3]);
      expect(await counts({ hostIds: [QUIET] })).toEqual([0, 0, 0]);
      expect(await counts({ hostIds: [] })).toEqual([]);
      expect(await counts({ origins: ['manual'] })).toEqual([0, 1, 1]);
      expect(await counts({ origins: ['manual', 'selfblock'], hostIds: [HOST, QUIET] })).toEqual([0, 3, 3]);
    });
  });

  it('forgets what is old', async () => {
    await database.withTransaction(({ bannedCounts }) => bannedCounts.purge(T0 + 4 * HOUR));
    expect(await course()).toEqual([{ hourMs: T0 + 4 * HOUR, count: 3 }]);
  });
});
