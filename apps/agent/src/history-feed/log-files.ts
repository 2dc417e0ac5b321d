import { closeSync, constants, fstatSync, openSync, readdirSync, readSync, type BigIntStats } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** One open log file and what identifies it, also after it was renamed. */
export interface OpenLog {
  readonly path: string;
  readonly fd: number;
  readonly dev: string;
  readonly ino: string;
}

/** What rotation leaves beside a log: `fail2ban.log.1`, `fail2ban.log-20260101`. Compressed ones are not read. */
const ROTATED = /^(?:\.\d{1,4}|-\d{8}(?:-\d+)?)$/;

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

/** Size of an open log in bytes. */
export function sizeOf(log: OpenLog): number {
  return Number(statLog(log.fd).size);
}

/** Up to `length` bytes from `offset`. */
export function readAt(log: OpenLog, offset: number, length: number): Buffer {
  const buffer = Buffer.allocUnsafe(length);
  let filled = 0;
  while (filled < length) {
    const got = readSync(log.fd, buffer, filled, length - filled, offset + filled);
    if (got === 0) break;
    filled += got;
  }
  return buffer.subarray(0, filled);
}

/** Rotated, uncompressed files of a log, the one written last at the end, with the time of their last write (ms). */
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

function isMissing(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  return code === 'ENOENT' || code === 'ENOTDIR';
}
