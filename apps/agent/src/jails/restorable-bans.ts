import { DatabaseSync } from 'node:sqlite';

/**
 * How many bans fail2ban would put back when the jail starts, by its own rule: rows of `bips` whose time is not over; when
 * bans do not grow, only those younger than the jail's present ban time.
 * @param bantimeSeconds the jail's ban time, −1 permanent; undefined when `bantime.increment` is on
 * @returns null when there is no database to look into
 * @see fail2ban/fail2ban:fail2ban/server/database.py `_getCurrentBans`
 */
export function countRestorable(
  databasePath: string | undefined,
  jail: string,
  bantimeSeconds: number | undefined,
): number | null {
  if (databasePath === undefined) return null;
  const nowS = Date.now() / 1000;
  const isYoungOnly = bantimeSeconds !== undefined && bantimeSeconds !== -1;
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(databasePath, { readOnly: true, timeout: 1_000 });
    const sql = `SELECT count(*) AS n FROM bips WHERE jail = ? AND (timeofban + bantime > ? OR bantime <= -1)`;
    const row = isYoungOnly
      ? database.prepare(`${sql} AND timeofban > ?`).get(jail, nowS, nowS - bantimeSeconds)
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
