import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

import { identify, isRunning, type ProcessIdentity } from '../common/process-identity.ts';
import { ToolError } from '../common/tool.error.ts';

/** Longest path a Unix socket can have on Linux, bytes without the final zero. @see man 7 unix */
const maxSocketPathBytes = 107;

/** The folder that holds everything a stack writes; private to its user. */
export class DataDir {
  readonly path: string;
  /** Short folders elsewhere, for sockets. */
  readonly #outside: string[] = [];

  private constructor(path: string) {
    this.path = path;
  }

  /** Makes the folder where missing.
   *  @throws {ToolError} when it belongs to someone else */
  static open(path: string): DataDir {
    const absolute = resolve(path);
    mkdirSync(absolute, { recursive: true, mode: 0o700 });
    const { uid, mode } = statSync(absolute);
    if (process.getuid && uid !== process.getuid()) {
      throw new ToolError('tools/foreign-data-dir', `${absolute} belongs to another user; choose another --data-dir`);
    }
    if ((mode & 0o077) !== 0) chmodSync(absolute, 0o700);
    return new DataDir(absolute);
  }

  /** Path of a file or folder inside. */
  at(...names: string[]): string {
    return join(this.path, ...names);
  }

  /** Path of a private folder inside, made where missing. */
  folder(...names: string[]): string {
    const path = this.at(...names);
    mkdirSync(path, { recursive: true, mode: 0o700 });
    return path;
  }

  /** A secret kept from run to run in a 0600 file; made of 32 random bytes the first time. */
  secret(name: string): string {
    return this.remembered(join('secrets', name), () => randomBytes(32).toString('base64url'));
  }

  /** A short text kept from run to run; `make` is asked the first time. */
  remembered(name: string, make: () => string): string {
    const path = this.at(name);
    try {
      return readFileSync(path, 'utf8').trim();
    } catch {
      const value = make();
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      writeFileSync(`${path}.next`, `${value}\n`, { mode: 0o600 });
      renameSync(`${path}.next`, path);
      return value;
    }
  }

  /** Path for a Unix socket: inside, or in a short temporary folder when the path would be too long for the kernel. */
  socketPath(...names: string[]): string {
    const inside = this.at(...names);
    if (Buffer.byteLength(inside) <= maxSocketPathBytes) return inside;
    const dir = mkdtempSync(join(tmpdir(), 'bailiff-'));
    this.#outside.push(dir);
    return join(dir, names.at(-1) ?? 'socket');
  }

  /** Removes what this run had to put elsewhere, and lets another supervisor in. */
  release(): void {
    for (const dir of this.#outside.splice(0)) rmSync(dir, { recursive: true, force: true });
    rmSync(this.at('supervisor.lock'), { force: true });
  }

  /** Claims the folder for one supervisor.
   *  @returns the identity of the other supervisor when one already holds it */
  claim(): ProcessIdentity | undefined {
    const path = this.at('supervisor.lock');
    const mine = JSON.stringify(identify(process.pid));
    for (let attempt = 0; attempt < 5; attempt += 1) {
      try {
        writeFileSync(path, mine, { flag: 'wx', mode: 0o600 });
        return undefined;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      const holder = readLock(path);
      if (holder && isRunning(holder)) return holder;
      renameSync(path, `${path}.stale`);
    }
    throw new ToolError('tools/lock', `cannot take ${path}`);
  }
}

function readLock(path: string): ProcessIdentity | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as ProcessIdentity;
  } catch {
    return undefined;
  }
}
