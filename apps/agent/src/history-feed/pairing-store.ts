import type { StateDatabase } from '../state/state-database.js';

/** A `Ban` line without a database row. `open`: the row may still come. `sent`: it became an event of its own. */
export interface BanLine {
  readonly id: number;
  readonly jail: string;
  readonly address: string;
  readonly atMs: number;
  readonly readMs: number;
}

/** A ban whose row became an event before its line was read. */
export interface UnpairedRow {
  readonly atSeconds: number;
  /** When the row was read, milliseconds. Its line was written before that. */
  readonly seenMs: number;
}

/** What is remembered to make one event of a ban's database row and its log line. Call inside a transaction. */
export class PairingStore {
  readonly #isSeen;
  readonly #see;
  readonly #unpaired;
  readonly #pair;
  readonly #addLine;
  readonly #lines;
  readonly #openSince;
  readonly #firstOpen;
  readonly #setSent;
  readonly #removeLine;
  readonly #forgetRows;
  readonly #forgetLines;

  constructor(state: StateDatabase) {
    const { db } = state;
    this.#isSeen = db.prepare('SELECT 1 FROM seen_ban WHERE jail = ? AND address = ? AND at_s = ?');
    this.#see = db.prepare(
      'INSERT OR IGNORE INTO seen_ban (jail, address, at_s, seen_ms, line) VALUES (?, ?, ?, ?, ?)',
    );
    this.#unpaired = db.prepare(
      'SELECT at_s, seen_ms FROM seen_ban WHERE jail = ? AND address = ? AND line = 0 ORDER BY at_s',
    );
    this.#pair = db.prepare('UPDATE seen_ban SET line = 1 WHERE jail = ? AND address = ? AND at_s = ?');
    this.#addLine = db.prepare(`INSERT INTO ban_line (jail, address, at_ms, read_ms, state) VALUES (?, ?, ?, ?, ?)`);
    this.#lines = db.prepare('SELECT * FROM ban_line WHERE jail = ? AND address = ? AND state = ? ORDER BY at_ms, id');
    this.#openSince = db.prepare(`SELECT * FROM ban_line WHERE state = 'open' AND read_ms <= ? ORDER BY read_ms, id`);
    this.#firstOpen = db.prepare(`SELECT min(read_ms) AS read_ms FROM ban_line WHERE state = 'open'`);
    this.#setSent = db.prepare(`UPDATE ban_line SET state = 'sent' WHERE id = ?`);
    this.#removeLine = db.prepare('DELETE FROM ban_line WHERE id = ?');
    this.#forgetRows = db.prepare('DELETE FROM seen_ban WHERE at_s < ? AND seen_ms < ?');
    this.#forgetLines = db.prepare(`DELETE FROM ban_line WHERE state = 'sent' AND read_ms < ?`);
  }

  /** Whether the ban of `address` in `jail` at that second was seen. */
  isSeen(jail: string, address: string, atSeconds: number): boolean {
    return this.#isSeen.get(jail, address, atSeconds) !== undefined;
  }

  see(jail: string, address: string, atSeconds: number, nowMs: number, isPaired: boolean): void {
    this.#see.run(jail, address, atSeconds, nowMs, isPaired ? 1 : 0);
  }

  /** Seen rows whose line has not been read, oldest first. */
  unpaired(jail: string, address: string): UnpairedRow[] {
    return this.#unpaired
      .all(jail, address)
      .map((row) => ({ atSeconds: Number(row['at_s']), seenMs: Number(row['seen_ms']) }));
  }

  pair(jail: string, address: string, atSeconds: number): void {
    this.#pair.run(jail, address, atSeconds);
  }

  addLine(jail: string, address: string, atMs: number, readMs: number, state: 'open' | 'sent'): void {
    this.#addLine.run(jail, address, atMs, readMs, state);
  }

  /** Lines without a row of one address, oldest first. */
  lines(jail: string, address: string, state: 'open' | 'sent'): BanLine[] {
    return this.#lines.all(jail, address, state).map(lineOf);
  }

  /** Open lines that were read at or before a time. */
  openReadBy(readMs: number): BanLine[] {
    return this.#openSince.all(readMs).map(lineOf);
  }

  /** When the open line that waits longest was read. */
  oldestOpenReadMs(): number | undefined {
    const value = this.#firstOpen.get()?.['read_ms'];
    return typeof value === 'number' ? value : undefined;
  }

  setSent(line: BanLine): void {
    this.#setSent.run(line.id);
  }

  removeLine(line: BanLine): void {
    this.#removeLine.run(line.id);
  }

  /** Forgets bans older than `atSeconds` that were seen before `seenMs`, and sent lines read before it. */
  forget(atSeconds: number, seenMs: number): void {
    this.#forgetRows.run(atSeconds, seenMs);
    this.#forgetLines.run(seenMs);
  }
}

function lineOf(row: Record<string, unknown>): BanLine {
  return {
    id: Number(row['id']),
    jail: String(row['jail']),
    address: String(row['address']),
    atMs: Number(row['at_ms']),
    readMs: Number(row['read_ms']),
  };
}
