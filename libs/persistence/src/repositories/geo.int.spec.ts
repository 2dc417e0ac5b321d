import { beforeEach, expect, it } from '@jest/globals';
import { onBothDatabases } from '../../test/both-databases.spec.js';
import { ban, batch, hostRow, T0, tickets, unban } from '../../test/rows.spec.js';
import type { Database } from '../database.js';
import { GeoAddress } from '../entities/index.js';
import { GeoRepository, type ResolvedAddress } from './geo.repository.js';

const DAY_MS = 86_400_000;
const [FIRST, SECOND] = ['198.51.100.1', '198.51.100.2'];
const RANGE = { fromMs: T0 - 365 * DAY_MS, toMs: T0 + 365 * DAY_MS };

onBothDatabases(GeoRepository.name, (databases) => {
  let database: Database;
  const entry = (address: string, country: string | null, asn: number | null): ResolvedAddress => ({
    address,
    country,
    asn,
    rir: 'ARIN',
  });
  const resolve = (entries: ResolvedAddress[], nowMs: number, asNames = [{ asn: 64_500, name: 'Example' }]) =>
    database.withTransaction(({ geo }) => geo.resolve({ entries, asNames, dataVersion: 'v1' }, nowMs));
  const top = (dimension: 'country' | 'asn' | 'country_jail') => database.read.rollups.top(RANGE, dimension, 9);
  const archived = async () => {
    const { items } = await database.read.banEvents.page({}, { limit: 99, sort: 'at' });
    return items.map(({ atMs, country, asn }) => [(atMs - T0) / DAY_MS, country, asn]);
  };

  beforeEach(async () => {
    database = await databases.open();
    await database.withTransaction(async ({ hosts, manager, ingest }) => {
      await hosts.insert(hostRow());
      // Documentation addresses count as reserved and are never asked for; known beforehand, they are like any other.
      const waiting = { country: null, asn: null, rir: null, dataVersion: null, resolvedAtMs: null, lastSeenAtMs: T0 };
      await manager.insert(
        GeoAddress,
        [FIRST, SECOND].map((address) => ({ address, ...waiting })),
      );
      const steps = [
        tickets(
          ban(FIRST, T0 - 100 * DAY_MS),
          unban(FIRST, T0 - 99 * DAY_MS),
          ban(FIRST, T0 - DAY_MS, { bantimeSeconds: -1 }),
          ban(SECOND, T0 - DAY_MS),
        ),
      ];
      await ingest.storeBatch(batch(steps, { nowMs: T0 }));
    });
  });

  it('stores what the worker said, with names kept once, and hands it out', async () => {
    await resolve([entry(FIRST, 'US', 64_500), entry(SECOND, null, null)], T0);
    expect(await database.read.geo.find([FIRST, '192.0.2.77'])).toEqual([
      {
        address: FIRST,
        country: 'US',
        asn: 64_500,
        rir: 'ARIN',
        dataVersion: 'v1',
        resolvedAtMs: T0,
        lastSeenAtMs: T0,
      },
    ]);
    await resolve([entry(FIRST, 'US', 64_500)], T0, [{ asn: 64_500, name: 'Renamed\u0000' }]);
    expect(await database.read.geo.asNames([64_500, 64_501])).toEqual(new Map([[64_500, 'Renamed\uFFFD']]));
    expect(await database.read.geo.asNames([])).toEqual(new Map());
  });

  it('writes country and network into every ban that has none', async () => {
    await resolve([entry(FIRST, 'US', 4_294_967_295)], T0);
    expect(await top('country')).toEqual([
      { key: 'US', bans: 2 },
      { key: '', bans: 1 },
    ]);
    expect(await top('asn')).toEqual([
      { key: '4294967295', bans: 2 },
      { key: '', bans: 1 },
    ]);
    const later = await database.withTransaction(({ ingest }) =>
      ingest.storeBatch(batch([tickets(ban(FIRST, T0))], { nowMs: T0 })),
    );
    expect(later.events[0]?.event).toMatchObject({ country: 'US', asn: 4_294_967_295 });
  });

  it('puts recent bans right when better data say otherwise, moves the counts, and leaves old bans as they were', async () => {
    await resolve([entry(FIRST, 'US', 64_500)], T0);
    await resolve([entry(FIRST, 'CH', 64_501)], T0);
    expect(await archived()).toEqual([
      [-100, 'US', 64_500],
      [-99, 'US', 64_500],
      [-1, 'CH', 64_501],
      [-1, null, null],
    ]);
    const { items } = await database.read.activeBans.page({}, { limit: 9, sort: 'address' });
    expect(items.map(({ address, country }) => [address, country])).toEqual([[FIRST, 'CH']]);
    for (const [asn, bans] of [
      [64_501, 1],
      [64_500, 0],
    ] as const) {
      expect((await database.read.activeBans.page({ asn }, { limit: 9 })).items).toHaveLength(bans);
      expect(await database.read.activeBans.count({ asn, country: 'CH' })).toBe(bans);
    }
    expect((await top('country')).toSorted((a, b) => (a.key < b.key ? -1 : 1))).toEqual([
      { key: '', bans: 1 },
      { key: 'CH', bans: 1 },
      { key: 'US', bans: 1 },
    ]);
    expect((await top('country_jail')).map(({ key }) => key).toSorted()).toEqual([' sshd', 'CH sshd', 'US sshd']);
    expect((await top('asn')).map(({ key }) => key).toSorted()).toEqual(['', '64500', '64501']);
    expect(await database.read.rollups.total(RANGE)).toBe(3);
  });

  it('forgets nothing of a ban when newer data know nothing of its address', async () => {
    await resolve([entry(FIRST, 'US', 64_500)], T0);
    await resolve([entry(FIRST, null, null)], T0);
    expect((await archived()).filter(([, country]) => country === 'US')).toHaveLength(3);
    expect((await database.read.geo.find([FIRST]))[0]).toMatchObject({ country: null, asn: null });
  });

  it('walks all addresses in slices, counts them, and forgets unused ones that are not banned', async () => {
    expect(await database.read.geo.counts()).toEqual({ known: 0, waiting: 2 });
    await resolve([entry(FIRST, 'US', 64_500)], T0);
    expect(await database.read.geo.counts()).toEqual({ known: 1, waiting: 1 });
    expect((await database.read.geo.slice('', 1)).map(({ address }) => address)).toEqual([FIRST]);
    expect((await database.read.geo.slice(FIRST, 9)).map(({ address }) => address)).toEqual([SECOND]);
    expect(await database.withTransaction(({ geo }) => geo.purge(T0))).toBe(0);
    expect(await database.withTransaction(({ geo }) => geo.purge(T0 + 1))).toBe(1);
    expect((await database.read.geo.find([FIRST, SECOND])).map(({ address }) => address)).toEqual([FIRST]);
    const lifted = batch([tickets(unban(FIRST, T0))], { nowMs: T0 });
    await database.withTransaction(({ ingest }) => ingest.storeBatch(lifted));
    expect(await database.withTransaction(({ geo }) => geo.purge(T0 + 1))).toBe(1);
  });
});
