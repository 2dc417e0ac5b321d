import { statSync } from 'node:fs';
import { DatabaseSync, type SQLOutputValue, type StatementSync } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { AgentError } from '../state/agent.error.js';
import type { BanRow } from './ban-row.js';

/** fail2ban's file is locked by a writer right now: try again in a moment. */
export class DatabaseBusyError extends AgentError {
  constructor(options?: ErrorOptions) {
    super('fail2ban/database-busy', 'operational', "fail2ban's database is locked at the moment", options);
  }
}

/** fail2ban's file is missing, not a database, or not one of a known shape. */
export class DatabaseUnusableError extends AgentError {
  constructor(path: string, reason: string, options?: ErrorOptions) {
    super('fail2ban/database-unusable', 'operational', `${path}: ${reason}`, options);
  }
}

/** The last row that was read, and what proves that it still is that row. */
export interface DatabaseCursor {
  readonly dev: string;
  readonly ino: string;
  readonly rowid: number;
  readonly jail: string;
  readonly address: string;
  readonly atSeconds: number;
}

/** A place in the history of one jail: behind this row of this time. */
export interface HistoryPlace {
  readonly atSeconds: number;
  readonly rowid: number;
}

/** When the latest ban of an address in a jail was made, and for how long: seconds, negative for ever. */
export interface BanRecord {
  readonly atSeconds: number;
  readonly bantimeSeconds: number;
}

/** Entry of `bips`: the latest ban of an address in a jail. */
export interface LatestBan {
  readonly jail: string;
  readonly address: string;
  readonly atSeconds: number;
  readonly banCount: number;
}

/** A read must never wait for long on our one thread; a locked file is tried again from a timer. */
const BUSY_MS = 10;
const SLICE = 200;
const MAX_DATA_BYTES = 256 * 1024;
const SQLITE_BUSY = 5;
const SQLITE_LOCKED = 6;

const COLUMNS = `rowid AS id, jail, ip, CAST(timeofban AS INTEGER) AS at,
  max(-2, min(CAST(bantime AS INTEGER), 9007199254740991)) AS bantime, CAST(bancount AS INTEGER) AS bancount,
  CASE WHEN length(data) <= ${MAX_DATA_BYTES} THEN CAST(data AS TEXT) END AS data`;

/**
 * fail2ban's SQLite file, read-only, one short statement at a time: a reader that stays makes fail2ban lose bans.
 * Rowids are reused after deletions, and fail2ban starts a new file when it finds its own damaged.
 */
export class BanDatabase {
  #db: DatabaseSync | undefined;
  #dev = '';
  #ino = '';
  readonly #statements = new Map<string, StatementSync>();

  constructor(readonly path: string) {}

  close(): void {
    this.#statements.clear();
    this.#db?.close();
    this.#db = undefined;
  }

  /**
   * Rows after a cursor, at most `limit`, oldest first, or `undefined` when the cursor's row is gone or another file is in
   * its place: what to do then is `rowsFromTop` and the set of rows already seen.
   * @throws {DatabaseBusyError} @throws {DatabaseUnusableError}
   */
  rowsAfter(cursor: DatabaseCursor | undefined, limit = SLICE): BanRow[] | undefined {
    this.#open();
    if (cursor !== undefined && !this.#isIntact(cursor)) return undefined;
    return this.#rows(`SELECT ${COLUMNS} FROM bans WHERE rowid > ? ORDER BY rowid LIMIT ?`, cursor?.rowid ?? 0, limit);
  }

  /** Rows from a rowid downwards, newest first. */
  rowsDownFrom(rowid: number, limit = SLICE): BanRow[] {
    this.#open();
    return this.#rows(`SELECT ${COLUMNS} FROM bans WHERE rowid <= ? ORDER BY rowid DESC LIMIT ?`, rowid, limit);
  }

  /**
   * Rows of one jail after a place in its history, oldest first: reconciliation. In the order of the index by jail and time,
   * since any other would read the whole table, and keep fail2ban from writing meanwhile.
   */
  rowsOfJailAfter(jail: string, place: HistoryPlace, limit = SLICE): BanRow[] {
    this.#open();
    return this.#rows(
      `SELECT ${COLUMNS} FROM bans WHERE jail = ? AND timeofban >= ? AND (timeofban > ? OR +rowid > ?)
       ORDER BY timeofban, rowid LIMIT ?`,
      jail,
      place.atSeconds,
      place.atSeconds,
      place.rowid,
      limit,
    );
  }

  /** Jails that fail2ban's file knows. */
  jails(): string[] {
    this.#open();
    return this.#all('SELECT name FROM jails').map((row) => String(row['name']));
  }

  /** Seconds of the oldest ban still there, per jail by its index; undefined when there is none. */
  oldestSeconds(): number | undefined {
    const times = this.jails().flatMap((jail) => {
      const at = this.#all('SELECT min(timeofban) AS at FROM bans WHERE jail = ?', jail)[0]?.['at'];
      return typeof at === 'number' ? [at] : [];
    });
    return times.length === 0 ? undefined : Math.min(...times);
  }

  /** A cursor at a row just read from this file. */
  cursorAt(row: BanRow): DatabaseCursor {
    const { rowid, jail, address, atSeconds } = row;
    return { dev: this.#dev, ino: this.#ino, rowid, jail, address, atSeconds };
  }

  /**
   * The latest ban of an address in a jail; undefined when fail2ban has none on record: an unban by hand deletes it, the end of
   * its time or of the jail does not.
   * @throws {DatabaseBusyError} @throws {DatabaseUnusableError}
   */
  latest(jail: string, address: string): BanRecord | undefined {
    this.#open();
    const [row] = this.#all(
      'SELECT CAST(timeofban AS INTEGER) AS at, CAST(bantime AS INTEGER) AS bantime FROM bips WHERE ip = ? AND jail = ?',
      address,
      jail,
    );
    return row === undefined ? undefined : { atSeconds: Number(row['at']), bantimeSeconds: Number(row['bantime']) };
  }

  /**
   * Every entry of `bips`, read in slices with other work in between.
   * @throws {DatabaseBusyError} @throws {DatabaseUnusableError}
   */
  async *latestBans(): AsyncGenerator<LatestBan[]> {
    for (let after = 0; ;) {
      this.#open();
      const rows = this.#all(
        `SELECT rowid AS id, jail, ip, CAST(timeofban AS INTEGER) AS at, CAST(bancount AS INTEGER) AS bancount
         FROM bips WHERE rowid > ? ORDER BY rowid LIMIT 2000`,
        after,
      );
      const last = rows.at(-1);
      if (last === undefined) return;
      after = Number(last['id']);
      yield rows.map((row) => ({
        jail: String(row['jail']),
        address: String(row['ip']),
        atSeconds: Number(row['at']),
        banCount: Number(row['bancount']),
      }));
      await nextTurn();
    }
  }

  /**
   * Those of some addresses whose latest ban in a jail has not run out, as far as this file knows, and was made before
   * `beforeSeconds`.
   * @throws {DatabaseBusyError} @throws {DatabaseUnusableError}
   */
  bannedAmong(jail: string, addresses: readonly string[], beforeSeconds = Number.MAX_SAFE_INTEGER): Set<string> {
    this.#open();
    const nowSeconds = Math.floor(Date.now() / 1_000);
    const sql = `SELECT 1 AS found FROM bips WHERE ip = ? AND jail = ? AND (bantime < 0 OR timeofban + bantime > ?)
      AND timeofban < ?`;
    return new Set(addresses.filter((address) => this.#all(sql, address, jail, nowSeconds, beforeSeconds).length > 0));
  }

  #isIntact(cursor: DatabaseCursor): boolean {
    if (cursor.dev !== this.#dev || cursor.ino !== this.#ino) return false;
    const row = this.#all(
      'SELECT jail, ip, CAST(timeofban AS INTEGER) AS at FROM bans WHERE rowid = ?',
      cursor.rowid,
    )[0];
    return row?.['jail'] === cursor.jail && row['ip'] === cursor.address && row['at'] === cursor.atSeconds;
  }

  /** Opens the file, again when another one is in its place. */
  #open(): void {
    let stat;
    try {
      stat = statSync(this.path, { bigint: true });
    } catch (cause) {
      this.close();
      throw new DatabaseUnusableError(this.path, `cannot be read (${(cause as NodeJS.ErrnoException).code ?? ''})`, {
        cause,
      });
    }
    if (this.#db !== undefined && String(stat.dev) === this.#dev && String(stat.ino) === this.#ino) return;
    this.close();
    try {
      this.#db = new DatabaseSync(this.path, { readOnly: true, timeout: BUSY_MS });
      this.#db.exec('PRAGMA query_only = ON; PRAGMA cache_size = -1024');
    } catch (cause) {
      this.close();
      throw this.#explained(cause);
    }
    this.#dev = String(stat.dev);
    this.#ino = String(stat.ino);
  }

  #rows(sql: string, ...values: (string | number)[]): BanRow[] {
    return this.#all(sql, ...values).map((row) => ({
      rowid: Number(row['id']),
      jail: String(row['jail']),
      address: String(row['ip'] ?? ''),
      atSeconds: Number(row['at']),
      bantimeSeconds: Number(row['bantime']),
      banCount: Number(row['bancount']),
      data: typeof row['data'] === 'string' ? row['data'] : undefined,
    }));
  }

  #all(sql: string, ...values: (string | number)[]): Record<string, SQLOutputValue>[] {
    try {
      if (this.#db === undefined) throw new DatabaseUnusableError(this.path, 'is not open');
      let statement = this.#statements.get(sql);
      if (statement === undefined) this.#statements.set(sql, (statement = this.#db.prepare(sql)));
      return statement.all(...values);
    } catch (cause) {
      throw this.#explained(cause);
    }
  }

  #explained(cause: unknown): Error {
    if (cause instanceof DatabaseUnusableError) return cause;
    const code = Number((cause as { errcode?: unknown }).errcode) & 0xff;
    if (code === SQLITE_BUSY || code === SQLITE_LOCKED) return new DatabaseBusyError({ cause });
    // Corrupt, replaced, or of a shape we do not know: opened afresh next time.
    this.close();
    const reason = cause instanceof Error ? cause.message : String(cause);
    return new DatabaseUnusableError(this.path, reason, { cause });
  }
}
