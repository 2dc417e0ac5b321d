import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** What one process did with fail2ban's live database file. */
export interface LiveFileReads {
  /** Milliseconds of each read, from asking SQLite to having its rows. */
  readonly readMs: readonly number[];
  /** Milliseconds of processor time of each read, in the same order. */
  readonly processorMs: readonly number[];
  /** Reads that found the file locked by a writer, and were put off. */
  readonly locked: number;
  /** Cursors and transactions that stayed open over more than one call. */
  readonly cursors: number;
}

/** What the processes wrote down that ran with the probe and have ended, together.
 *  @param output path that each of them appended its process id to */
export function liveFileReads(output: string): LiveFileReads {
  const parts = readdirSync(dirname(output))
    .filter((name) => name.startsWith(`${basename(output)}.`))
    .map((name) => JSON.parse(readFileSync(join(dirname(output), name), 'utf8')) as LiveFileReads);
  return {
    readMs: parts.flatMap(({ readMs }) => readMs),
    processorMs: parts.flatMap(({ processorMs }) => processorMs),
    locked: parts.reduce((sum, { locked }) => sum + locked, 0),
    cursors: parts.reduce((sum, { cursors }) => sum + cursors, 0),
  };
}
