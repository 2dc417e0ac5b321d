import type { BanOrigin } from '@bailiff/contracts/http';
import type { SQLOutputValue } from 'node:sqlite';
import type { StateDatabase } from '../state/state-database.js';

/** A ban whose end is ours to keep, not the jail's. */
export interface TimedBan {
  readonly jail: string;
  /** fail2ban's own text. */
  readonly address: string;
  /** When it was asked for, milliseconds since the epoch. */
  readonly fromMs: number;
  /** When it is to be lifted; null: never. */
  readonly untilMs: number | null;
  /** When fail2ban would lift it by itself, as far as known; null: never; 0: it was only asked for. */
  readonly endsMs: number | null;
  readonly origin: BanOrigin;
}

const COLUMNS = 'jail, address, from_ms, until_ms, ends_ms, origin';
/** As the index of renewals has it. */
const RENEWED = 'ends_ms IS NOT NULL AND (until_ms IS NULL OR ends_ms < until_ms)';

/** Timed bans on disk: known again after a restart of the agent or of the machine. There may be 100,000: read in parts. */
export class TimedBanStore {
  readonly #statements;

  constructor(private readonly state: StateDatabase) {
    // What must not be lost waits for the disk: a ban that nobody knows the end of would stay for ever.
    const { durable, db } = state;
    this.#statements = {
      put: durable.prepare(`INSERT OR REPLACE INTO timed_ban (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)`),
      remove: durable.prepare('DELETE FROM timed_ban WHERE jail = ? AND address = ?'),
      get: db.prepare(`SELECT ${COLUMNS} FROM timed_ban WHERE jail = ? AND address = ?`),
      all: db.prepare(`SELECT ${COLUMNS} FROM timed_ban`),
      ofAddress: db.prepare(`SELECT ${COLUMNS} FROM timed_ban WHERE address = ?`),
      jailAfter: db.prepare('SELECT min(jail) AS jail FROM timed_ban WHERE jail > ?'),
      after: db.prepare(`SELECT ${COLUMNS} FROM timed_ban WHERE jail = ? AND address > ? ORDER BY address LIMIT ?`),
      over: db.prepare(`SELECT ${COLUMNS} FROM timed_ban WHERE jail = ? AND until_ms <= ? ORDER BY until_ms LIMIT ?`),
      nextOver: db.prepare(
        'SELECT until_ms AS at FROM timed_ban WHERE jail = ? AND until_ms IS NOT NULL ORDER BY until_ms LIMIT 1',
      ),
      toRenew: db.prepare(
        `SELECT ${COLUMNS} FROM timed_ban INDEXED BY timed_ban_renewal WHERE jail = ? AND ends_ms <= ? AND ${RENEWED}
         ORDER BY ends_ms LIMIT ?`,
      ),
      nextRenewal: db.prepare(
        `SELECT ends_ms AS at FROM timed_ban INDEXED BY timed_ban_renewal WHERE jail = ? AND ${RENEWED}
         ORDER BY ends_ms LIMIT 1`,
      ),
      setEnds: db.prepare('UPDATE timed_ban SET ends_ms = ? WHERE jail = ? AND address = ?'),
    };
  }

  put({ jail, address, fromMs, untilMs, endsMs, origin }: TimedBan): void {
    this.#statements.put.run(jail, address, fromMs, untilMs, endsMs, origin);
  }

  /** All of them or none. */
  putAll(bans: readonly TimedBan[]): void {
    this.change(bans, []);
  }

  /** All of them or none. */
  removeAll(bans: readonly Pick<TimedBan, 'jail' | 'address'>[]): void {
    this.change([], bans);
  }

  /** Writes some and forgets others in one go, which waits for the disk once. */
  change(put: readonly TimedBan[], remove: readonly Pick<TimedBan, 'jail' | 'address'>[]): void {
    if (put.length === 0 && remove.length === 0) return;
    this.#durably(() => {
      for (const ban of put) this.put(ban);
      for (const { jail, address } of remove) this.#statements.remove.run(jail, address);
    });
  }

  /**
   * Forgets all, or all of some jails, however many.
   * @returns puts them back; to be called at most once, before this is called again
   */
  removeEverything(jails: readonly string[] | undefined): () => void {
    const { durable } = this.state;
    const where = jails === undefined ? '' : 'WHERE jail IN (SELECT value FROM json_each(?))';
    const values = jails === undefined ? [] : [JSON.stringify(jails)];
    durable.exec('DROP TABLE IF EXISTS temp.released');
    durable.prepare(`CREATE TEMP TABLE released AS SELECT ${COLUMNS} FROM timed_ban ${where}`).run(...values);
    durable.prepare(`DELETE FROM timed_ban ${where}`).run(...values);
    return () => {
      durable.exec(`INSERT OR REPLACE INTO timed_ban (${COLUMNS}) SELECT ${COLUMNS} FROM temp.released`);
    };
  }

  get(jail: string, address: string): TimedBan | undefined {
    const row = this.#statements.get.get(jail, address);
    return row === undefined ? undefined : read(row);
  }

  all(): TimedBan[] {
    return this.#statements.all.all().map(read);
  }

  /** In whatever jail. */
  ofAddress(address: string): TimedBan[] {
    return this.#statements.ofAddress.all(address).map(read);
  }

  /** Jails that hold any. */
  jails(): string[] {
    const jails: string[] = [];
    for (let last = ''; ;) {
      const next = this.#statements.jailAfter.get(last)?.['jail'];
      if (typeof next !== 'string') return jails;
      jails.push(next);
      last = next;
    }
  }

  /** Those of a jail behind an address, in the order of their text. */
  after(jail: string, address: string, limit: number): TimedBan[] {
    return this.#statements.after.all(jail, address, limit).map(read);
  }

  /** Those whose time is over, the longest first. */
  over(jail: string, nowMs: number, limit: number): TimedBan[] {
    return this.#statements.over.all(jail, nowMs, limit).map(read);
  }

  /** When the next one of a jail is over; undefined: none ever. */
  nextOver(jail: string): number | undefined {
    return timeOf(this.#statements.nextOver.get(jail));
  }

  /** Those that fail2ban would lift by then although they are to last longer. */
  toRenew(jail: string, beforeMs: number, limit: number): TimedBan[] {
    return this.#statements.toRenew.all(jail, beforeMs, limit).map(read);
  }

  /** When fail2ban would lift the first one that is to last longer. */
  nextRenewal(jail: string): number | undefined {
    return timeOf(this.#statements.nextRenewal.get(jail));
  }

  /** Notes when fail2ban would lift some bans of a jail. */
  setEnds(jail: string, ends: readonly Pick<TimedBan, 'address' | 'endsMs'>[]): void {
    if (ends.length === 0) return;
    this.state.transaction(() => {
      for (const { address, endsMs } of ends) this.#statements.setEnds.run(endsMs, jail, address);
    });
  }

  #durably(work: () => void): void {
    const { durable } = this.state;
    durable.exec('BEGIN IMMEDIATE');
    try {
      work();
      durable.exec('COMMIT');
    } catch (error) {
      if (durable.isTransaction) durable.exec('ROLLBACK');
      throw error;
    }
  }
}

function timeOf(row: Record<string, SQLOutputValue> | undefined): number | undefined {
  const at = row?.['at'];
  return typeof at === 'number' ? at : undefined;
}

function read(row: Record<string, SQLOutputValue>): TimedBan {
  return {
    jail: String(row['jail']),
    address: String(row['address']),
    fromMs: Number(row['from_ms']),
    untilMs: numberOrNull(row['until_ms']),
    endsMs: numberOrNull(row['ends_ms']),
    // Only put() writes here, so the text is an origin.
    origin: String(row['origin']) as BanOrigin,
  };
}

function numberOrNull(value: SQLOutputValue | undefined): number | null {
  return value === null || value === undefined ? null : Number(value);
}
