// Loaded into the agent's process ahead of its own code (--import): times every read of fail2ban's live database file.
import { writeFileSync } from 'node:fs';
import { DatabaseSync, type StatementSync } from 'node:sqlite';

import type { LiveFileReads } from './live-file-reads.ts';

const { LIVE_FILE_PATH: path, LIVE_FILE_OUTPUT: output } = process.env;
/** SQLite's result codes for a file that someone else has locked. */
const busyCodes = new Set([5, 6]);

const readMs: number[] = [];
const processorMs: number[] = [];
let locked = 0;
let cursors = 0;

if (path !== undefined && output !== undefined) {
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called on the database that ours was called on
  const { prepare, exec } = DatabaseSync.prototype;
  DatabaseSync.prototype.prepare = function (this: DatabaseSync, ...args) {
    const statement = counted(this, () => prepare.apply(this, args));
    return this.location() === path ? watched(statement) : statement;
  };
  DatabaseSync.prototype.exec = function (this: DatabaseSync, sql) {
    if (/^\s*(begin|savepoint)/i.test(sql) && this.location() === path) cursors += 1;
    return counted(this, () => exec.call(this, sql));
  };
  process.on('exit', () => {
    if (readMs.length === 0) return;
    const reads: LiveFileReads = { readMs, processorMs, locked, cursors };
    writeFileSync(`${output}.${process.pid}`, JSON.stringify(reads));
  });
}

function watched(statement: StatementSync): StatementSync {
  const all = statement.all.bind(statement);
  const get = statement.get.bind(statement);
  const iterate = statement.iterate.bind(statement);
  const withTime =
    <A extends unknown[], R>(read: (...args: A) => R) =>
    (...args: A): R => {
      const usedBefore = process.threadCpuUsage();
      const startedAt = performance.now();
      try {
        return counted(undefined, () => read(...args));
      } finally {
        readMs.push(performance.now() - startedAt);
        const { user, system } = process.threadCpuUsage(usedBefore);
        processorMs.push((user + system) / 1_000);
      }
    };
  statement.all = withTime(all as (...args: unknown[]) => ReturnType<typeof all>);
  statement.get = withTime(get as (...args: unknown[]) => ReturnType<typeof get>);
  statement.iterate = ((...args: unknown[]) => {
    cursors += 1;
    return (iterate as (...args: unknown[]) => ReturnType<typeof iterate>)(...args);
  }) as typeof iterate;
  return statement;
}

/** @param database undefined: the live file's */
function counted<T>(database: DatabaseSync | undefined, act: () => T): T {
  try {
    return act();
  } catch (error) {
    const isLocked = busyCodes.has(Number((error as { errcode?: unknown }).errcode) & 0xff);
    if (isLocked && (database === undefined || database.location() === path)) locked += 1;
    throw error;
  }
}
