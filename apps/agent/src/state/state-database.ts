import { chmodSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { AgentError } from './agent.error.js';
import { checkPrivatePath, ensurePrivateFolder } from './private-files.js';

const FILE = 'state.sqlite3';
const BUSY_MS = 5_000;

/**
 * Version by version; released entries are frozen. Addresses are fail2ban's own text, times as the column name says.
 * `seen_ban`: every ban whose database row was turned into an event; `line` 0: its log line has not been read yet.
 * `active_ban`: what the last list of bans held, for hosts whose log cannot be read.
 * `timed_ban`: bans whose end is ours to keep; `ends_ms` when fail2ban would lift them. `bulk_job.duration_s`: null leaves it to the jail.
 * `allow_entry`: what is never to be banned; `allow_applied`: what was put into which jail's ignore list because of them.
 * `bulk_result`: letters of neighbouring entries of a list, from a position on; `bulk_flight`: what fail2ban was last told of it.
 * `ban_line`: `Ban` log lines without a row: `open` ones wait for it, `sent` ones became an event of their own.
 */
const MIGRATIONS: readonly string[] = [
  `CREATE TABLE journal (id TEXT PRIMARY KEY, cmd TEXT NOT NULL, begun_ms INTEGER NOT NULL, outcome TEXT) WITHOUT ROWID;
   CREATE INDEX journal_begun ON journal (begun_ms);
   CREATE TABLE counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
   CREATE TABLE cursor (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
   CREATE TABLE outbox (id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, body TEXT NOT NULL, bytes INTEGER NOT NULL);
   CREATE INDEX outbox_kind ON outbox (kind, id);
   CREATE TABLE seen_ban (jail TEXT NOT NULL, address TEXT NOT NULL, at_s INTEGER NOT NULL, seen_ms INTEGER NOT NULL,
     line INTEGER NOT NULL, PRIMARY KEY (jail, address, at_s)) WITHOUT ROWID;
   CREATE TABLE ban_line (id INTEGER PRIMARY KEY AUTOINCREMENT, jail TEXT NOT NULL, address TEXT NOT NULL, at_ms INTEGER NOT NULL, read_ms INTEGER NOT NULL,
     state TEXT NOT NULL CHECK (state IN ('open', 'sent')));
   CREATE INDEX ban_line_key ON ban_line (jail, address, state);
   CREATE INDEX ban_line_state ON ban_line (state, read_ms);
   CREATE TABLE origin_mark (jail TEXT NOT NULL, address TEXT NOT NULL, origin TEXT NOT NULL, from_ms INTEGER NOT NULL,
     until_ms INTEGER, PRIMARY KEY (jail, address)) WITHOUT ROWID;
   CREATE INDEX origin_mark_from ON origin_mark (from_ms);
   CREATE TABLE active_ban (jail TEXT NOT NULL, address TEXT NOT NULL, expires_ms INTEGER, PRIMARY KEY (jail, address)) WITHOUT ROWID;`,
  `CREATE TABLE bulk_job (id TEXT PRIMARY KEY, direction TEXT NOT NULL, jails TEXT NOT NULL, entries INTEGER NOT NULL,
     state TEXT NOT NULL, life_s INTEGER NOT NULL, deadline_ms INTEGER NOT NULL, begun_ms INTEGER NOT NULL, started_ms INTEGER,
     ended_ms INTEGER) WITHOUT ROWID;
   CREATE TABLE bulk_chunk (job_id TEXT NOT NULL, number INTEGER NOT NULL, size INTEGER NOT NULL, addresses TEXT NOT NULL,
     PRIMARY KEY (job_id, number));
   CREATE TABLE bulk_result (job_id TEXT NOT NULL, jail TEXT NOT NULL, position INTEGER NOT NULL, letters TEXT NOT NULL,
     failures TEXT, PRIMARY KEY (job_id, jail, position)) WITHOUT ROWID;
   CREATE TABLE bulk_flight (job_id TEXT NOT NULL, jail TEXT NOT NULL, position INTEGER NOT NULL, size INTEGER NOT NULL,
     PRIMARY KEY (job_id, jail)) WITHOUT ROWID;`,
  `CREATE TABLE timed_ban (jail TEXT NOT NULL, address TEXT NOT NULL, from_ms INTEGER NOT NULL, until_ms INTEGER, ends_ms INTEGER,
     origin TEXT NOT NULL, PRIMARY KEY (jail, address)) WITHOUT ROWID;
   CREATE INDEX timed_ban_address ON timed_ban (address);
   CREATE TABLE allow_entry (id TEXT PRIMARY KEY, address TEXT NOT NULL, jails TEXT, until_ms INTEGER) WITHOUT ROWID;
   CREATE TABLE allow_applied (jail TEXT NOT NULL, address TEXT NOT NULL, was_there INTEGER NOT NULL,
     PRIMARY KEY (jail, address)) WITHOUT ROWID;`,
  `CREATE INDEX timed_ban_until ON timed_ban (jail, until_ms) WHERE until_ms IS NOT NULL;
   CREATE INDEX timed_ban_renewal ON timed_ban (jail, ends_ms)
     WHERE ends_ms IS NOT NULL AND (until_ms IS NULL OR ends_ms < until_ms);
   ALTER TABLE bulk_job ADD COLUMN duration_s INTEGER;`,
];

/** The state file was written by a newer agent. */
export class NewerStateError extends AgentError {
  constructor(path: string, version: number) {
    super(
      'agent/newer-state',
      'user',
      `${path} was written by a newer agent (schema ${version}): install that one again`,
    );
  }
}

/**
 * The agent's own SQLite file (WAL). Two connections: `durable` waits for the disk at each commit (journal, boot counter),
 * `db` survives the death of the process but may lose its last commits with the power; what feeds on it can be read again
 * from fail2ban.
 */
export class StateDatabase {
  readonly path: string;
  readonly db: DatabaseSync;
  readonly durable: DatabaseSync;

  /**
   * Opens the file in `stateDir`, making both when missing.
   * @throws {UnsafeFileError} when folder or file could have been written by someone else
   * @throws {NewerStateError} when a newer agent wrote it
   */
  constructor(stateDir: string) {
    ensurePrivateFolder(stateDir);
    this.path = join(stateDir, FILE);
    if (existsSync(this.path)) checkPrivatePath(this.path);
    this.durable = new DatabaseSync(this.path, { timeout: BUSY_MS });
    chmodSync(this.path, 0o600);
    this.durable.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -512');
    this.#migrate();
    this.db = new DatabaseSync(this.path, { timeout: BUSY_MS });
    this.db.exec('PRAGMA synchronous = NORMAL; PRAGMA cache_size = -2048; PRAGMA journal_size_limit = 8388608');
  }

  /** Runs `work` in one transaction: all of it lasts, or nothing. */
  transaction<T>(work: () => T): T {
    this.db.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.db.exec('COMMIT');
      return result;
    } catch (error) {
      if (this.db.isTransaction) this.db.exec('ROLLBACK');
      throw error;
    }
  }

  close(): void {
    this.db.close();
    this.durable.close();
  }

  #migrate(): void {
    const row = this.durable.prepare('PRAGMA user_version').get();
    const version = Number(row?.['user_version'] ?? 0);
    if (version > MIGRATIONS.length) throw new NewerStateError(this.path, version);
    for (const [index, sql] of MIGRATIONS.entries()) {
      if (index < version) continue;
      this.durable.exec(`BEGIN IMMEDIATE; ${sql} PRAGMA user_version = ${index + 1}; COMMIT`);
    }
  }
}
