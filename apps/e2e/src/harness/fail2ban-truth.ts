import { readFile } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import type { Fail2banInstance } from '@bailiff/testing';

/** What fail2ban itself wrote down, read without any code of ours: the yardstick of the archive. */
export interface Fail2banTruth {
  /** `jail address`, once per `Ban` line of its log, sorted. */
  readonly bansLogged: string[];
  /** `jail address`, once per `Unban` line of its log, sorted. */
  readonly unbansLogged: string[];
  /** `jail address seconds` of each row left in its database, sorted. */
  readonly bansStored: string[];
}

/** Reads fail2ban's log and database. */
export async function fail2banTruth(fail2ban: Fail2banInstance): Promise<Fail2banTruth> {
  const log = await readFile(fail2ban.logPath, 'utf8');
  const lines = (word: string) =>
    [...log.matchAll(new RegExp(`NOTICE +\\[(\\S+)\\] ${word} (\\S+)$`, 'gm'))]
      .map(([, jail, address]) => `${jail} ${address}`)
      .sort();
  const database = new DatabaseSync(fail2ban.databasePath, { readOnly: true, timeout: 5_000 });
  try {
    const rows = database.prepare('SELECT jail, ip, timeofban FROM bans').all();
    const bansStored = rows
      .map((row) => `${String(row['jail'])} ${String(row['ip'])} ${String(row['timeofban'])}`)
      .sort();
    return { bansLogged: lines('Ban'), unbansLogged: lines('Unban'), bansStored };
  } finally {
    database.close();
  }
}

/** Everything banned now, as fail2ban-client says: `jail address`, sorted. */
export async function bannedNow(fail2ban: Fail2banInstance): Promise<string[]> {
  const lists = await Promise.all(
    fail2ban.jails.map(async (jail) => {
      const addresses = (await fail2ban.client('get', jail, 'banip')).split(/\s+/).filter((address) => address !== '');
      return addresses.map((address) => `${jail} ${address}`);
    }),
  );
  return lists.flat().sort();
}
