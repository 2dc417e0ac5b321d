import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readlinkSync,
  readSync,
  realpathSync,
  type Stats,
  statSync,
} from 'node:fs';
import { CommandError } from '@bailiff/agent-channel';
import type { JailLogFile } from '@bailiff/contracts/http';
import { timeOfLine } from './line-time.js';

/** The end of a log file. */
export interface LogTailText {
  readonly path: string;
  readonly lines: readonly string[];
  readonly sizeBytes: number;
  readonly readBytes: number;
  readonly isCut: boolean;
}

const { O_RDONLY, O_NONBLOCK, O_NOCTTY } = constants;
/** Linux: names a file without opening it. */
const O_PATH = 0o10000000;
/** Most that is read from the end of a file. */
const MAX_READ_BYTES = 2 << 20;
const LAST_LINE_BYTES = 16 << 10;
const MAX_LINE = 4_000;
const MAX_REPLY_CHARS = 600_000;

/** Reads log files of jails: only those that fail2ban itself lists, only below the folders that the host's policy names. */
export class JailLogs {
  /** @param logRoots asked each time: the policy may change @param socketPath tells as whom fail2ban runs */
  constructor(
    private readonly logRoots: () => readonly string[],
    private readonly socketPath: string,
  ) {}

  /** What there is to know of a file without showing it. */
  describe(path: string): JailLogFile {
    const stat = statOf(path);
    if (typeof stat === 'string') return { ...hidden(path), exists: stat === 'EACCES', reason: reasonOf(stat) };
    if (stat === undefined) return { ...hidden(path), isReadableByFail2ban: false, reason: 'missing' };
    const isReadableByFail2ban = this.#isReadableByFail2ban(stat);
    const facts = {
      path,
      exists: true,
      isReadableByFail2ban,
      sizeBytes: stat.size,
      modifiedAt: stat.mtime.toISOString(),
      lastLine: null,
      lastLineAt: null,
    };
    try {
      const { lines } = this.#read(path, 1, LAST_LINE_BYTES);
      const last = lines.at(-1) ?? null;
      const atMs = last === null ? undefined : timeOfLine(last, Date.now());
      const lastLineAt = atMs === undefined ? null : new Date(atMs).toISOString();
      return { ...facts, isShown: true, reason: null, lastLine: last, lastLineAt };
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      return { ...facts, isShown: false, reason: error.detail };
    }
  }

  /**
   * The last lines of a file.
   * @param listed paths that fail2ban lists for the jail @param wanted one of them; absent: the first that can be shown
   * @throws {CommandError} when it is none of them, or may not be read
   */
  tail(listed: readonly string[], wanted: string | undefined, lines: number, q: string | undefined): LogTailText {
    if (wanted !== undefined && !listed.includes(wanted))
      throw new CommandError('request/invalid', 'fail2ban does not read this file for the jail; nothing was opened');
    const candidates = wanted === undefined ? listed : [wanted];
    let refusal: CommandError | undefined;
    for (const path of candidates) {
      try {
        return this.#read(path, lines, MAX_READ_BYTES, q);
      } catch (error) {
        if (!(error instanceof CommandError)) throw error;
        refusal ??= error;
      }
    }
    throw refusal ?? new CommandError('request/not-found', 'This jail reads no log file');
  }

  #read(path: string, count: number, maxBytes: number, q?: string): LogTailText {
    const file = this.#open(path);
    try {
      const stat = fstatSync(file);
      const readBytes = Math.min(stat.size, maxBytes);
      const bytes = Buffer.alloc(readBytes);
      const got = readSync(file, bytes, 0, readBytes, stat.size - readBytes);
      const isCut = stat.size > readBytes;
      let lines = bytes.subarray(0, got).toString('utf8').split('\n');
      if (lines.at(-1) === '') lines.pop();
      if (isCut && lines.length > 1) lines.shift();
      const needle = q?.toLowerCase();
      if (needle !== undefined) lines = lines.filter((line) => line.toLowerCase().includes(needle));
      const isMore = lines.length > count;
      return {
        path,
        lines: withinReply(lines.slice(-count).map((line) => line.replace(/\r$/, '').slice(0, MAX_LINE))),
        sizeBytes: stat.size,
        readBytes,
        isCut: isCut || isMore,
      };
    } finally {
      closeSync(file);
    }
  }

  /** Opens a regular file in a permitted place. What leads elsewhere is not even opened: a device might act on it. */
  #open(path: string): number {
    const named = withReason(() => openSync(path, O_PATH));
    try {
      if (!fstatSync(named).isFile()) throw new CommandError('agent/refused', 'It is not a regular file');
      // Wherever links led: nothing can be swapped between this check and the read.
      const itself = `/proc/self/fd/${named}`;
      this.#checkPlace(readlinkSync(itself));
      return withReason(() => openSync(itself, O_RDONLY | O_NONBLOCK | O_NOCTTY));
    } finally {
      closeSync(named);
    }
  }

  #checkPlace(realPath: string): void {
    const roots = this.logRoots();
    const isInside = (root: string) => realPath.startsWith(`${root}/`);
    if (roots.some((root) => isInside(root) || isInside(realOf(root)))) return;
    throw new CommandError(
      'agent/policy-denied',
      `The host's policy.json lets log files be read below ${roots.join(', ') || 'no folder'} only (logRoots)`,
    );
  }

  /** By the owner of its socket, who is whom it runs as. */
  #isReadableByFail2ban({ mode, uid }: { mode: number; uid: number }): boolean | null {
    const socket = statSync(this.socketPath, { throwIfNoEntry: false });
    if (socket === undefined) return null;
    if (socket.uid === 0) return true;
    if (socket.uid === uid) return (mode & 0o400) !== 0;
    return (mode & 0o004) !== 0 ? true : null;
  }
}

/** The newest lines that fit into one answer. */
function withinReply(lines: readonly string[]): string[] {
  let room = MAX_REPLY_CHARS;
  const kept = [...lines].reverse().filter((line) => (room -= line.length + 3) > 0);
  return kept.reverse();
}

function withReason<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new CommandError('request/not-found', 'The file does not exist');
    throw new CommandError('agent/refused', reasonOf(code));
  }
}

function reasonOf(code = 'unknown'): string {
  return `The agent may not read it (${code})`;
}

/** A file's facts, undefined when there is none, the system's error code when there is no telling: links in a circle, a closed folder. */
function statOf(path: string): Stats | string | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'unknown';
  }
}

/** What is said of a file of which nothing is known. */
function hidden(path: string): Omit<JailLogFile, 'reason'> {
  const unknown = { sizeBytes: null, modifiedAt: null, lastLine: null, lastLineAt: null };
  return { path, exists: false, isReadableByFail2ban: null, isShown: false, ...unknown };
}

function realOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path; // What is not there holds nothing.
  }
}
