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
  /** When fail2ban would lift it by itself, as far as known; null: never. */
  readonly endsMs: number | null;
  readonly origin: BanOrigin;
}

const COLUMNS = 'jail, address, from_ms, until_ms, ends_ms, origin';

/** Timed bans on disk: known again after a restart of the agent or of the machine. */
export class TimedBanStore {
  readonly #put;
  readonly #get;
  readonly #remove;
  readonly #all;
  readonly #ofJail;
  readonly #addresses;
  readonly #setEnds;
  private readonly durable: StateDatabase['durable'];

  constructor(state: StateDatabase) {
    // Waits for the disk: a ban that nobody knows the end of would stay for ever.
    const { durable, db } = state;
    this.durable = durable;
    this.#put = durable.prepare(`INSERT OR REPLACE INTO timed_ban (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)`);
    this.#remove = durable.prepare('DELETE FROM timed_ban WHERE jail = ? AND address = ?');
    this.#get = db.prepare(`SELECT ${COLUMNS} FROM timed_ban WHERE jail = ? AND address = ?`);
    this.#all = db.prepare(`SELECT ${COLUMNS} FROM timed_ban`);
    this.#ofJail = db.prepare(`SELECT ${COLUMNS} FROM timed_ban WHERE jail = ?`);
    this.#addresses = db.prepare(`SELECT ${COLUMNS} FROM timed_ban WHERE address = ?`);
    this.#setEnds = db.prepare('UPDATE timed_ban SET ends_ms = ? WHERE jail = ? AND address = ?');
  }

  put({ jail, address, fromMs, untilMs, endsMs, origin }: TimedBan): void {
    this.#put.run(jail, address, fromMs, untilMs, endsMs, origin);
  }

  /** All of them or none. */
  putAll(bans: readonly TimedBan[]): void {
    this.durable.exec('BEGIN IMMEDIATE');
    try {
      for (const ban of bans) this.put(ban);
      this.durable.exec('COMMIT');
    } catch (error) {
      if (this.durable.isTransaction) this.durable.exec('ROLLBACK');
      throw error;
    }
  }

  get(jail: string, address: string): TimedBan | undefined {
    const row = this.#get.get(jail, address);
    return row === undefined ? undefined : read(row);
  }

  all(): TimedBan[] {
    return this.#all.all().map(read);
  }

  ofJail(jail: string): TimedBan[] {
    return this.#ofJail.all(jail).map(read);
  }

  /** In whatever jail. */
  ofAddress(address: string): TimedBan[] {
    return this.#addresses.all(address).map(read);
  }

  setEnds(jail: string, address: string, endsMs: number | null): void {
    this.#setEnds.run(endsMs, jail, address);
  }

  remove(jail: string, address: string): void {
    this.#remove.run(jail, address);
  }
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
