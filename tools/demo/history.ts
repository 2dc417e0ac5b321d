import { existsSync, readFileSync } from 'node:fs';

import { Database, type DatabaseLocation } from '@bailiff/persistence';

import { fillArchive } from '../archive/fill-archive.ts';
import { say } from '../common/command.ts';
import type { DataDir } from '../stack/data-dir.ts';

const sayEveryMs = 2_000;

/** Fills the archive of a stack that does not run yet with past bans, up to `count`. */
export async function fillHistory(data: DataDir, count: number, seed: number): Promise<void> {
  data.folder('gateway');
  const database = await Database.open(locationOf(data));
  try {
    const { rows } = await database.read.archivePurge.facts();
    if (rows !== null && rows >= count) {
      say(`The archive holds ${rows.toLocaleString('en')} events already.`);
      return;
    }
    say(`Making ${count.toLocaleString('en')} past bans ...`);
    const startedAt = performance.now();
    let saidAt = startedAt;
    const rate = (stored: number) =>
      Math.round((stored / (performance.now() - startedAt)) * 1_000).toLocaleString('en');
    await fillArchive(database, count, seed, (stored) => {
      if (performance.now() - saidAt < sayEveryMs) return;
      saidAt = performance.now();
      say(`  ${stored.toLocaleString('en')} (${Math.round((stored / count) * 100)} %, ${rate(stored)} a second)`);
    });
    say(`Made ${count.toLocaleString('en')} past bans, ${rate(count)} a second.`);
  } finally {
    await database.close();
  }
}

/** As the gateway chooses it: DATABASE_URL, what setup chose, the default file. */
function locationOf(data: DataDir): DatabaseLocation {
  const databaseUrl = process.env['DATABASE_URL'];
  if (databaseUrl !== undefined) return { databaseUrl };
  const chosen = data.at('gateway', 'database.json');
  if (existsSync(chosen)) return JSON.parse(readFileSync(chosen, 'utf8')) as DatabaseLocation;
  return { sqlitePath: data.at('gateway', 'bailiff.db') };
}
