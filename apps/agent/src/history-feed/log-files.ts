import { closeSync, constants, fstatSync, openSync, readdirSync, readSync, type BigIntStats } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** One open log file and what identifies it, also after it was renamed. */
export interface OpenLog {
  readonly path: string;
  readonly fd: number;
  readonly dev: string;
  readonly ino: string;
  /** Text of a compressed file, unpacked when it is first asked for. */
  text?: Buffer;
}

/** What rotation leaves beside a log: `fail2ban.log.1`, `fail2ban.log.2.gz`, `fail2ban.log-20260101`. */
const ROTATED = /^(?:\.\d{1,4}|-\d{8}(?:-\d+)?)(?:\.gz)?$/;
const COMPRESSED = '.gz';
/** Largest compressed log that is unpacked, and largest text of one, bytes: it is held in memory while it is read. */
const MAX_PACKED_BYTES = 8 << 20;
const MAX_TEXT_BYTES = 32 << 20;

/** Opens a log file for reading; undefined when there is none. */
export function openLog(path: string): OpenLog | undefined {
  let fd: number;
  try {
    // O_NONBLOCK: a FIFO in the log's place must not hang us.
    fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
  const stat = statLog(fd);
  if (stat.isFile()) return { path, fd, dev: String(stat.dev), ino: String(stat.ino) };
  closeSync(fd);
  return undefined;
}

export function closeLog(log: OpenLog): void {
  closeSync(log.fd);
}

export function statLog(fd: number): BigIntStats {
  return fstatSync(fd, { bigint: true });
}

/** Size of an open log's text in bytes. */
export function sizeOf(log: OpenLog): number {
  return textOf(log)?.length ?? Number(statLog(log.fd).size);
}

/** Up to `length` bytes from `offset`. */
export function readAt(log: OpenLog, offset: number, length: number): Buffer {
  return textOf(log)?.subarray(offset, offset + length) ?? readFileAt(log, offset, length);
}

function readFileAt(log: OpenLog, offset: number, length: number): Buffer {
  const buffer = Buffer.allocUnsafe(length);
  let filled = 0;
  while (filled < length) {
    const got = readSync(log.fd, buffer, filled, length - filled, offset + filled);
    if (got === 0) break;
    filled += got;
  }
  return buffer.subarray(0, filled);
}

/** The text of a compressed log, undefined when it is not one; none while it is still being written, or is too large. */
function textOf(log: OpenLog): Buffer | undefined {
  if (!log.path.endsWith(COMPRESSED)) return undefined;
  log.text ??= unpack(log);
  return log.text;
}

function unpack(log: OpenLog): Buffer {
  const size = Number(statLog(log.fd).size);
  if (size > MAX_PACKED_BYTES) return Buffer.alloc(0);
  try {
    return gunzipSync(readFileAt(log, 0, size), { maxOutputLength: MAX_TEXT_BYTES });
  } catch {
    return Buffer.alloc(0);
  }
}

/** Rotated files of a log, the one written last at the end, with the time of their last write (ms). */
export function rotatedLogs(path: string): { path: string; mtimeMs: number }[] {
  const base = basename(path);
  const names = readdirSync(dirname(path)).filter(
    (name) => name.startsWith(base) && ROTATED.test(name.slice(base.length)),
  );
  const found = names.flatMap((name) => {
    const log = openLog(join(dirname(path), name));
    if (log === undefined) return [];
    try {
      return [{ path: log.path, mtimeMs: Number(statLog(log.fd).mtimeMs) }];
    } finally {
      closeLog(log);
    }
  });
  return found.sort((a, b) => a.mtimeMs - b.mtimeMs);
}

/** The first rotated file written to after `sinceMs` that is wanted, opened; undefined when there is none that can be read. */
export function openRotatedSince(
  path: string,
  sinceMs: number,
  isWanted: (log: OpenLog) => boolean = () => true,
): OpenLog | undefined {
  for (const rotated of rotatedLogs(path)) {
    const log = rotated.mtimeMs > sinceMs ? openLog(rotated.path) : undefined;
    if (log === undefined) continue;
    // Half-written, by a compression that is under way or never ended: what it is made of is there, or was read.
    const isBroken = log.path.endsWith(COMPRESSED) && sizeOf(log) === 0;
    if (!isBroken && isWanted(log)) return log;
    closeLog(log);
  }
  return undefined;
}

function isMissing(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  return code === 'ENOENT' || code === 'ENOTDIR';
}
