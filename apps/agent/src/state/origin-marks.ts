import type { BanOrigin } from '@bailiff/contracts/http';
import type { StateDatabase } from './state-database.js';

/** fail2ban rounds a ban's time to whole seconds, either way. */
const ROUNDING_MS = 1_500;
const KEEP_MS = 400 * 24 * 3_600_000;

/** Who asked for a ban: noted before fail2ban is told, so that the ban's event can be labelled, whenever it is seen. */
export class OriginMarks {
  readonly #set;
  readonly #end;
  readonly #reopen;
  readonly #remove;
  readonly #find;
  readonly #forget;
  readonly #findTimed;

  constructor(state: StateDatabase) {
    const { db } = state;
    this.#set = db.prepare(
      'INSERT OR REPLACE INTO origin_mark (jail, address, origin, from_ms, until_ms) VALUES (?, ?, ?, ?, ?)',
    );
    this.#remove = db.prepare('DELETE FROM origin_mark WHERE jail = ? AND address = ?');
    this.#end = db.prepare('UPDATE origin_mark SET until_ms = ? WHERE jail = ? AND address = ?');
    this.#reopen = db.prepare('UPDATE origin_mark SET until_ms = NULL WHERE jail = ? AND address = ? AND origin = ?');
    this.#find = db.prepare('SELECT origin, from_ms, until_ms FROM origin_mark WHERE jail = ? AND address = ?');
    this.#forget = db.prepare('DELETE FROM origin_mark WHERE from_ms < ?');
    this.#findTimed = db.prepare('SELECT from_ms, until_ms FROM timed_ban WHERE jail = ? AND address = ?');
    // A command that was cut off by our own death has ended by now.
    db.prepare('UPDATE origin_mark SET until_ms = ? WHERE until_ms IS NULL').run(Date.now());
  }

  /**
   * An operator's ban of `address` (fail2ban's own text) in `jail` begins. Call the answer once it is known whether the ban
   * is theirs (false: fail2ban had banned the address already, or refused; the mark before this one is in force again).
   */
  begin(jail: string, address: string, origin: BanOrigin): (isOurs: boolean) => void {
    const previous = this.#find.get(jail, address);
    this.#set.run(jail, address, origin, Date.now(), null);
    return (isOurs) => {
      if (isOurs) this.#end.run(Date.now(), jail, address);
      else if (previous === undefined) this.#remove.run(jail, address);
      else
        this.#set.run(
          jail,
          address,
          previous['origin'] ?? null,
          previous['from_ms'] ?? null,
          previous['until_ms'] ?? null,
        );
    };
  }

  /**
   * Like {@link begin} for many addresses; call it, and the answer, inside a transaction. `isResumed`: they were begun before,
   * by a process that died since, or by a command that failed; a ban made then is theirs as well.
   */
  beginMany<A extends string>(
    jail: string,
    addresses: readonly A[],
    origin: BanOrigin,
    isResumed: boolean,
  ): (isOurs: (address: A) => boolean) => void {
    const ends = addresses.map((address) => {
      if (isResumed && this.#reopen.run(jail, address, origin).changes > 0)
        return () => void this.#end.run(Date.now(), jail, address);
      return this.begin(jail, address, origin);
    });
    return (isOurs) => {
      for (const [index, address] of addresses.entries()) ends[index]?.(isOurs(address));
    };
  }

  /** Origin of a ban made at `atMs`; `selfblock` when nobody asked for it. */
  originOf(jail: string, address: string, atMs: number): BanOrigin {
    const row = this.#find.get(jail, address);
    if (row === undefined) return 'selfblock';
    const until = row['until_ms'];
    const isWithin =
      atMs >= Number(row['from_ms']) - ROUNDING_MS && (until === null || atMs <= Number(until) + ROUNDING_MS);
    // Only begin() writes here, so the text is an origin.
    return isWithin ? (String(row['origin']) as BanOrigin) : 'selfblock';
  }

  /**
   * When a ban that is in force ends by an operator's wish; null: never. Undefined when the jail's own time counts.
   * @param bannedAtMs when it was made: the wish holds for bans that were made after it; absent: for whatever is in force now
   */
  wishedEnd(jail: string, address: string, bannedAtMs?: number): number | null | undefined {
    const row = this.#findTimed.get(jail, address);
    if (row === undefined) return undefined;
    const until = row['until_ms'];
    const untilMs = until === null ? null : Number(until);
    if (bannedAtMs === undefined) return untilMs;
    const isMeant = bannedAtMs >= Number(row['from_ms']) - ROUNDING_MS && (untilMs === null || bannedAtMs < untilMs);
    return isMeant ? untilMs : undefined;
  }

  /** Forgets marks of more than a year ago. */
  prune(): void {
    this.#forget.run(Date.now() - KEEP_MS);
  }
}
