import { parseNetwork } from '@bailiff/ip';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { onBothDatabases } from '../../test/both-databases.spec.js';
import { ban, batch, HOST, hostRow, T0, tickets } from '../../test/rows.spec.js';
import type { Database } from '../database.js';
import { AddressLookupRepository } from './address-lookup.repository.js';
import { AddressReportRepository } from './address-report.repository.js';

const OTHER = 'bbbbbbbbbbbbbbbb';
const HOUR = 3_600_000;

onBothDatabases(AddressReportRepository.name, (databases) => {
  let database: Database;

  beforeAll(async () => {
    database = await databases.open();
    await database.withTransaction(async ({ hosts, ingest }) => {
      await hosts.insert(hostRow());
      await hosts.insert(hostRow({ id: OTHER }));
      const rows = [
        ban('192.0.2.7', T0),
        ban('192.0.2.7', T0 + HOUR, { bantimeSeconds: -1 }),
        ban('192.0.2.70', T0, { bantimeSeconds: -1 }),
        ban('192.0.2.71', T0 + 1000, { bantimeSeconds: -1, jail: 'web' }),
        ban('192.0.3.1', T0, { bantimeSeconds: -1 }),
        ban('2001:db8::1', T0, { bantimeSeconds: -1 }),
      ];
      await ingest.storeBatch(batch([tickets(...rows)]));
      const network = ban('192.0.2.0/24', T0 + 2 * HOUR, { jail: 'manual', bantimeSeconds: -1 });
      await ingest.storeBatch(batch([tickets(network, ban('192.0.2.7', T0 - HOUR))], { hostId: OTHER }));
    });
  });

  const network = parseNetwork('192.0.2.7');

  it('has the current bans of an address and of networks around it', async () => {
    const bans = await database.read.addresses.activeBans(network, 10);
    expect(bans.map(({ hostId, jail, address }) => [hostId, jail, address])).toEqual([
      [OTHER, 'manual', '192.0.2.0/24'],
      [HOST, 'sshd', '192.0.2.7'],
    ]);
    expect(await database.read.addresses.countActiveBans(network)).toBe(2);
    expect(await database.read.addresses.activeBans(parseNetwork('198.51.100.1'), 10)).toEqual([]);
  });

  it('has what is banned inside a network', async () => {
    const bans = await database.read.addresses.activeBans(parseNetwork('192.0.2.64/26'), 10);
    expect(bans.map(({ address }) => address)).toEqual(['192.0.2.0/24', '192.0.2.70', '192.0.2.71']);
    const wide = parseNetwork('192.0.0.0/16');
    expect(await database.read.addresses.countActiveBans(wide)).toBe(5);
    expect(await database.read.addresses.activeBans(wide, 2)).toHaveLength(2);
  });

  it('pages its events of all hosts, with those of networks around it', async () => {
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await database.read.addresses.events(network, { limit: 1, cursor });
      seen.push(...page.items.map(({ address, hostId }) => `${hostId === HOST ? 'a' : 'b'} ${address}`));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(seen).toEqual(['b 192.0.2.0/24', 'a 192.0.2.7', 'a 192.0.2.7', 'b 192.0.2.7']);
    const v6 = await database.read.addresses.events(parseNetwork('2001:db8::/64'), { limit: 10 });
    expect(v6.items.map(({ address }) => address)).toEqual(['2001:db8::1']);
  });

  it('sums up where it was banned', async () => {
    const { places, isCapped } = await database.read.addresses.places(network, 100);
    expect(isCapped).toBe(false);
    expect(places).toEqual([
      { hostId: HOST, jail: 'sshd', bans: 2, unbans: 0, firstAtMs: T0, lastAtMs: T0 + HOUR },
      { hostId: OTHER, jail: 'sshd', bans: 1, unbans: 0, firstAtMs: T0 - HOUR, lastAtMs: T0 - HOUR },
    ]);
    expect(await database.read.addresses.places(network, 2)).toMatchObject({ isCapped: true, places: [{ bans: 2 }] });
    expect((await database.read.addresses.places(parseNetwork('192.0.2.64/26'), 100)).places).toHaveLength(2);
  });

  it('pages and sums up a network with thousands of events, in either order', async () => {
    const full = await databases.open();
    const count = 6_000;
    // Every third is of another network; two of each time.
    const addressOf = (index: number) => `${index % 3 === 0 ? '198.51.100' : '203.0.113'}.${index & 127}`;
    const rows = Array.from({ length: count * 1.5 }, (_, index) => ban(addressOf(index), T0 + (index >> 1) * 1000));
    const around = ban('203.0.113.0/24', T0 + 5_500, { jail: 'manual' });
    await full.withTransaction(async ({ hosts, ingest }) => {
      await hosts.insert(hostRow());
      for (let start = 0; start < rows.length; start += 3_000)
        await ingest.storeBatch(batch([tickets(...rows.slice(start, start + 3_000))]));
      await ingest.storeBatch(batch([tickets(around)]));
    });
    const wide = parseNetwork('203.0.113.0/25');
    const expected = [...rows.filter(({ address }) => address.startsWith('203.')), around].map(
      ({ address, atMs }) => `${atMs} ${address}`,
    );
    expect(expected).toHaveLength(count + 1);
    for (const sort of ['-at', 'at']) {
      const seen: { atMs: number; address: string }[] = [];
      let cursor: string | undefined;
      let pages = 0;
      do {
        const page = await full.read.addresses.events(wide, { limit: 500, cursor, sort });
        seen.push(...page.items);
        pages += 1;
        cursor = page.nextCursor ?? undefined;
      } while (cursor !== undefined);
      expect(pages).toBe(13);
      const times = seen.map(({ atMs }) => atMs);
      expect(times).toEqual(times.toSorted((a, b) => (sort === 'at' ? a - b : b - a)));
      expect(seen.map(({ atMs, address }) => `${atMs} ${address}`).sort()).toEqual(expected.toSorted());
    }
    const { places, isCapped } = await full.read.addresses.places(wide, 20_000);
    expect(isCapped).toBe(false);
    const inside = rows.filter(({ address }) => address.startsWith('203.')).map(({ atMs }) => atMs);
    const [firstAtMs, lastAtMs] = [Math.min(...inside), Math.max(...inside)];
    expect(places).toEqual([{ hostId: HOST, jail: 'sshd', bans: count, unbans: 0, firstAtMs, lastAtMs }]);
    const capped = await full.read.addresses.places(wide, 2_500);
    expect(capped).toMatchObject({ isCapped: true, places: [{ bans: 2_500 }] });
  });

  it('knows the banned neighbours', async () => {
    const found = await database.read.addresses.bannedInside(parseNetwork('192.0.2.0/24'), '192.0.2.7', 2);
    expect(found).toEqual({
      count: 2,
      addresses: [
        { address: '192.0.2.71', bans: 1, sinceMs: T0 + 1000 },
        { address: '192.0.2.70', bans: 1, sinceMs: T0 },
      ],
    });
  });

  describe(AddressLookupRepository.name, () => {
    const answer = { outcome: 'found', code: null, detail: null, facts: { name: 'A\u0000' } } as const;

    it('keeps the answer before until the new one comes, and takes each answer once', async () => {
      const address = '8.8.8.8';
      await database.withTransaction(async ({ lookups }) => {
        await lookups.ask(address, 'rdap', 'one', 1000);
        expect(await lookups.countPending(0)).toBe(1);
        expect(await lookups.answer({ address, kind: 'rdap', askId: 'one' }, answer, 2000)).toBe(true);
        expect(await lookups.answer({ address, kind: 'rdap', askId: 'one' }, answer, 3000)).toBe(false);
        await lookups.ask(address, 'rdap', 'two', 4000);
      });
      expect(await database.read.lookups.list(address)).toMatchObject([
        { kind: 'rdap', askId: 'two', askedAtMs: 4000, answeredAtMs: 2000, outcome: 'found', facts: answer.facts },
      ]);
      expect(await database.withTransaction(({ lookups }) => lookups.purge(5000))).toBe(1);
    });
  });
});
