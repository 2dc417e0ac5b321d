import { beforeEach, expect, it } from '@jest/globals';
import { onBothDatabases } from '../../test/both-databases.spec.js';
import { batch, HOST, hostRow, T0, tickets } from '../../test/rows.spec.js';
import { ArchiveCount } from '../archive/archive-count.js';
import type { Database } from '../database.js';
import { BanEvent, GeoAddress, Offender, OffenderJail } from '../entities/index.js';
import type { IngestTicket } from '../ingest/ingest-batch.js';
import { DAY_MS, dayOf, HOUR_MS, hourOf, piecesOf, withShortEnds } from './calendar.js';
import { placeBans } from './place-bans.js';
import { type RollupDimension, type RollupFilter, RollupRepository } from './rollup.repository.js';

const HOSTS = [HOST, 'bbbbbbbbbbbbbbbb', 'cccccccccccccccc'];
const JAILS = ['sshd', 'nginx', 'a b'];
const ORIGINS = ['selfblock', 'manual', 'blocklist'];
const COUNTRIES = ['CH', 'US', null];
const DIMENSIONS: RollupDimension[] = ['jail', 'country', 'asn', 'host', 'origin', 'country_jail'];
/** From the end of one year over several months of the next. */
const SPAN_MS = 100 * DAY_MS;

/** The same numbers for the same seed. @see github.com/bryc/code, mulberry32 */
function randomOf(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

onBothDatabases(RollupRepository.name, (databases) => {
  let database: Database;
  beforeEach(async () => {
    database = await databases.open();
    await database.withTransaction(async ({ hosts }) => {
      for (const id of HOSTS) await hosts.insert(hostRow({ id }));
    });
  });

  const events = () => database.read.manager.find(BanEvent);

  it.each([1, 2, 3])('counts what the archive holds, whatever comes in which order (%d)', async (seed) => {
    const random = randomOf(seed);
    const addressOf = (n: number) => (n % 5 === 0 ? `2001:db8::${n}` : `198.51.100.${n}`);
    await database.withTransaction(({ manager }) =>
      manager.insert(
        GeoAddress,
        Array.from({ length: 10 }, (_, n) => ({
          ...{ address: addressOf(n), country: 'DE', asn: 64_500, rir: null, resolvedAtMs: T0, lastSeenAtMs: T0 },
        })),
      ),
    );
    let purgedBeforeMs = 0;
    for (let round = 0; round < 30; round += 1) {
      const act = random(10);
      if (act === 0) {
        purgedBeforeMs = Math.max(purgedBeforeMs, T0 - 20 * DAY_MS + random(SPAN_MS / 2));
        await purge(purgedBeforeMs, 1 + random(40));
      } else if (act < 4) {
        const places = Array.from({ length: 8 }, () => ({
          address: addressOf(random(60)),
          country: COUNTRIES[random(3)] ?? null,
          asn: random(2) === 0 ? null : 64_496 + random(3),
        }));
        await database.withTransaction(({ manager }) => placeBans(manager, places));
      } else {
        const rows = Array.from({ length: 40 }, (): IngestTicket => ({
          kind: random(4) === 0 ? 'unban' : 'ban',
          jail: JAILS[random(3)] ?? '',
          address: addressOf(random(60)),
          // Few different times, so that the same event often comes again.
          atMs: T0 - 20 * DAY_MS + random(4) * HOUR_MS + random(SPAN_MS / DAY_MS) * DAY_MS,
          origin: ORIGINS[random(3)] ?? '',
        }));
        await database.withTransaction(({ ingest }) =>
          ingest.storeBatch(
            batch([tickets(...rows.slice(20)), tickets(...rows)], { hostId: HOSTS[random(3)] ?? HOST }),
          ),
        );
      }
    }
    await check(random);
  });

  async function purge(beforeMs: number, slice: number): Promise<void> {
    const request = { jobId: `job ${beforeMs} ${slice}`, reason: 'asked', actor: 'operator', beforeMs } as const;
    const begun = await database.withTransaction(({ archivePurge }) => archivePurge.begin(request, T0));
    expect(begun?.total).toBe((await events()).filter(({ atMs }) => atMs < beforeMs).length);
    for (let state = begun?.state; state === 'running';)
      state = (await database.withTransaction(({ archivePurge }) => archivePurge.slice(request.jobId, slice, T0)))
        ?.state;
    expect((await events()).filter(({ atMs }) => atMs < beforeMs)).toEqual([]);
  }

  async function check(random: (below: number) => number): Promise<void> {
    const stored = await events();
    expect(stored.length).toBeGreaterThan(50);
    const { rollups } = database.read;
    for (let question = 0; question < 40; question += 1) {
      const fromMs = T0 - 30 * DAY_MS + random(SPAN_MS);
      const filter: RollupFilter = {
        fromMs: random(3) === 0 ? dayOf(fromMs) : fromMs,
        toMs: fromMs + random(2 * SPAN_MS),
        hostIds: random(2) === 0 ? undefined : HOSTS.slice(random(3)),
        origins: random(2) === 0 ? undefined : ORIGINS.slice(random(3)),
      };
      const counted = stored.filter(
        ({ kind, atMs, hostId, origin }) =>
          kind === 'ban' &&
          atMs >= filter.fromMs &&
          atMs < filter.toMs &&
          (filter.hostIds?.includes(hostId) ?? true) &&
          (filter.origins?.includes(origin) ?? true),
      );
      expect(await rollups.total(filter)).toBe(counted.length);
      for (const dimension of DIMENSIONS) {
        const expected = Map.groupBy(counted, (event) => keyOf(event, dimension));
        const top = await rollups.top(filter, dimension, 1000);
        expect(new Map(top.map(({ key, bans }) => [key, bans]))).toEqual(
          new Map(Array.from(expected, ([key, list]) => [key, list.length])),
        );
        expect(top.map(({ bans }) => bans)).toEqual(top.map(({ bans }) => bans).sort((a, b) => b - a));
        const step = random(2) === 0 ? 'hour' : 'day';
        const cut = random(24);
        const cutOf = (dayMs: number) => (random(5) === 0 && dayMs > T0 ? undefined : cut);
        const cutStart = (atMs: number) => dayOf(atMs - cut * HOUR_MS) + cut * HOUR_MS;
        const cutDays = Map.groupBy(counted, (event) => `${cutStart(event.atMs)} ${keyOf(event, dimension)}`);
        const cutSums = new Map<string, number>();
        for (const { atMs, key, bans } of await rollups.series(filter, dimension, cutOf)) {
          const id = `${cutStart(atMs)} ${key}`;
          cutSums.set(id, (cutSums.get(id) ?? 0) + bans);
        }
        expect(cutSums).toEqual(new Map(Array.from(cutDays, ([key, list]) => [key, list.length])));
        const steps = Map.groupBy(
          counted,
          (event) => `${step === 'hour' ? hourOf(event.atMs) : dayOf(event.atMs)} ${keyOf(event, dimension)}`,
        );
        const series = await rollups.series(filter, dimension, step);
        expect(new Map(series.map(({ atMs, key, bans }) => [`${atMs} ${key}`, bans]))).toEqual(
          new Map(Array.from(steps, ([key, list]) => [key, list.length])),
        );
      }
    }
    await checkTotals(stored, random);
    await checkOffenders(stored.filter(({ kind }) => kind === 'ban'));
    const hours = Array.from({ length: 24 }, (_, hour) => `h${hour}`);
    for (const [table, sum] of [
      ['ban_rollup', 'bans'],
      ['day_hours', hours.join(' + ')],
    ] as const) {
      const [left] = await database.read.manager.query<{ n: number }[]>(
        `SELECT count(*) AS n FROM ${table} WHERE ${sum} <= 0`,
      );
      expect(Number(left?.n)).toBe(0);
    }
  }

  async function checkTotals(stored: readonly BanEvent[], random: (below: number) => number): Promise<void> {
    for (let question = 0; question < 60; question += 1) {
      const filter = {
        jail: random(2) === 0 ? undefined : JAILS[random(3)],
        country: random(2) === 0 ? undefined : (['CH', 'US', 'DE'] as const)[random(3)],
        kind: random(2) === 0 ? undefined : (['ban', 'unban'] as const)[random(2)],
        hostIds: random(2) === 0 ? undefined : HOSTS.slice(random(3)),
        origins: random(2) === 0 ? undefined : ORIGINS.slice(random(3)),
        fromMs: random(2) === 0 ? undefined : T0 + random(SPAN_MS),
      };
      const matched = stored.filter(
        (event) =>
          (filter.jail ?? event.jail) === event.jail &&
          (filter.country ?? event.country) === event.country &&
          (filter.kind ?? event.kind) === event.kind &&
          (filter.hostIds?.includes(event.hostId) ?? true) &&
          (filter.origins?.includes(event.origin) ?? true) &&
          event.atMs >= (filter.fromMs ?? 0),
      );
      expect(await database.read.banEvents.total(filter)).toBe(matched.length);
      // So many of a network that no look at the archive could tell.
      const { hostIds, origins } = filter;
      const system = { hostIds, origins, kind: 'ban', asn: 64_500, fromMs: dayOf(filter.fromMs ?? T0) } as const;
      const few = stored.filter(
        (event) =>
          event.kind === 'ban' &&
          event.asn === system.asn &&
          event.atMs >= system.fromMs &&
          (hostIds?.includes(event.hostId) ?? true) &&
          (origins?.includes(event.origin) ?? true),
      );
      expect(await new ArchiveCount(database.read.manager, 1).total(system)).toBe(few.length);
    }
  }

  async function checkOffenders(bans: readonly BanEvent[]): Promise<void> {
    const byAddress = Map.groupBy(bans, ({ address }) => address);
    const offenders = await database.read.manager.find(Offender);
    expect(offenders).toHaveLength(byAddress.size);
    for (const { address, bans: count, firstAtMs, lastAtMs } of offenders) {
      const times = (byAddress.get(address) ?? []).map(({ atMs }) => atMs);
      expect([count, firstAtMs, lastAtMs]).toEqual([times.length, Math.min(...times), Math.max(...times)]);
    }
    const byJail = Map.groupBy(bans, ({ addressSort, hostId, jail }) => `${addressSort} ${hostId} ${jail}`);
    const rows = await database.read.manager.find(OffenderJail);
    expect(new Map(rows.map((row) => [`${row.addressSort} ${row.hostId} ${row.jail}`, row.bans]))).toEqual(
      new Map(Array.from(byJail, ([key, list]) => [key, list.length])),
    );
  }

  it('does not store again what was deleted, for the hosts of then', async () => {
    const store = (hostId: string, atMs: number) =>
      database.withTransaction(({ ingest }) =>
        ingest.storeBatch(batch([tickets({ kind: 'ban', jail: 'sshd', address: '192.0.2.1', atMs })], { hostId })),
      );
    await store(HOST, T0);
    await purge(T0 + 5000, 10);
    await database.withTransaction(({ hosts }) => hosts.insert(hostRow({ id: 'dddddddddddddddd' })));
    expect((await store(HOST, T0)).events).toEqual([]);
    expect((await store('dddddddddddddddd', T0)).events).toHaveLength(1);
    expect((await store(HOST, T0 + 5000)).events).toHaveLength(1);
  });

  it('deletes one thing at a time, until it is cancelled, and lets another copy go on', async () => {
    const request = { jobId: 'a', reason: 'asked', actor: 'operator', beforeMs: T0 + DAY_MS } as const;
    const rows = Array.from(
      { length: 10 },
      (_, n) => ({ kind: 'ban', jail: 'sshd', address: `192.0.2.${n}`, atMs: T0 }) as const,
    );
    await database.withTransaction(({ ingest }) => ingest.storeBatch(batch([tickets(...rows)])));
    const inOne = <T>(work: (purge: Database['read']['archivePurge']) => Promise<T>) =>
      database.withTransaction(({ archivePurge }) => work(archivePurge));
    await inOne((it) => it.begin(request, T0));
    expect(await inOne((it) => it.begin({ ...request, jobId: 'b' }, T0))).toBeUndefined();
    expect(await inOne((it) => it.slice('a', 4, T0))).toMatchObject({ deleted: 4, total: 10, state: 'running' });
    expect(await inOne((it) => it.takeOver(T0 + 1000))).toBeUndefined();
    expect(await inOne((it) => it.takeOver(T0 + 60_000))).toMatchObject({ jobId: 'a' });
    expect(await inOne((it) => it.cancel('a', T0))).toMatchObject({ state: 'cancelled', deleted: 4 });
    expect(await inOne((it) => it.slice('a', 4, T0))).toBeUndefined();
    expect(await inOne((it) => it.facts())).toEqual({ rows: 6, oldestAtMs: T0, newestAtMs: T0 });
    expect(await inOne((it) => it.begin({ ...request, jobId: 'b' }, T0))).toMatchObject({ deleted: 0, total: 6 });
  });
});

function keyOf(event: BanEvent, dimension: RollupDimension): string {
  const keys = {
    jail: event.jail,
    country: event.country ?? '',
    asn: String(event.asn ?? ''),
    host: event.hostId,
    origin: event.origin,
    country_jail: `${event.country ?? ''} ${event.jail}`,
  };
  return keys[dimension];
}

it('reads the shorter part of a day or month that is cut, and counts every moment once', () => {
  const random = randomOf(11);
  for (let round = 0; round < 300; round += 1) {
    const fromMs = random(40 * DAY_MS);
    const toMs = fromMs + random(random(2) === 0 ? DAY_MS : 40 * DAY_MS);
    const nowMs = random(60 * DAY_MS);
    const coarsest = random(2) === 0 ? 'day' : 'month';
    const pieces = withShortEnds(piecesOf(fromMs, toMs, coarsest, false), coarsest, nowMs);
    for (const probe of Array.from({ length: 50 }, () => random(80 * DAY_MS))) {
      const weight = pieces
        .filter((piece) => piece.fromMs <= probe && probe < piece.toMs)
        .reduce((sum, { sign }) => sum + sign, 0);
      expect(weight).toBe(Number(fromMs <= probe && probe < toMs));
    }
    const read = pieces.filter(({ from }) => from === 'event');
    const past = read.reduce((sum, piece) => sum + Math.max(0, Math.min(piece.toMs, nowMs) - piece.fromMs), 0);
    expect(past).toBeLessThanOrEqual(DAY_MS);
  }
});

it('cuts ranges into whole months, days, hours and what is left, once each', () => {
  const random = randomOf(9);
  for (let round = 0; round < 500; round += 1) {
    const fromMs = random(400 * DAY_MS);
    const toMs = fromMs + random(random(2) === 0 ? 3 * HOUR_MS : 120 * DAY_MS);
    const coarsest = (['day', 'month'] as const)[random(2)] ?? 'month';
    const pieces = piecesOf(fromMs, toMs, coarsest, random(2) === 0).sort((a, b) => a.fromMs - b.fromMs);
    let at = fromMs;
    for (const piece of pieces) {
      expect(piece.fromMs).toBe(at);
      at = piece.toMs;
    }
    expect(at).toBe(toMs);
  }
});
