import { statSync } from 'node:fs';
import { parseLogLine, type LogEvent } from '@bailiff/fail2ban-protocol';
import type { CursorStore } from '../state/cursor-store.js';
import { type BanBurst, BurstJoiner } from '../jails/ban-bursts.js';
import type { JailTurn } from '../jails/idle-jails.js';
import type { FeedLine } from './feed-line.js';
import { LogClock, type LogClockState } from './log-clock.js';
import { rotationProblem } from './log-files.js';
import { LogTail, type LogPosition, type LogSlice } from './log-tail.js';

/** What a stretch of log says beside single tickets. */
export interface LogSigns {
  /** Whether bans, unbans or failures were written just now. */
  hasActivity: boolean;
  /** Whether jails came, went or were configured anew just now. */
  hasChange: boolean;
  /** Whether bans of an earlier run came back into force just now. */
  hasRestored: boolean;
  /** Jails that started, were reloaded or stopped, however long ago. */
  turns: readonly JailTurn[];
  /** Bans lifted and put back one after another, with the time it took. */
  bursts: readonly BanBurst[];
}

/** Lines read in one go; `save` moves the cursor behind them, inside the transaction that stores what became of them. */
export interface LineSlice extends LogSigns {
  readonly lines: readonly FeedLine[];
  readonly isAtEnd: boolean;
  /** Whether lines may have been lost before these. */
  readonly isGap: boolean;
  /** Whether there is anything to save. */
  readonly isMoved: boolean;
  save(): void;
}

/** No log, or nothing in it. */
export const NO_LINES: LineSlice = {
  lines: [],
  isAtEnd: true,
  isGap: false,
  isMoved: false,
  hasActivity: false,
  hasChange: false,
  hasRestored: false,
  turns: [],
  bursts: [],
  save: () => undefined,
};

interface StoredLog {
  readonly path: string;
  readonly position: LogPosition | null;
  readonly clock: LogClockState;
  /** Lines up to this moment were handled before the log was replaced. */
  readonly skipUntilMs: number | null;
}

const CURSOR = 'log';
/** A line is fresh when the log was read to its end this recently before. */
const FRESH_MS = 5_000;
/** Old news changes nothing about the present. */
const NEWS_MS = 5 * 60_000;
/** The last line of a log was written when the file says it was changed. */
const FILE_TIME_TOLERANCE_MS = 2_000;

const KINDS: Readonly<Partial<Record<LogEvent['kind'], FeedLine['kind']>>> = {
  ban: 'ban',
  unban: 'unban',
  // 1.1.1 calls the unban of a stopping jail so; the firewall is open again all the same.
  repealBan: 'unban',
  found: 'found',
};
const CHANGES: ReadonlySet<LogEvent['kind']> = new Set([
  'starting',
  'shutdown',
  'exited',
  'jailStarted',
  'jailStopped',
  'jailReloaded',
  'reloadFinished',
]);

/** What ends the idle state of a jail, or of all. */
const TURNS: ReadonlySet<LogEvent['kind']> = new Set(['starting', 'jailStarted', 'jailStopped', 'jailReloaded']);

/** Reads fail2ban's log forward from a persisted position, with times made absolute. */
export class LogReader {
  readonly #tail: LogTail;
  #position: LogPosition | undefined;
  #clock: LogClock;
  #skipUntilMs: number | undefined;
  #atEndMs = 0;
  #problem: string | undefined;

  constructor(
    readonly path: string,
    private readonly cursors: CursorStore,
  ) {
    this.#tail = new LogTail(path);
    const stored = cursors.get(CURSOR) as StoredLog | undefined;
    this.#clock = new LogClock(stored?.clock);
    this.#skipUntilMs = stored?.skipUntilMs ?? undefined;
    if (stored?.path === path) this.#position = stored.position ?? undefined;
    // Another name for what may be the same text: what was handled stays handled.
    else this.#skipUntilMs = stored?.clock.previousMs;
  }

  /** Why the log cannot be read; undefined when it can. */
  get problem(): string | undefined {
    return this.#problem ?? rotationProblemOf(this.path);
  }

  /** The zone of fail2ban as far as its lines told. */
  get clock(): LogClock {
    return this.#clock;
  }

  close(): void {
    this.#tail.close();
  }

  /** The lines after the cursor, at most one slice. */
  read(nowMs: number): LineSlice {
    const slice = this.#readTail();
    if (slice === undefined) return NO_LINES;
    const clock = new LogClock(this.#clock.state);
    const isFresh = nowMs - this.#atEndMs < FRESH_MS;
    const events = slice.lines.flatMap((line) => parseLogLine(line) ?? []);
    this.#calibrate(clock, slice, events, isFresh, nowMs);
    let skipUntilMs = slice.isGap ? clock.state.previousMs : this.#skipUntilMs;
    const lines: FeedLine[] = [];
    const turns: JailTurn[] = [];
    const signs: LogSigns = { hasActivity: false, hasChange: false, hasRestored: false, turns, bursts: [] };
    const bursts = new BurstJoiner();
    const joins = (jail: string, burst: BanBurst['kind'], atMs: number) =>
      bursts.add({ jail, kind: burst, firstMs: atMs, lastMs: atMs, lines: 1 });
    for (const event of events) {
      const atMs = clock.read(event.at, isFresh ? nowMs : undefined);
      if (atMs === undefined || (skipUntilMs !== undefined && atMs <= skipUntilMs)) continue;
      skipUntilMs = undefined;
      const kind = KINDS[event.kind];
      if (event.kind === 'restoreBan') joins(event.jail, 'restore', atMs);
      else if (kind === 'unban' && 'jail' in event) joins(event.jail ?? '', 'lift', atMs);
      const isNews = nowMs - atMs < NEWS_MS;
      if (isNews && CHANGES.has(event.kind)) signs.hasChange = true;
      if (TURNS.has(event.kind)) turns.push({ jail: 'jail' in event ? event.jail : undefined, atMs });
      if (isNews && event.kind === 'restoreBan') signs.hasRestored = true;
      if (kind === undefined || !('id' in event)) continue;
      if (isNews) signs.hasActivity = true;
      lines.push({ kind, jail: event.jail, address: event.id, atMs });
    }
    signs.bursts = bursts.take();
    const isMoved = slice.lines.length > 0 || slice.isGap;
    const save = () => {
      this.#position = slice.position;
      this.#clock = clock;
      this.#skipUntilMs = skipUntilMs;
      if (slice.isAtEnd) this.#atEndMs = nowMs;
      const stored: StoredLog = {
        path: this.path,
        position: slice.position ?? null,
        clock: clock.state,
        skipUntilMs: skipUntilMs ?? null,
      };
      if (isMoved) this.cursors.set(CURSOR, stored);
    };
    return { lines, isAtEnd: slice.isAtEnd, isGap: slice.isGap, isMoved, ...signs, save };
  }

  #readTail(): LogSlice | undefined {
    try {
      const slice = this.#tail.read(this.#position);
      this.#problem = slice.position === undefined ? `${this.path}: does not exist` : undefined;
      return slice;
    } catch (error) {
      this.#tail.close();
      this.#problem = `${this.path}: cannot be read (${(error as NodeJS.ErrnoException).code ?? String(error)})`;
      return undefined;
    }
  }

  #calibrate(clock: LogClock, slice: LogSlice, events: readonly LogEvent[], isFresh: boolean, nowMs: number): void {
    const last = events.at(-1);
    if (last === undefined) return;
    if (isFresh && slice.isAtEnd) clock.calibrate(last.at, nowMs);
    // First contact: nothing is known but when the file was written last.
    else if (this.#position === undefined) {
      const end = this.#lastLineTime();
      if (end !== undefined) clock.calibrate(end.text, end.writtenMs, FILE_TIME_TOLERANCE_MS);
    }
  }

  #lastLineTime(): { text: string; writtenMs: number } | undefined {
    const tail = new LogTail(this.path, { sliceBytes: 64 * 1024, firstContactBytes: 32 * 1024 });
    try {
      const last = tail
        .read(undefined)
        .lines.flatMap((line) => parseLogLine(line) ?? [])
        .at(-1);
      return last && { text: last.at, writtenMs: statSync(this.path).mtimeMs };
    } finally {
      tail.close();
    }
  }
}

function rotationProblemOf(path: string): string | undefined {
  try {
    return rotationProblem(path);
  } catch {
    // A folder that cannot be listed is told of when a rotated log is needed.
    return undefined;
  }
}
