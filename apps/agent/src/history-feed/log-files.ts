import { closeSync, constants, fstatSync, openSync, readdirSync, readSync, type BigIntStats } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { findXz, MAX_PACKED_BYTES, packedEnding, unpackLog } from './unpack-log.js';

/** One open log file and what identifies it, also after it was renamed. */
export interface OpenLog {
  readonly path: string;
  readonly fd: number;
  readonly dev: string;
  readonly ino: string;
  /** Text of a compressed file, unpacked when it is first asked for. */
  text?: Buffer;
}

/** What rotation leaves beside a log: `fail2ban.log.1`, `fail2ban.log.2.gz`, `fail2ban.log-20260101.zst`. */
const ROTATED = /^(?:\.\d{1,4}|-\d{8}(?:-\d+)?)(?:\.(?:gz|zst|xz))?$/;

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
  const ending = packedEnding(log.path);
  if (ending === undefined) return undefined;
  // One byte more than is unpacked: a larger one shows.
  log.text ??= unpackLog(readFileAt(log, 0, Math.min(Number(statLog(log.fd).size), MAX_PACKED_BYTES + 1)), ending);
  return log.text;
}

/** Why rotated files of a log could not be read if they were needed, for people; undefined when they could. */
export function rotationProblem(path: string, xz: string | null = findXz() ?? null): string | undefined {
  if (xz !== null) return undefined;
  const packed = rotatedNames(path).filter((name) => packedEnding(name) === '.xz');
  if (packed.length === 0) return undefined;
  return `${packed[0] ?? ''} and the like cannot be read, as this host has no xz: unbans are lost when the agent is away for longer than a rotation (install xz-utils, or rotate with gzip or zstd)`;
}

function rotatedNames(path: string): string[] {
  const base = basename(path);
  return readdirSync(dirname(path)).filter((name) => name.startsWith(base) && ROTATED.test(name.slice(base.length)));
}

/** Rotated files of a log, the one written last at the end, with the time of their last write (ms). */
export function rotatedLogs(path: string): { path: string; mtimeMs: number }[] {
  const found = rotatedNames(path).flatMap((name) => {
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
    const isBroken = packedEnding(log.path) !== undefined && sizeOf(log) === 0;
    if (!isBroken && isWanted(log)) return log;
    closeLog(log);
  }
  return undefined;
}

function isMissing(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  return code === 'ENOENT' || code === 'ENOTDIR';
}
