import { beforeAll, describe, expect, it } from '@jest/globals';
import { onBothDatabases } from '../../test/both-databases.spec.js';
import { ban, batch, HOST, hostRow, T0, tickets } from '../../test/rows.spec.js';
import type { Database } from '../database.js';
import type { ActiveBan, BanEvent } from '../entities/index.js';
import { InvalidCursorError } from '../errors/invalid-cursor.error.js';
import { InvalidSortError } from '../errors/invalid-sort.error.js';
import { encodeCursor } from './cursor.js';
import { fetchPage, type PageRequest, type PageResult } from './keyset.js';

const OTHER = 'bbbbbbbbbbbbbbbb';
const ADDRESSES = [
  '192.0.2.10',
  '192.0.2.9',
  '198.51.100.0/24',
  '2001:db8::1',
  '192.0.2.100',
  'no address',
  '2001:db8::/32',
];

async function all<T>(
  page: (request: PageRequest) => Promise<PageResult<T>>,
  sort: string,
  limit: number,
): Promise<T[]> {
  const rows: T[] = [];
  let cursor: string | undefined;
  do {
    const { items, nextCursor } = await page({ sort, limit, cursor });
    rows.push(...items);
    cursor = nextCursor ?? undefined;
  } while (cursor !== undefined);
  return rows;
}

onBothDatabases(fetchPage.name, (databases) => {
  let database: Database;

  beforeAll(async () => {
    database = await databases.open();
    await database.withTransaction(async ({ hosts, ingest }) => {
      await hosts.insert(hostRow());
      await hosts.insert(hostRow({ id: OTHER }));
      // Many rows of one time, so that ties cross every page.
      const rows = ADDRESSES.map((address, index) =>
        ban(address, T0 + (index % 2) * 1000, {
          bantimeSeconds: index % 3 === 0 ? -1 : 3600,
          jail: index < 4 ? 'b' : 'A',
        }),
      );
      await ingest.storeBatch(batch([tickets(...rows)]));
      await ingest.storeBatch(batch([tickets(ban('192.0.2.10', T0), ban('203.0.113.5', T0))], { hostId: OTHER }));
    });
  });

  describe.each(['at', '-at', 'address', '-address', 'jail', '-jail'])('the archive by %s', (sort) => {
    it.each([1, 2, 3, 500])('has every row once in pages of %d', async (limit) => {
      const rows = await all<BanEvent>((page) => database.read.banEvents.page({}, page), sort, limit);
      expect(new Set(rows.map(({ id }) => id)).size).toBe(9);
      expect(rows).toHaveLength(9);
    });
  });

  describe.each(['bannedAt', '-expiresAt', 'expiresAt', '-address', '-jail', 'banCount'])(
    'current bans by %s',
    (sort) => {
      it('has every row once in pages of 2', async () => {
        const rows = await all<ActiveBan>((page) => database.read.activeBans.page({}, page), sort, 2);
        expect(new Set(rows.map(({ id }) => id)).size).toBe(9);
      });
    },
  );

  it('sorts addresses as numbers, other ids last, capitals before small letters on both databases', async () => {
    const rows = await all<BanEvent>((page) => database.read.banEvents.page({ hostIds: [HOST] }, page), 'address', 2);
    expect(rows.map(({ address }) => address)).toEqual([
      ...['192.0.2.9', '192.0.2.10', '192.0.2.100', '198.51.100.0/24'],
      ...['2001:db8::/32', '2001:db8::1', 'no address'],
    ]);
    const byJail = await all<BanEvent>((page) => database.read.banEvents.page({ hostIds: [HOST] }, page), 'jail', 3);
    expect(byJail.map(({ jail }) => jail).join('')).toBe('AAAbbbb');
  });

  it('sorts permanent bans after all others', async () => {
    const rows = await all<ActiveBan>(
      (page) => database.read.activeBans.page({ hostIds: [HOST] }, page),
      'expiresAt',
      2,
    );
    expect(rows.map(({ expiresAtMs }) => expiresAtMs === null)).toEqual([false, false, false, false, true, true, true]);
  });

  it.each([
    [{ q: '192.0.2.0/24' }, ['192.0.2.10', '192.0.2.100', '192.0.2.9']],
    [{ q: '192.0.2.10' }, ['192.0.2.10']],
    [{ q: '2.10' }, ['192.0.2.10', '192.0.2.100']],
    [{ q: '2001:db8::/32' }, ['2001:db8::/32', '2001:db8::1']],
    [{ q: '2001:DB8:0::1' }, ['2001:db8::1']],
    [{ q: '%' }, []],
    [{ jail: 'A' }, ['192.0.2.100', '2001:db8::/32', 'no address']],
    [{ kind: 'unban' as const }, []],
    [{ fromMs: T0 + 1000 }, ['192.0.2.9', '2001:db8::1', 'no address']],
    [{ toMs: T0 }, []],
  ])('finds in the archive by %j', async (filter, addresses) => {
    const { items } = await database.read.banEvents.page({ ...filter, hostIds: [HOST] }, { limit: 100 });
    expect(items.map(({ address }) => address).sort()).toEqual(addresses);
    expect(await database.read.banEvents.total({ ...filter, hostIds: [HOST] })).toBe(addresses.length);
  });

  it('finds in the archive by URL and site, whatever their case', async () => {
    const own = await databases.open();
    const asked = { requestUrl: '/WP-Login.php?a=100%25_\\', targetDomain: 'example.co.uk', targetSubdomain: 'shop' };
    const rows = [
      ban('192.0.2.1', T0, asked),
      ban('192.0.2.2', T0, { requestUrl: '/x', targetDomain: 'example.org' }),
      ban('192.0.2.3', T0),
    ];
    await own.withTransaction(async ({ hosts, ingest }) => {
      await hosts.insert(hostRow());
      await ingest.storeBatch(batch([tickets(...rows)]));
    });
    const found = async (q: string) => {
      const { items } = await own.read.banEvents.page({ q }, { limit: 100, sort: 'address' });
      expect(await own.read.banEvents.total({ q })).toBe(items.length);
      return items.map(({ address }) => address.at(-1)).join('');
    };
    expect(await found('wp-login')).toBe('1');
    expect(await found('SHOP.example.co')).toBe('1');
    expect(await found('example')).toBe('12');
    expect(await found('%25_\\')).toBe('1');
    expect(await found('_')).toBe('1');
    expect(await found("' OR '1'='1")).toBe('');
    expect(await found('192.0.2.1')).toBe('1');
    expect(await found('0.2.')).toBe('123');
  });

  it('finds current bans that cover an address as well as those inside a network', async () => {
    const found = async (q: string) =>
      (await database.read.activeBans.page({ q, hostIds: [HOST] }, { limit: 100 })).items
        .map(({ address }) => address)
        .sort();
    expect(await found('198.51.100.77')).toEqual(['198.51.100.0/24']);
    expect(await found('198.51.0.0/16')).toEqual(['198.51.100.0/24']);
    expect(await found('2001:db8::1')).toEqual(['2001:db8::/32', '2001:db8::1']);
    expect(await database.read.activeBans.count({ q: '198.51.100.77' })).toBe(1);
    expect(await database.read.activeBans.count({ hostIds: [] })).toBe(0);
    expect(await database.read.activeBans.count({ hostIds: [HOST, OTHER] })).toBe(9);
  });

  it('goes on where it was when rows come and go', async () => {
    const own = await databases.open();
    await own.withTransaction(async ({ hosts, ingest }) => {
      await hosts.insert(hostRow());
      await ingest.storeBatch(
        batch([tickets(ban('192.0.2.1', T0), ban('192.0.2.2', T0 + 1000), ban('192.0.2.3', T0 + 2000))]),
      );
    });
    const first = await own.read.banEvents.page({}, { limit: 2 });
    await own.withTransaction(({ ingest }) => ingest.storeBatch(batch([tickets(ban('192.0.2.4', T0 + 3000))])));
    const second = await own.read.banEvents.page({}, { limit: 2, cursor: first.nextCursor ?? '' });
    expect([...first.items, ...second.items].map(({ address }) => address)).toEqual([
      '192.0.2.3',
      '192.0.2.2',
      '192.0.2.1',
    ]);
    expect(second.nextCursor).toBeNull();
  });

  it('refuses positions that it did not make for this list', async () => {
    const page = (cursor: string, sort?: string) => database.read.banEvents.page({}, { cursor, sort });
    const cursors = [
      'x',
      '%00',
      'e30',
      encodeCursor({ sort: 'at', value: T0, id: 1 }),
      encodeCursor({ sort: '-at', value: 'text', id: 1 }),
      encodeCursor({ sort: '-at', value: T0, id: "1'" }),
    ];
    for (const cursor of cursors) await expect(page(cursor)).rejects.toThrow(InvalidCursorError);
    await expect(page(encodeCursor({ sort: 'jail', value: 'a\u0000', id: 1 }), 'jail')).rejects.toThrow(
      InvalidCursorError,
    );
    for (const sort of ['nope', '-constructor', '--at']) {
      await expect(database.read.banEvents.page({}, { sort })).rejects.toThrow(InvalidSortError);
    }
  });
});
