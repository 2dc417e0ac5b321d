import type { TicketEvent } from '@bailiff/contracts/agent';
import type { OriginMarks } from '../state/origin-marks.js';
import { readTicketData, shownAddress, shownJail, type BanRow } from './ban-row.js';
import type { FeedLine } from './feed-line.js';
import type { BanLine, PairingStore } from './pairing-store.js';

/** What was read in one go: log lines first, then the database to its end. */
export interface FeedSlice {
  readonly lines: readonly FeedLine[];
  readonly rows: readonly BanRow[];
  readonly nowMs: number;
  /** Whether the database was read to its end after the lines were. */
  readonly isDrained: boolean;
  /** How long a `Ban` line waits for its row, milliseconds: 0 when there is no database. */
  readonly graceMs: number;
}

/** A ban's time is rounded to whole seconds, either way, and not after its line otherwise. */
const ROUNDING_MS = 505;
/** But fail2ban takes failures dated up to a minute ahead of its clock as they are. */
const AHEAD_MS = 61_000;
/** A row is in the file within milliseconds after its line was written. */
const LAG_MS = 2_000;
/** A row that comes after its line was given up comes within this time of reading the line. */
const LATE_ROW_MS = 10 * 60_000;
/** Longest time between the failure that a ban is dated by and the ban, for such a row. */
const MAX_LAG_MS = 3_600_000;
/** Failures older than this are history, not news. */
const FOUND_MAX_AGE_MS = 10 * 60_000;

/**
 * Makes exactly one event of each ban, which fail2ban records twice: as a database row (exact, but it may be lost or
 * deleted again) and as a log line (complete, but without details). Rows are events at once; a line looks for the row that
 * was sent already, else waits for it, and becomes an event of its own when none comes. Unbans come from the log alone.
 * Call inside the transaction that moves the cursors.
 */
export class BanMerger {
  constructor(
    private readonly store: PairingStore,
    private readonly marks: OriginMarks,
  ) {}

  /** Tickets of a slice, in order. */
  merge(slice: FeedSlice): TicketEvent[] {
    const tickets: TicketEvent[] = [];
    const rows = this.#newRows(slice, tickets);
    const pairs = pairUp(slice.lines, rows);
    for (const row of rows) this.store.see(row.jail, row.address, row.atSeconds, slice.nowMs, pairs.rows.has(row));
    const lastLineMs = slice.lines.reduce((last, { atMs }) => Math.max(last, atMs), -Infinity);
    // Rows whose line is not here: it was rotated away, or will be read next and find them among the seen.
    const [older, newer] = partition(
      rows.filter((row) => !pairs.rows.has(row)),
      (row) => row.atSeconds * 1000 + ROUNDING_MS < lastLineMs,
    );
    for (const row of older) push(tickets, this.#ofRow(row));
    for (const line of slice.lines) this.#takeLine(line, pairs.lines.get(line), slice, tickets);
    for (const row of newer) push(tickets, this.#ofRow(row));
    if (slice.isDrained) {
      for (const line of this.store.openReadBy(slice.nowMs - slice.graceMs)) this.#sendLine(line, slice.nowMs, tickets);
    }
    return tickets;
  }

  /** Rows never seen before. Those that an earlier line waits for become events at once and are not answered. */
  #newRows(slice: FeedSlice, tickets: TicketEvent[]): BanRow[] {
    const keys = new Set<string>();
    return slice.rows.filter((row) => {
      const { jail, address, atSeconds } = row;
      const key = `${jail}\0${address}\0${atSeconds}`;
      if (keys.has(key) || this.store.isSeen(jail, address, atSeconds)) return false;
      keys.add(key);
      const open = pick(this.store.lines(jail, address, 'open'), atSeconds);
      if (open !== undefined) {
        this.store.removeLine(open);
        this.store.see(jail, address, atSeconds, slice.nowMs, true);
        push(tickets, this.#ofRow(row));
        return false;
      }
      const sent = pick(this.#sentJustNow(row, slice.nowMs), atSeconds);
      if (sent === undefined) return true;
      // The row of a ban that was given up and sent as its line.
      this.store.removeLine(sent);
      this.store.see(jail, address, atSeconds, slice.nowMs, true);
      return false;
    });
  }

  #sentJustNow({ jail, address, atSeconds }: BanRow, nowMs: number): BanLine[] {
    return this.store
      .lines(jail, address, 'sent')
      .filter((line) => nowMs - line.readMs < LATE_ROW_MS && line.atMs - atSeconds * 1000 < MAX_LAG_MS);
  }

  #takeLine(line: FeedLine, row: BanRow | undefined, slice: FeedSlice, tickets: TicketEvent[]): void {
    const { kind, jail, address, atMs } = line;
    switch (kind) {
      case 'found':
        if (slice.nowMs - atMs < FOUND_MAX_AGE_MS) push(tickets, this.#ticket('found', jail, address, atMs));
        return;
      case 'unban':
        // Whatever was banned before must be an event before: its row was deleted, or never came.
        for (const open of this.store.lines(jail, address, 'open'))
          if (open.atMs <= atMs) this.#sendLine(open, atMs, tickets);
        push(tickets, this.#ticket('unban', jail, address, atMs));
        return;
      case 'ban': {
        if (row !== undefined) {
          push(tickets, this.#ofRow(row));
          return;
        }
        const seen = nearest(
          this.store.unpaired(jail, address).filter(({ seenMs }) => atMs <= seenMs + LAG_MS),
          atMs,
        );
        if (seen === undefined) this.store.addLine(jail, address, atMs, slice.nowMs, 'open');
        else this.store.pair(jail, address, seen.atSeconds);
      }
    }
  }

  /**
   * No row came by `untilMs`: the line is the ban, unless a row dated ahead of the clock was sent. Should the row turn up later all the
   * same, it is not a second one.
   */
  #sendLine(line: BanLine, untilMs: number, tickets: TicketEvent[]): void {
    const { jail, address, atMs } = line;
    const ahead = this.store.unpaired(jail, address).find(({ atSeconds }) => {
      const rowMs = atSeconds * 1000;
      return rowMs > atMs && rowMs <= Math.min(atMs + AHEAD_MS, untilMs - ROUNDING_MS);
    });
    if (ahead !== undefined) {
      this.store.pair(jail, address, ahead.atSeconds);
      this.store.removeLine(line);
      return;
    }
    this.store.setSent(line);
    const atSeconds = Math.floor(atMs / 1000);
    // Two bans within one second differ in their milliseconds only.
    const isTaken = this.store.isSeen(jail, address, atSeconds);
    if (!isTaken) this.store.see(jail, address, atSeconds, line.readMs, true);
    const eventMs = isTaken ? Math.max(atMs, atSeconds * 1000 + 1) : atSeconds * 1000;
    const ticket = this.#ticket('ban', jail, address, eventMs);
    const end = this.marks.wishedEnd(jail, address, eventMs);
    const wished = end === undefined ? {} : { bantimeSeconds: end === null ? -1 : secondsUntil(end, eventMs) };
    push(tickets, ticket && { ...ticket, origin: this.marks.originOf(jail, address, atMs), ...wished });
  }

  #ofRow(row: BanRow): TicketEvent | undefined {
    const { jail, address, atSeconds, bantimeSeconds, banCount, data } = row;
    const ticket = this.#ticket('ban', jail, address, atSeconds * 1000);
    if (ticket === undefined) return undefined;
    const origin = this.marks.originOf(jail, address, atSeconds * 1000);
    const end = this.marks.wishedEnd(jail, address, atSeconds * 1000);
    const wished = end === undefined ? {} : { bantimeSeconds: end === null ? -1 : secondsUntil(end, atSeconds * 1000) };
    return { ...ticket, bantimeSeconds, banCount, origin, ...readTicketData(data), ...wished };
  }

  #ticket(kind: TicketEvent['kind'], jail: string, address: string, atMs: number): TicketEvent | undefined {
    const shown = { jail: shownJail(jail), address: shownAddress(address) };
    if (shown.jail === undefined || shown.address === undefined || !Number.isSafeInteger(atMs) || atMs < 0)
      return undefined;
    return { kind, jail: shown.jail, address: shown.address, atMs };
  }
}

const keyOf = ({ jail, address }: { readonly jail: string; readonly address: string }) => `${jail}\0${address}`;

function push(tickets: TicketEvent[], ticket: TicketEvent | undefined): void {
  if (ticket !== undefined) tickets.push(ticket);
}

/** The line that belongs to a ban of that second: the first after it. */
function pick(lines: readonly BanLine[], atSeconds: number): BanLine | undefined {
  return lines.find((line) => line.atMs >= atSeconds * 1000 - ROUNDING_MS);
}

/** The ban that belongs to a line: the last before it. */
function nearest<T extends { readonly atSeconds: number }>(bans: readonly T[], lineMs: number): T | undefined {
  return bans.findLast(({ atSeconds }) => atSeconds * 1000 <= lineMs + ROUNDING_MS);
}

/** Which row belongs to which `Ban` line, where both are here: from the end, since what is missing is missing at the start. */
function pairUp(
  lines: readonly FeedLine[],
  rows: readonly BanRow[],
): { lines: Map<FeedLine, BanRow>; rows: Set<BanRow> } {
  const pairs = { lines: new Map<FeedLine, BanRow>(), rows: new Set<BanRow>() };
  const byKey = Map.groupBy(rows, keyOf);
  for (const line of lines.toReversed()) {
    if (line.kind !== 'ban') continue;
    const free = byKey.get(keyOf(line))?.filter((row) => !pairs.rows.has(row));
    const row = free && nearest(free, line.atMs);
    if (row === undefined) continue;
    pairs.lines.set(line, row);
    pairs.rows.add(row);
  }
  return pairs;
}

/** Rounded up, so that a ban is not shown as over before it is lifted. */
function secondsUntil(endMs: number, atMs: number): number {
  return Math.max(0, Math.ceil((endMs - atMs) / 1000));
}

function partition<T>(items: readonly T[], test: (item: T) => boolean): [T[], T[]] {
  return [items.filter((item) => test(item)), items.filter((item) => !test(item))];
}
