import type { TicketEvent } from '@bailiff/contracts/agent';
import { shownAddress } from '../history-feed/ban-row.js';
import type { Outbox } from '../state/outbox.js';
import type { StateDatabase } from '../state/state-database.js';
import type { Snapshot } from './snapshot-taker.js';

/** Notices unbans on hosts whose log cannot be read: what was banned in the last snapshot and no longer is. */
export class UnbanDiffer {
  readonly #all;
  readonly #clear;
  readonly #insert;

  constructor(
    private readonly state: StateDatabase,
    private readonly outbox: Outbox,
  ) {
    const { db } = state;
    this.#all = db.prepare('SELECT jail, address, expires_ms FROM active_ban');
    this.#clear = db.prepare('DELETE FROM active_ban');
    this.#insert = db.prepare('INSERT OR REPLACE INTO active_ban (jail, address, expires_ms) VALUES (?, ?, ?)');
  }

  /**
   * Compares with the snapshot before and remembers this one.
   * @param isReporting whether unbans become tickets; false while the log tells them
   * @returns how many tickets were put into the outbox
   */
  compare(snapshot: Snapshot, isReporting: boolean): number {
    return this.state.transaction(() => {
      const now = new Set(snapshot.bans.map(({ jail, address }) => `${jail}\0${address}`));
      const tickets: TicketEvent[] = [];
      for (const row of isReporting ? this.#all.all() : []) {
        const [jail, raw] = [String(row['jail']), String(row['address'])];
        const address = shownAddress(raw);
        if (now.has(`${jail}\0${raw}`) || address === undefined) continue;
        const expiresMs = typeof row['expires_ms'] === 'number' ? row['expires_ms'] : Infinity;
        tickets.push({ kind: 'unban', jail, address, atMs: Math.min(expiresMs, snapshot.atMs) });
      }
      this.outbox.add(tickets);
      this.#clear.run();
      if (isReporting) {
        for (const { jail, address, expiresAtMs } of snapshot.bans) this.#insert.run(jail, address, expiresAtMs);
      }
      return tickets.length;
    });
  }
}
