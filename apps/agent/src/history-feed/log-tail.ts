import {
  closeLog,
  openLog,
  openRotatedSince,
  readAt,
  rotatedLogs,
  sizeOf,
  statLog,
  type OpenLog,
} from './log-files.js';

/** Where reading goes on, kept across restarts. */
export interface LogPosition {
  readonly dev: string;
  readonly ino: string;
  /** Bytes read. */
  readonly offset: number;
  /** The last bytes before `offset`, base64: proves that it is still the same text. */
  readonly tail: string;
  /** Whether `offset` lies inside a line that is to be skipped. */
  readonly isMidLine: boolean;
  /** When this was read, milliseconds. */
  readonly readMs: number;
}

/** Complete lines that followed a position. */
export interface LogSlice {
  readonly lines: readonly string[];
  /** Undefined: there is no log yet. */
  readonly position: LogPosition | undefined;
  /** Whether everything written so far has been read. */
  readonly isAtEnd: boolean;
  /** Whether lines may have been lost (log replaced, rotated away, truncated without a copy). */
  readonly isGap: boolean;
}

export interface LogTailLimits {
  /** Bytes read at a time; a longer line is skipped. */
  readonly sliceBytes: number;
  /** How much of an existing log is taken over at first contact. */
  readonly firstContactBytes: number;
}

const LIMITS: LogTailLimits = { sliceBytes: 32 * 1024, firstContactBytes: 64 << 20 };
const TAIL_BYTES = 96;
const NEWLINE = 0x0a;

/** Follows a log file through renames, re-creation and truncation. All methods are synchronous and short. */
export class LogTail {
  #log: OpenLog | undefined;

  constructor(
    readonly path: string,
    private readonly limits: LogTailLimits = LIMITS,
  ) {}

  /** The complete lines after `position`, at most one slice; undefined: first contact. */
  read(position: LogPosition | undefined): LogSlice {
    if (position === undefined) return this.#firstContact();
    if (this.#log?.dev !== position.dev || this.#log.ino !== position.ino) {
      const found = this.#locate(position);
      if (found !== undefined) return this.#readOn(found, false);
      return this.#startOver(position);
    }
    return this.#readOn(position, false);
  }

  close(): void {
    if (this.#log !== undefined) closeLog(this.#log);
    this.#log = undefined;
  }

  #use(log: OpenLog): void {
    if (this.#log?.fd !== log.fd) this.close();
    this.#log = log;
  }

  #firstContact(): LogSlice {
    const log = openLog(this.path);
    if (log === undefined) return { lines: [], position: undefined, isAtEnd: true, isGap: false };
    this.#use(log);
    const offset = Math.max(0, sizeOf(log) - this.limits.firstContactBytes);
    return this.#readOn({ ...startOf(log), offset, isMidLine: offset > 0 }, false);
  }

  /** The file `position` belongs to, wherever rotation has put it, opened; undefined when it is gone. */
  #locate(position: LogPosition): LogPosition | undefined {
    // The newest first: it is nearly always there, and each compressed one is unpacked to look into it.
    const rotated = rotatedLogs(this.path).map(({ path }) => path);
    const paths = [this.path, ...rotated.toReversed()];
    for (const isSameFile of [true, false]) {
      for (const path of paths) {
        const log = openLog(path);
        if (log === undefined) continue;
        const isSame = log.dev === position.dev && log.ino === position.ino;
        // A copy is told by its text, so there must be enough of it.
        const isFit = isSameFile ? isSame : !isSame && position.tail.length >= TAIL_BYTES;
        if (isFit && holds(log, position)) {
          this.#use(log);
          return { ...position, dev: log.dev, ino: log.ino };
        }
        closeLog(log);
      }
    }
    return undefined;
  }

  /** The text behind `position` is gone: whatever was written since, oldest first. */
  #startOver(position: LogPosition): LogSlice {
    this.close();
    const isGap = position.offset > 0;
    const log = openRotatedSince(this.path, position.readMs) ?? openLog(this.path);
    if (log === undefined) return { lines: [], position, isAtEnd: true, isGap: false };
    this.#use(log);
    return this.#readOn(startOf(log), isGap);
  }

  #readOn(position: LogPosition, isGap: boolean): LogSlice {
    const log = this.#log;
    if (log === undefined) return { lines: [], position, isAtEnd: true, isGap };
    if (!holds(log, position)) {
      const copy = this.#locate(position);
      return copy === undefined ? this.#restart(log, position) : this.#readOn(copy, isGap);
    }
    const bytes = readAt(log, position.offset, this.limits.sliceBytes);
    if (bytes.length === 0 || (bytes.length < this.limits.sliceBytes && !bytes.includes(NEWLINE)))
      return this.#next(log, position, isGap);
    const { lines, used, isMidLine } = this.#split(bytes, position.isMidLine);
    const next = advance(position, bytes.subarray(0, used), isMidLine);
    return { lines, position: next, isAtEnd: next.offset >= sizeOf(log) && this.#isCurrent(log), isGap };
  }

  /** The log was truncated in place and no copy holds the rest. */
  #restart(log: OpenLog, position: LogPosition): LogSlice {
    if (!this.#isCurrent(log)) return this.#startOver(position);
    return this.#readOn(startOf(log), position.offset > 0);
  }

  /** Nothing more in this file: the one written after it, once fail2ban writes there. */
  #next(log: OpenLog, position: LogPosition, isGap: boolean): LogSlice {
    const stay = { lines: [], position, isAtEnd: true, isGap };
    if (this.#isCurrent(log)) return stay;
    const writtenMs = Number(statLog(log.fd).mtimeMs);
    // The file itself, and what a compression made of it, which need not keep its time.
    const isCopy = (other: OpenLog): boolean =>
      other.path === log.path || (position.tail.length >= TAIL_BYTES && holds(other, position));
    const next = openRotatedSince(this.path, writtenMs, (other) => !isCopy(other)) ?? openLog(this.path);
    if (next === undefined) return stay;
    const isItself = next.dev === log.dev && next.ino === log.ino;
    // fail2ban writes on in the renamed file until it is told to reopen: only text in the new one proves it has. What
    // came into the old one before that is read first.
    if (isItself || sizeOf(next) === 0) {
      closeLog(next);
      return stay;
    }
    if (sizeOf(log) > position.offset && readAt(log, position.offset, this.limits.sliceBytes).includes(NEWLINE)) {
      closeLog(next);
      return { ...stay, isAtEnd: false };
    }
    this.#use(next);
    return this.#readOn(startOf(next), isGap);
  }

  /** Whether the log's name still leads to this file. */
  #isCurrent(log: OpenLog): boolean {
    const current = openLog(this.path);
    if (current === undefined) return false;
    closeLog(current);
    return current.dev === log.dev && current.ino === log.ino;
  }

  #split(bytes: Buffer, isMidLine: boolean): { lines: string[]; used: number; isMidLine: boolean } {
    const start = isMidLine ? bytes.indexOf(NEWLINE) + 1 : 0;
    const end = bytes.lastIndexOf(NEWLINE) + 1;
    if (end === 0 || (isMidLine && start === 0)) return { lines: [], used: bytes.length, isMidLine: true };
    const text = bytes.toString('utf8', start, end);
    const lines = text.split('\n').slice(0, -1);
    return { lines, used: end, isMidLine: false };
  }
}

function startOf(log: OpenLog): LogPosition {
  return { dev: log.dev, ino: log.ino, offset: 0, tail: '', isMidLine: false, readMs: Date.now() };
}

/** Whether a file still has the text that was read up to `position`. */
function holds(log: OpenLog, position: LogPosition): boolean {
  const tail = Buffer.from(position.tail, 'base64');
  if (sizeOf(log) < position.offset) return false;
  return tail.length === 0 || readAt(log, position.offset - tail.length, tail.length).equals(tail);
}

function advance(position: LogPosition, read: Buffer, isMidLine: boolean): LogPosition {
  const before = Buffer.from(position.tail, 'base64');
  const tail = Buffer.concat([before, read.subarray(-TAIL_BYTES)]).subarray(-TAIL_BYTES);
  return {
    ...position,
    offset: position.offset + read.length,
    tail: tail.toString('base64'),
    isMidLine,
    readMs: Date.now(),
  };
}
