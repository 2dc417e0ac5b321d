import { DatabaseSync } from 'node:sqlite';

/**
 * How many bans fail2ban would put back when the jail starts, by its own rule: rows of `bips` whose time is not over, longer
 * ones (also permanent ones) cut to the longest ban the jail makes now.
 * @param longestSeconds that longest ban: `bantime`, with growing bans `bantime.maxtime`; −1 or undefined: no limit
 * @returns null when there is no database to look into
 * @see fail2ban/fail2ban:fail2ban/server/database.py `getCurrentBans`, fail2ban/server/jail.py `restoreCurrentBans`
 */
export function countRestorable(
  databasePath: string | undefined,
  jail: string,
  longestSeconds: number | undefined,
): number | null {
  if (databasePath === undefined) return null;
  const nowS = Date.now() / 1000;
  const isYoungOnly = longestSeconds !== undefined && longestSeconds >= 0;
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(databasePath, { readOnly: true, timeout: 1_000 });
    const sql = `SELECT count(*) AS n FROM bips WHERE jail = ? AND (timeofban + bantime > ? OR bantime <= -1)`;
    const row = isYoungOnly
      ? database.prepare(`${sql} AND timeofban > ?`).get(jail, nowS, nowS - longestSeconds)
      : database.prepare(sql).get(jail, nowS);
    return Number(row?.['n'] ?? 0);
  } catch (error) {
    // Away, locked or not a database: there is no telling.
    if ((error as { code?: unknown }).code === 'ERR_SQLITE_ERROR') return null;
    throw error;
  } finally {
    database?.close();
  }
}
