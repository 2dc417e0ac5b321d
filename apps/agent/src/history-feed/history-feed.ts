import { setImmediate as nextTurn } from 'node:timers/promises';
import { CursorStore } from '../state/cursor-store.js';
import type { OriginMarks } from '../state/origin-marks.js';
import type { Outbox } from '../state/outbox.js';
import type { StateDatabase } from '../state/state-database.js';
import type { BanBurst } from '../jails/ban-bursts.js';
import type { JailTurn } from '../jails/idle-jails.js';
import { BanDatabase } from './ban-database.js';
import { BanMerger } from './ban-merger.js';
import { DatabaseReader } from './database-reader.js';
import { FeedReader, type FeedStep } from './feed-reader.js';
import { FileWatch } from './file-watch.js';
import { LogClock } from './log-clock.js';
import { LogReader } from './log-reader.js';
import { PairingStore } from './pairing-store.js';

/** Where fail2ban writes down what it does; undefined: nowhere that can be read. */
export interface FeedSources {
  readonly databasePath: string | undefined;
  readonly logPath: string | undefined;
}

/** Who wants to know. All are called after what they are about is safe on disk. */
export interface FeedListeners {
  /** Tickets were put into the outbox. */
  onTickets(): void;
  /** Bans, unbans or failures happened just now. */
  onActivity(): void;
  /** Jails came, went or were configured anew. */
  onChange(): void;
  /** Jails started, were reloaded or stopped. */
  onTurns?(turns: readonly JailTurn[]): void;
  /** Many bans were lifted or put back one after another. */
  onBursts?(bursts: readonly BanBurst[]): void;
  /** Bans of an earlier run of fail2ban came back into force. */
  onRestored(): void;
  /** Bans were lifted, by whom or what ever. */
  onUnbans?(bans: readonly { readonly jail: string; readonly address: string }[]): void;
  /** Something may have been missed: what is banned now should be asked for. */
  onGap(): void;
  /** Reading failed and is tried again. */
  onError(error: unknown): void;
}

export interface FeedTimings {
  /** Events of the same moment are read together, milliseconds. */
  readonly gatherMs: number;
  /** Safety net beneath inotify. */
  readonly pollMs: number;
  readonly reconcileMs: number;
}

const TIMINGS: FeedTimings = { gatherMs: 4, pollMs: 5_000, reconcileMs: 3_600_000 };
const BUSY_RETRY_MS = 25;
const PAUSED_RETRY_MS = 1_000;
const ERROR_RETRY_MS = 2_000;
/** How far back a regular reconciliation looks, seconds. */
const LOOK_BACK_SECONDS = 3 * 3_600;
const RECONCILED = 'reconciled';

/** Keeps the outbox filled with what fail2ban records, from its database and its log. */
export class HistoryFeed {
  readonly #cursors: CursorStore;
  #reader: FeedReader | undefined;
  #sources: FeedSources = { databasePath: undefined, logPath: undefined };
  #watches: FileWatch[] = [];
  #timer: NodeJS.Timeout | undefined;
  #timerAtMs = Infinity;
  #poll: NodeJS.Timeout | undefined;
  #reconciledMs = 0;
  #isRunning = false;
  #isStopped = false;
  #pumping: Promise<void> | undefined;
  #error: string | undefined;

  constructor(
    private readonly state: StateDatabase,
    private readonly outbox: Outbox,
    private readonly marks: OriginMarks,
    private readonly listeners: FeedListeners,
    private readonly timings: FeedTimings = TIMINGS,
  ) {
    this.#cursors = new CursorStore(state);
  }

  /** Why the feed is not complete, for people; undefined when it is. */
  get problem(): string | undefined {
    return this.#error ?? this.#reader?.database?.problem ?? this.#reader?.log?.problem;
  }

  /** The zone that fail2ban's log is written in. */
  get clock(): LogClock {
    return this.#reader?.log?.clock ?? new LogClock();
  }

  get sources(): FeedSources {
    return this.#sources;
  }

  start(): void {
    this.#poll = setInterval(() => {
      for (const watch of this.#watches) watch.refresh();
      if (Date.now() - this.#reconciledMs > this.timings.reconcileMs) this.reconcile(LOOK_BACK_SECONDS);
      this.#wake(0);
    }, this.timings.pollMs);
  }

  /** Reads from these from now on; the same again changes nothing. */
  setSources(sources: FeedSources): void {
    const isSame = sources.databasePath === this.#sources.databasePath && sources.logPath === this.#sources.logPath;
    if (isSame && this.#reader !== undefined) return;
    this.#sources = sources;
    this.#open();
    const last = this.#cursors.get(RECONCILED);
    // At first contact everything is read anyway.
    const passedSeconds = typeof last === 'number' ? Math.max(0, Date.now() - last) / 1000 : 0;
    this.reconcile(Math.ceil(passedSeconds) + LOOK_BACK_SECONDS);
  }

  /** Looks at every row of the last so many seconds again: what was missed becomes an event. */
  reconcile(lookBackSeconds: number): void {
    this.#reconciledMs = Date.now();
    this.#reader?.database?.planReconciliation(Math.max(0, Math.floor(Date.now() / 1000 - lookBackSeconds)));
    this.#reader?.prune();
    this.marks.prune();
    this.state.transaction(() => this.#cursors.set(RECONCILED, this.#reconciledMs));
    this.#wake(0);
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    clearInterval(this.#poll);
    clearTimeout(this.#timer);
    for (const watch of this.#watches) watch.close();
    await this.#pumping;
    this.#reader?.close();
  }

  #open(): void {
    this.#reader?.close();
    for (const watch of this.#watches) watch.close();
    const { databasePath, logPath } = this.#sources;
    const pairing = new PairingStore(this.state);
    this.#reader = new FeedReader(
      this.state,
      this.outbox,
      new BanMerger(pairing, this.marks),
      pairing,
      logPath === undefined ? undefined : new LogReader(logPath, this.#cursors),
      databasePath === undefined
        ? undefined
        : new DatabaseReader(new BanDatabase(databasePath), this.#cursors, pairing),
    );
    const paths = [databasePath, logPath].filter((path) => path !== undefined);
    this.#watches = paths.map((path) => new FileWatch(path, () => this.#wake(this.timings.gatherMs)));
    this.#wake(0);
  }

  #wake(inMs: number): void {
    const atMs = performance.now() + inMs;
    if (this.#isStopped || this.#timerAtMs <= atMs) return;
    clearTimeout(this.#timer);
    this.#timerAtMs = atMs;
    this.#timer = setTimeout(() => {
      this.#timerAtMs = Infinity;
      if (this.#isRunning) this.#wake(this.timings.gatherMs);
      else this.#pumping = this.#pump();
    }, inMs);
  }

  /** Steps until nothing is left, with room for other work in between. */
  async #pump(): Promise<void> {
    this.#isRunning = true;
    try {
      for (;;) {
        const step = this.#reader?.step();
        if (step === undefined) return;
        this.#error = undefined;
        this.#tell(step);
        if (step.next !== 'more') {
          this.#sleep(step.next);
          return;
        }
        await nextTurn();
        if (this.#isStopped) return;
      }
    } catch (error) {
      this.#recover(error);
    } finally {
      this.#isRunning = false;
    }
  }

  #sleep(state: 'busy' | 'paused' | 'idle'): void {
    if (state === 'busy') this.#wake(BUSY_RETRY_MS);
    else if (state === 'paused') this.#wake(PAUSED_RETRY_MS);
    else {
      const deadlineMs = this.#reader?.nextDeadlineMs;
      if (deadlineMs !== undefined) this.#wake(Math.max(1, deadlineMs - Date.now()));
    }
  }

  /** What was read was not stored, so it is read again from where the stored cursors say. */
  #recover(error: unknown): void {
    if (this.#isStopped) return;
    this.#error = error instanceof Error ? error.message : String(error);
    this.listeners.onError(error);
    setTimeout(() => {
      if (this.#isStopped) return;
      this.outbox.recount();
      this.#open();
    }, ERROR_RETRY_MS);
  }

  #tell(step: FeedStep): void {
    if (step.added > 0) this.listeners.onTickets();
    if (step.hasActivity) this.listeners.onActivity();
    if (step.bursts.length > 0) this.listeners.onBursts?.(step.bursts);
    if (step.turns.length > 0) this.listeners.onTurns?.(step.turns);
    if (step.hasChange) this.listeners.onChange();
    if (step.hasRestored) this.listeners.onRestored();
    if (step.unbans.length > 0) this.listeners.onUnbans?.(step.unbans);
    if (step.isGap) {
      this.reconcile(LOOK_BACK_SECONDS);
      this.listeners.onGap();
    }
  }
}
