import { DatabaseSync, type StatementSync } from 'node:sqlite';

import { pastSlices } from '../archive/past-tickets.ts';

/** A database file as fail2ban's server makes it, with the same bans as the archive beside it. @see fail2ban/server/database.py */
export class Fail2banFile {
  readonly #database: DatabaseSync;
  readonly #newest: StatementSync;
  readonly #between: StatementSync;
  readonly #days: StatementSync;
  readonly #search: StatementSync;

  constructor(path: string, rows: number) {
    this.#database = new DatabaseSync(path);
    this.#database.exec(`
      CREATE TABLE jails(name TEXT NOT NULL UNIQUE, enabled INTEGER NOT NULL DEFAULT 1);
      CREATE INDEX jails_name ON jails(name);
      CREATE TABLE bans(jail TEXT NOT NULL, ip TEXT, timeofban INTEGER NOT NULL, bantime INTEGER NOT NULL,
        bancount INTEGER NOT NULL default 1, data JSON, FOREIGN KEY(jail) REFERENCES jails(name));
      CREATE INDEX bans_jail_timeofban_ip ON bans(jail, timeofban);
      CREATE INDEX bans_jail_ip ON bans(jail, ip);
      CREATE INDEX bans_ip ON bans(ip);`);
    this.#fill(rows);
    this.#newest = this.#database.prepare('SELECT * FROM bans ORDER BY timeofban DESC LIMIT 50');
    this.#between = this.#database.prepare(
      'SELECT * FROM bans WHERE timeofban >= ? AND timeofban < ? ORDER BY timeofban DESC LIMIT 50',
    );
    this.#search = this.#database.prepare('SELECT * FROM bans WHERE data LIKE ? ORDER BY timeofban DESC LIMIT 50');
    this.#days = this.#database.prepare('SELECT timeofban / 86400 AS day, count(*) FROM bans GROUP BY day');
  }

  newestPage(): unknown[] {
    return this.#newest.all();
  }

  pageBetween(fromMs: number, toMs: number): unknown[] {
    return this.#between.all(Math.floor(fromMs / 1_000), Math.floor(toMs / 1_000));
  }

  /** Newest bans whose lines hold a text. */
  search(text: string): unknown[] {
    return this.#search.all(`%${text}%`);
  }

  dayTotals(): unknown[] {
    return this.#days.all();
  }

  close(): void {
    this.#database.close();
  }

  #fill(count: number): void {
    const insert = this.#database.prepare('INSERT INTO bans VALUES (?, ?, ?, ?, ?, ?)');
    const options = { seed: 7, count, hostIds: ['x'] as [string], nowMs: Date.now(), sliceSize: 20_000 };
    this.#database.exec('PRAGMA foreign_keys = OFF; PRAGMA synchronous = OFF');
    for (const { tickets } of pastSlices(options)) {
      this.#database.exec('BEGIN');
      for (const { jail, address, atMs, bantimeSeconds = 600, banCount = 1, matches, failures = 1 } of tickets)
        insert.run(
          jail,
          address,
          Math.floor(atMs / 1_000),
          bantimeSeconds,
          banCount,
          JSON.stringify({ matches, failures }),
        );
      this.#database.exec('COMMIT');
    }
  }
}
