import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Database, type BanEventFilter } from '@bailiff/persistence';
import { startPostgres } from '@bailiff/testing';

import { fillArchive } from '../archive/fill-archive.ts';
import { Fail2banFile } from './fail2ban-file.ts';
import type { BenchRow, Report } from './figure.ts';
import { median, quantile, timedEach } from './quantile.ts';

const small = 10_000;
const million = 1_000_000;
const yearMs = 365 * 86_400_000;

/** Filters as the page of past bans offers them, the rarest too. */
const filters: readonly BanEventFilter[] = [
  { jail: 'sshd' },
  { jail: 'vaultwarden' },
  { country: 'CN' },
  { country: 'CH' },
  { hostIds: ['d0d0000000000002'] },
  { origins: ['manual'] },
  { asn: 24940 },
  { jail: 'vaultwarden', country: 'CH' },
  { hostIds: ['d0d0000000000003'], country: 'LT', jail: 'gitea' },
  { hostIds: ['d0d0000000000001'], origins: ['manual'], country: 'PT' },
  { country: 'ZZ' },
];

/** P4: the archive beside fail2ban's own file. */
export const archiveRow: BenchRow = {
  id: 'P4',
  title: 'The archive',
  method:
    'Bans of a year, of three hosts, ten jails and seventy countries, stored through the code that stores what agents report, into SQLite and PostgreSQL (durability off, as in the tests). The newest page, pages by eleven filters from common to none, country and day totals of the year, searches for parts of words: by the repositories of libs/persistence, each in the process of the bench. The same questions of a fail2ban database file with as many rows (`bans` as fail2ban 1.0 makes it; it knows no countries, so the page asked of it is the newest of a month, and the search looks through `data`), by node:sqlite. Import counts storing, not the making of the data. `--rows N` measures larger archives too.',
  async run(report, { archiveRows = 0 }) {
    const dir = mkdtempSync(join(tmpdir(), 'bailiff-bench-'));
    await using postgres = await startPostgres();
    try {
      const sizes = [small, million, ...(archiveRows > million ? [archiveRows] : [])];
      const file = new Fail2banFile(join(dir, 'fail2ban.sqlite3'), million);
      for (const kind of ['SQLite', 'PostgreSQL'] as const) {
        const pages: number[] = [];
        for (const rows of sizes) {
          const location =
            kind === 'SQLite'
              ? { sqlitePath: join(dir, `${rows}.db`) }
              : { databaseUrl: await postgres.createDatabase() };
          const database = await Database.open(location);
          try {
            const name = `${kind}, ${rows.toLocaleString('en')}`;
            const spentMs = await fillArchive(database, rows, 7);
            if (rows >= million) report(`${name}: import`, (rows / spentMs) * 1_000, 'rows/s', { atLeast: 20_000 });
            if (kind === 'PostgreSQL') await database.dataSource.query('ANALYZE');
            pages.push(await measure(database, name, rows, file, report));
            if (rows >= million) report(`${name}: size`, (await database.sizeBytes()) / 2 ** 20, 'MiB');
          } finally {
            await database.close();
          }
        }
        for (const [at, rows] of sizes.entries()) {
          const [before, now] = [pages[at - 1], pages[at]];
          if (before === undefined || now === undefined) continue;
          const what = `${kind}: newest page, p50, ${rows.toLocaleString('en')} over ${(sizes[at - 1] ?? 0).toLocaleString('en')}`;
          report(what, now / before, 'x', { atMost: 1.5 });
        }
      }
      file.close();
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  },
};

/** Figures of one archive. @returns p50 of the newest page, milliseconds */
async function measure(
  database: Database,
  name: string,
  rows: number,
  file: Fail2banFile,
  report: Report,
): Promise<number> {
  const { banEvents, rollups, offenders } = database.read;
  const newest = () => banEvents.page({}, {});
  await timedEach(30, newest);
  const newestMs = await timedEach(300, newest);
  if (rows < million) return median(newestMs);
  const isMillion = rows === million;

  report(`${name}: newest page, p50`, median(newestMs), 'ms');
  report(`${name}: newest page, p99`, quantile(newestMs, 0.99), 'ms', { atMost: 5 });
  const filteredMs: number[] = [];
  for (const filter of filters) {
    await timedEach(3, () => banEvents.page(filter, {}));
    filteredMs.push(...(await timedEach(30, () => banEvents.page(filter, {}))));
  }
  report(`${name}: page by a filter, p99`, quantile(filteredMs, 0.99), 'ms', { atMost: 5 });
  await timedEach(3, () => offenders.page({}, {}));
  report(`${name}: repeat offenders, p50`, median(await timedEach(50, () => offenders.page({}, {}))), 'ms');

  const toMs = Date.now();
  const year = { fromMs: toMs - yearMs, toMs };
  const totals = {
    countries: () => rollups.top(year, 'country', 300),
    days: () => rollups.series(year, undefined, 'day'),
  };
  const totalMs: Record<string, number> = {};
  for (const [what, ask] of Object.entries(totals)) {
    await timedEach(5, ask);
    totalMs[what] = median(await timedEach(30, ask));
    report(`${name}: totals of ${what} of a year, p50`, totalMs[what], 'ms', { atMost: 10 });
  }
  const searches = ['wp-login.php?v=77', '.env?v=123', 'xmlrpc', 'shop.exam', '218.92.', 'nothing like that'];
  const searchMs: number[] = [];
  for (const q of searches) searchMs.push(...(await timedEach(5, () => banEvents.page({ q }, {}))));
  report(`${name}: search for a part of a word, slowest`, Math.max(...searchMs), 'ms', { atMost: 100 });

  if (!isMillion) return median(newestMs);
  const theirs = (ask: () => unknown, count: number) => timedEach(count, () => Promise.resolve(ask()));
  const monthBack = { fromMs: toMs - yearMs / 2, toMs: toMs - yearMs / 2 + 30 * 86_400_000 };
  const monthMs = median(await timedEach(50, () => banEvents.page(monthBack, {})));
  const wordMs = median(await timedEach(10, () => banEvents.page({ q: 'wp-login.php?v=77' }, {})));
  const asked = {
    newest: [median(await theirs(() => file.newestPage(), 5)), median(newestMs), 40],
    'page of a month': [median(await theirs(() => file.pageBetween(monthBack.fromMs, monthBack.toMs), 5)), monthMs, 40],
    'totals of days': [median(await theirs(() => file.dayTotals(), 3)), totalMs['days'] ?? Number.NaN, 100],
    'search for a word': [median(await theirs(() => file.search('wp-login.php?v=77'), 3)), wordMs, undefined],
  } as const;
  for (const [what, [theirMs, ownMs, atLeast]] of Object.entries(asked)) {
    report(`fail2ban's file, beside ${name}: ${what}`, theirMs, 'ms');
    report(`${name}: ${what}, times faster`, theirMs / ownMs, 'x', atLeast === undefined ? undefined : { atLeast });
  }
  return median(newestMs);
}
