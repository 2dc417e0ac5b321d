import { beforeAll, describe, expect, it } from '@jest/globals';
import { onBothDatabases } from '../../test/both-databases.spec.js';
import { batch, HOST, hostRow, T0, tickets } from '../../test/rows.spec.js';
import type { Database } from '../database.js';
import type { BanEvent } from '../entities/index.js';
import type { IngestTicket } from '../ingest/ingest-batch.js';
import type { PageRequest } from '../paging/keyset.js';
import type { BanEventFilter } from './archive-filter.js';
import { ArchivePages } from './archive-pages.js';

const OTHER = 'bbbbbbbbbbbbbbbb';
const COUNT = 24_000;
const HOUR_MS = 3_600_000;
const COUNTRIES = ['DE', 'US', 'CN', null];

/** Enough rows that walks take several steps; what is rare is far from both ends. */
function rowAt(n: number): IngestTicket {
  const isRare = n % 5_000 === 2_500;
  return {
    kind: n % 50 === 49 ? 'unban' : 'ban',
    jail: isRare ? 'rare' : n % 3 === 0 ? 'nginx' : 'sshd',
    address: n % 11 === 0 ? `2001:db8::${(n % 5_000).toString(16)}` : `198.51.${n % 100}.${(n >> 3) % 256}`,
    atMs: T0 + Math.floor(n / 7) * (HOUR_MS / 4),
    origin: n % 4_000 === 1_999 ? 'manual' : 'selfblock',
    ...(n % 3 === 0
      ? { requestUrl: `/wp-login.php?n=${n}`, targetDomain: 'example.com', targetSubdomain: 'shop' }
      : {}),
    matches: ['line'],
  };
}

onBothDatabases(ArchivePages.name, (databases) => {
  let database: Database;
  let stored: BanEvent[] = [];

  beforeAll(async () => {
    database = await databases.open();
    await database.withTransaction(async ({ hosts, manager }) => {
      for (const id of [HOST, OTHER]) await hosts.insert(hostRow({ id }));
      // Documentation addresses have no place of their own.
      for (let n = 0; n < 100; n += 1)
        for (let m = 0; m < 256; m += 16)
          await manager.query(
            `INSERT INTO geo_address (address, country, asn, resolved_at_ms, last_seen_at_ms)
             VALUES ('198.51.${n}.${m}', ${sqlText(COUNTRIES[n % 4] ?? null)}, ${64_496 + (n % 5)}, 1, 1)`,
          );
    });
    for (let start = 0; start < COUNT; start += 4_000) {
      const rows = Array.from({ length: 4_000 }, (_, n) => rowAt(start + n));
      const hostId = start === 8_000 ? OTHER : HOST;
      const { events } = await database.withTransaction(({ ingest }) =>
        ingest.storeBatch(batch([tickets(...rows)], { hostId })),
      );
      stored.push(...events.map(({ event }) => event));
    }
  });

  async function all(filter: BanEventFilter, request: PageRequest): Promise<BanEvent[]> {
    const rows: BanEvent[] = [];
    for (let cursor: string | undefined; ;) {
      const page = await database.read.banEvents.page(filter, { ...request, cursor });
      rows.push(...page.items);
      if (page.nextCursor === null) return rows;
      cursor = page.nextCursor;
    }
  }

  const filters: BanEventFilter[] = [
    { jail: 'rare' },
    { jail: 'rare', country: 'DE' },
    { jail: 'rare', hostIds: [OTHER] },
    { country: 'US', hostIds: [OTHER] },
    { country: 'ZZ' },
    { origins: ['manual'] },
    { origins: ['manual', 'fleet'], kind: 'ban' },
    { origins: ['manual'], country: 'CN' },
    { origins: ['manual'], jail: 'sshd', hostIds: [HOST], fromMs: T0 + 90 * HOUR_MS, toMs: T0 + 800 * HOUR_MS },
    { country: 'DE', hostIds: [OTHER], fromMs: T0 + 301 * HOUR_MS + 7 },
    { jail: 'nginx', country: 'CN', hostIds: [OTHER], toMs: T0 + 350 * HOUR_MS },
    { kind: 'unban', jail: 'nginx', hostIds: [HOST] },
    { asn: 64_497, jail: 'nginx' },
    { q: '198.51.7.0/24', jail: 'sshd' },
    { q: '198.51.16.16' },
    { q: 'n=12345' },
    { q: 'SHOP.exam', fromMs: T0 + 300 * HOUR_MS, toMs: T0 + 320 * HOUR_MS },
    { q: 'rar' },
    { q: 'zq' },
    { hostIds: [HOST, OTHER], fromMs: T0 + 500 * HOUR_MS + 7, toMs: T0 + 560 * HOUR_MS },
  ];

  describe.each(['-at', 'at', '-address', 'jail'])('by %s', (sort) => {
    it.each(filters.map((filter) => [filter]))('finds exactly what matches %j', async (filter) => {
      const expected = stored.filter((event) => matches(event, filter));
      const found = await all(filter, { sort, limit: 40 });
      expect(found.map(({ id }) => id).sort(byNumber)).toEqual(expected.map(({ id }) => id).sort(byNumber));
      const direction = sort.startsWith('-') ? -1 : 1;
      const keys = found.map((event) => keyOf(event, sort.replace('-', '')));
      expect(keys).toEqual([...keys].sort((a, b) => compare(a, b) * direction));
      const total = await database.read.banEvents.total(filter);
      if (total !== null) expect(total).toBe(expected.length);
    });
  });

  it('has every row once while others are stored', async () => {
    const before = new Set(
      (await database.read.manager.query<{ id: number }[]>('SELECT id FROM ban_event')).map(({ id }) => Number(id)),
    );
    const seen: number[] = [];
    for (let cursor: string | undefined, page = 0; ; page += 1) {
      const { items, nextCursor } = await database.read.banEvents.page({}, { cursor, limit: 200 });
      seen.push(...items.map(({ id }) => id));
      if (nextCursor === null) break;
      cursor = nextCursor;
      // Newer, older and in between.
      const row = (atMs: number): IngestTicket => ({
        kind: 'ban',
        jail: 'late',
        address: `192.0.2.${page % 256}`,
        atMs,
      });
      await database.withTransaction(({ ingest }) =>
        ingest.storeBatch(batch([tickets(row(T0 + 1e10 + page), row(T0 - 1e10 - page), row(T0 + page * HOUR_MS + 1))])),
      );
    }
    expect(new Set(seen).size).toBe(seen.length);
    const found = new Set(seen);
    expect([...before].filter((id) => !found.has(id))).toEqual([]);
    stored = [];
  });
});

function matches(event: BanEvent, { q, ...filter }: BanEventFilter): boolean {
  return (
    (filter.hostIds?.includes(event.hostId) ?? true) &&
    (filter.kind ?? event.kind) === event.kind &&
    (filter.jail ?? event.jail) === event.jail &&
    (filter.country ?? event.country) === event.country &&
    (filter.asn ?? event.asn) === event.asn &&
    (filter.origins?.includes(event.origin) ?? true) &&
    event.atMs >= (filter.fromMs ?? -Infinity) &&
    event.atMs < (filter.toMs ?? Infinity) &&
    (q === undefined || says(event, q))
  );
}

/** What searching for the texts of this suite means. */
function says({ address, jail, requestUrl, targetDomain, targetSubdomain }: BanEvent, q: string): boolean {
  if (q.endsWith('/24')) return address.startsWith(q.replace('0/24', ''));
  if (/^[\d.]+$/.test(q)) return address === q;
  const words = [address, jail, requestUrl ?? '', `${targetSubdomain ?? ''}.${targetDomain ?? ''}`];
  return words.some((word) => word.toLowerCase().includes(q.toLowerCase()));
}

function keyOf({ atMs, id, addressSort, jail }: BanEvent, sort: string): (string | number)[] {
  const first = { at: [], address: [addressSort], jail: [jail] }[sort] ?? [];
  return [...first, atMs, id];
}

function compare(a: readonly (string | number)[], b: readonly (string | number)[]): number {
  for (const [at, value] of a.entries()) {
    const other = b[at] ?? '';
    if (value !== other) return value < other ? -1 : 1;
  }
  return 0;
}

const byNumber = (a: number, b: number): number => a - b;

function sqlText(text: string | null): string {
  return text === null ? 'NULL' : `'${text}'`;
}
