import type { Outbox } from '../state/outbox.js';
import type { StateDatabase } from '../state/state-database.js';
import type { BanMerger } from './ban-merger.js';
import type { DatabaseReader, RowSlice } from './database-reader.js';
import type { FeedLine } from './feed-line.js';
import { NO_LINES, type LineSlice, type LogReader, type LogSigns } from './log-reader.js';
import type { PairingStore } from './pairing-store.js';

/** Outcome of one step. */
export interface FeedStep extends LogSigns {
  /** `more`: call again soon. `busy`: the database is locked, call again in a moment. `paused`: the spool is full. */
  readonly next: 'more' | 'busy' | 'paused' | 'idle';
  /** Tickets put into the outbox. */
  readonly added: number;
  /** Whether something may have been missed. */
  readonly isGap: boolean;
  /** What was lifted. */
  readonly unbans: readonly FeedLine[];
}

/** How long a `Ban` line waits for its row. fail2ban itself gives up on a locked database after 5 s. */
export const GRACE_MS = 7_000;
/** How long log lines wait for a locked database, so that bans and unbans keep their order. */
const BUSY_PATIENCE_MS = 10_000;
const NO_ROWS: RowSlice = { rows: [], state: 'unusable', isMoved: false, save: () => undefined };

/** Takes what fail2ban wrote down since the last step and puts it into the outbox: all of it, once, whenever we die. */
export class FeedReader {
  #busySinceMs: number | undefined;

  constructor(
    private readonly state: StateDatabase,
    private readonly outbox: Outbox,
    private readonly merger: BanMerger,
    private readonly pairing: PairingStore,
    readonly log: LogReader | undefined,
    readonly database: DatabaseReader | undefined,
  ) {}

  close(): void {
    this.log?.close();
    this.database?.close();
  }

  /** When a `Ban` line that still waits for its row is to be given up; undefined when none waits. */
  get nextDeadlineMs(): number | undefined {
    const readMs = this.pairing.oldestOpenReadMs();
    return readMs === undefined ? undefined : readMs + this.#graceMs;
  }

  /** One slice of each source, in one transaction. Synchronous and short. */
  step(nowMs = Date.now()): FeedStep {
    if (this.outbox.isFull) return this.#outcome('paused', 0, NO_LINES);
    // The log first: a row is there moments after its line, so lines read before the rows find theirs.
    const lines = this.log?.read(nowMs) ?? NO_LINES;
    const rows = this.database?.read() ?? NO_ROWS;
    if (rows.state === 'busy' && !this.#isTiredOfWaiting(nowMs)) return this.#outcome('busy', 0, NO_LINES);
    if (rows.state !== 'busy') this.#busySinceMs = undefined;
    if (rows.state === 'more') {
      // A backlog: rows alone, until lines and rows meet at their ends.
      return this.#outcome('more', this.#take(NO_LINES, rows, false, nowMs), NO_LINES);
    }
    const isDrained = rows.state !== 'busy';
    const added = this.#take(lines, rows, isDrained, nowMs);
    const isIdle = lines.isAtEnd && rows.state !== 'busy';
    if (isIdle && this.database?.isReconciling === true) {
      const again = this.database.reconcile();
      const addedAgain = this.#take(NO_LINES, again, false, nowMs);
      const isStuck = again.state === 'busy' || again.state === 'unusable';
      return this.#outcome(isStuck ? 'idle' : 'more', added + addedAgain, lines);
    }
    return this.#outcome(isIdle ? 'idle' : rows.state === 'busy' ? 'busy' : 'more', added, lines);
  }

  /** Forgets what can never be read again. */
  prune(nowMs = Date.now()): void {
    const oldest = this.database?.oldestSeconds() ?? nowMs / 1000 - 30 * 86_400;
    this.state.transaction(() => this.pairing.forget(Math.floor(oldest) - 86_400, nowMs - 2 * 86_400_000));
  }

  get #graceMs(): number {
    return this.database === undefined ? 0 : GRACE_MS;
  }

  #take(lines: LineSlice, rows: RowSlice, isDrained: boolean, nowMs: number): number {
    const isDue = isDrained && (this.nextDeadlineMs ?? Infinity) <= nowMs;
    if (!lines.isMoved && !rows.isMoved && !isDue) {
      lines.save();
      return 0;
    }
    return this.state.transaction(() => {
      const slice = { lines: lines.lines, rows: rows.rows, nowMs, isDrained, graceMs: this.#graceMs };
      const tickets = this.merger.merge(slice);
      this.outbox.add(tickets);
      lines.save();
      rows.save();
      return tickets.length;
    });
  }

  #isTiredOfWaiting(nowMs: number): boolean {
    this.#busySinceMs ??= nowMs;
    return nowMs - this.#busySinceMs > BUSY_PATIENCE_MS;
  }

  #outcome(next: FeedStep['next'], added: number, slice: LineSlice): FeedStep {
    const { isGap, hasActivity, hasChange, hasRestored, turns, bursts } = slice;
    const unbans = slice.lines.filter(({ kind }) => kind === 'unban');
    return { next, added, isGap, hasActivity, hasChange, hasRestored, turns, bursts, unbans };
  }
}
