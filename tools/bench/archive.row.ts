import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';

import { Database, type BanEventFilter } from '@bailiff/persistence';
import { startPostgres } from '@bailiff/testing';

import { fillArchive } from '../archive/fill-archive.ts';
import { Fail2banFile } from './fail2ban-file.ts';
import type { BenchRow, Goal, Report } from './figure.ts';
import { inTurn, median, quantile, timedEach } from './quantile.ts';

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
    "Bans of a year, of three hosts, ten jails and seventy countries, stored through the code that stores what agents report, into SQLite and PostgreSQL (durability off, as in the tests; `shared_buffers` a quarter of the memory, as its manual advises). Import counts storing, not the making of the data. Then, the archive at rest (vacuumed, its log written back): the newest page, pages by eleven filters from common to none, country and day totals of the year, searches for parts of words: by the repositories of libs/persistence, each in the process of the bench. The same questions of a fail2ban database file with as many rows (`bans` as fail2ban 1.0 makes it; it knows no countries, so the page asked of it is the newest of a month, and the search looks through `data`), by node:sqlite. What is compared is asked in turn. `--rows N` measures larger archives too; the goals are those of a million rows, and of larger ones that the page's p50 stays what it was.",
  async run(report, { archiveRows = 0 }) {
    const dir = mkdtempSync(join(tmpdir(), 'bailiff-bench-'));
    const quarterMiB = Math.floor(totalmem() / 4 / 2 ** 20);
    await using postgres = await startPostgres([`shared_buffers=${quarterMiB}MB`, 'max_wal_size=4GB']);
    try {
      const sizes = [small, million, ...(archiveRows > million ? [archiveRows] : [])];
      const file = new Fail2banFile(join(dir, 'fail2ban.sqlite3'), million);
      for (const kind of ['SQLite', 'PostgreSQL'] as const) {
        let smaller: Archive | undefined;
        for (const rows of sizes) {
          const location =
            kind === 'SQLite'
              ? { sqlitePath: join(dir, `${rows}.db`) }
              : { databaseUrl: await postgres.createDatabase() };
          const database = await Database.open(location);
          const archive = { database, rows, name: `${kind}, ${rows.toLocaleString('en')}` };
          try {
            await fill(archive, report);
            if (rows >= million) await measure(archive, report);
            if (rows === million) await compare(archive, file, report);
            if (smaller !== undefined) await relate(kind, smaller, archive, report);
          } finally {
            await smaller?.database.close();
            smaller = archive;
          }
        }
        await smaller?.database.close();
      }
      file.close();
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  },
};

interface Archive {
  readonly database: Database;
  readonly rows: number;
  /** Kind of database and number of rows, as the figures call it. */
  readonly name: string;
}

/** Goals are those of a million rows; larger archives are told for what they are. */
function goalOf(rows: number, goal: Goal): Goal | undefined {
  return rows === million ? goal : undefined;
}

const newestPage = ({ database }: Archive) => database.read.banEvents.page({}, {});

/** Stores the rows and lets the database do what it would do by and by. */
async function fill({ database, rows, name }: Archive, report: Report): Promise<void> {
  const spentMs = await fillArchive(database, rows, 7);
  if (rows >= million) report(`${name}: import`, (rows / spentMs) * 1_000, 'rows/s', goalOf(rows, { atLeast: 20_000 }));
  const tidy = { postgres: ['VACUUM (ANALYZE)', 'CHECKPOINT'], sqlite: ['PRAGMA wal_checkpoint(TRUNCATE)'] };
  for (const sql of tidy[database.kind]) await database.dataSource.query(sql);
}

/** Figures of one archive alone. */
async function measure(archive: Archive, report: Report): Promise<void> {
  const { database, rows, name } = archive;
  const { banEvents, rollups, offenders } = database.read;
  await timedEach(30, () => newestPage(archive));
  const newestMs = await timedEach(300, () => newestPage(archive));
  report(`${name}: newest page, p50`, median(newestMs), 'ms');
  report(`${name}: newest page, p99`, quantile(newestMs, 0.99), 'ms', goalOf(rows, { atMost: 5 }));
  const filteredMs: number[] = [];
  for (const filter of filters) {
    await timedEach(3, () => banEvents.page(filter, {}));
    filteredMs.push(...(await timedEach(30, () => banEvents.page(filter, {}))));
  }
  report(`${name}: page by a filter, p50`, median(filteredMs), 'ms');
  report(`${name}: page by a filter, p99`, quantile(filteredMs, 0.99), 'ms', goalOf(rows, { atMost: 5 }));
  await timedEach(3, () => offenders.page({}, {}));
  report(`${name}: repeat offenders, p50`, median(await timedEach(50, () => offenders.page({}, {}))), 'ms');
  for (const [what, ask] of Object.entries(totalsOf(rollups))) {
    await timedEach(5, ask);
    report(
      `${name}: totals of ${what} of a year, p50`,
      median(await timedEach(30, ask)),
      'ms',
      goalOf(rows, { atMost: 10 }),
    );
  }
  const searches = ['wp-login.php?v=77', '.env?v=123', 'xmlrpc', 'shop.exam', '218.92.', 'nothing like that'];
  const searchMs: number[] = [];
  for (const q of searches) searchMs.push(...(await timedEach(5, () => banEvents.page({ q }, {}))));
  report(`${name}: search for a part of a word, slowest`, Math.max(...searchMs), 'ms', goalOf(rows, { atMost: 100 }));
  report(`${name}: size`, (await database.sizeBytes()) / 2 ** 20, 'MiB');
}

function totalsOf(rollups: Database['read']['rollups']) {
  const toMs = Date.now();
  const year = { fromMs: toMs - yearMs, toMs };
  return {
    countries: () => rollups.top(year, 'country', 300),
    days: () => rollups.series(year, undefined, 'day'),
  };
}

/** The same questions of the archive and of fail2ban's own file, in turn. */
async function compare({ database, name }: Archive, file: Fail2banFile, report: Report): Promise<void> {
  const { banEvents, rollups } = database.read;
  const toMs = Date.now();
  const month = { fromMs: toMs - yearMs / 2, toMs: toMs - yearMs / 2 + 30 * 86_400_000 };
  const word = 'wp-login.php?v=77';
  const questions = {
    newest: [() => file.newestPage(), () => banEvents.page({}, {}), 40],
    'page of a month': [() => file.pageBetween(month.fromMs, month.toMs), () => banEvents.page(month, {}), 40],
    'totals of days': [() => file.dayTotals(), totalsOf(rollups).days, 100],
    'search for a word': [() => file.search(word), () => banEvents.page({ q: word }, {}), undefined],
  } as const;
  for (const [what, [theirs, ours, atLeast]] of Object.entries(questions)) {
    await timedEach(5, ours);
    const ms = await inTurn(4, {
      theirs: () => timedEach(2, () => Promise.resolve(theirs())),
      ours: () => timedEach(20, ours),
    });
    report(`fail2ban's file, beside ${name}: ${what}`, median(ms.theirs), 'ms');
    const goal = atLeast === undefined ? undefined : { atLeast };
    report(`${name}: ${what}, times faster`, median(ms.theirs) / median(ms.ours), 'x', goal);
  }
}

/** How the newest page of an archive compares with that of a smaller one. */
async function relate(kind: string, smaller: Archive, larger: Archive, report: Report): Promise<void> {
  for (const archive of [smaller, larger]) await timedEach(50, () => newestPage(archive));
  const ms = await inTurn(8, {
    smaller: () => timedEach(50, () => newestPage(smaller)),
    larger: () => timedEach(50, () => newestPage(larger)),
  });
  const what = `newest page, p50, ${larger.rows.toLocaleString('en')} over ${smaller.rows.toLocaleString('en')}`;
  report(`${kind}: ${what}`, median(ms.larger) / median(ms.smaller), 'x', { atMost: 1.5 });
}
