import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { ProcessIdentity } from '../common/process-identity.ts';

/** The processes of a stack, in the order they are stopped. */
export const stopOrder = ['agent', 'worker', 'gateway', 'redis', 'fail2ban'] as const;
export type ChildName = (typeof stopOrder)[number];

/** Where to reach a private fail2ban, and the log files its jails read. */
export interface Fail2banPlace {
  readonly socket: string;
  readonly configDir: string;
  readonly database: string;
  readonly log: string;
  /** Log file per jail. */
  readonly logs: Readonly<Record<string, string>>;
}

/** What one running stack tells scripts: the line of `--json`. */
export interface StackSummary {
  readonly url: string;
  /** Where to open the browser; equals `url` once setup is complete. */
  readonly setupUrl: string;
  readonly setupToken: string | null;
  readonly dataDir: string;
  readonly pids: Readonly<Partial<Record<ChildName, number>>>;
  readonly fail2ban?: Fail2banPlace;
}

/** `<data>/run.json`: the summary, kept up to date when a process is restarted, and identities for `down`. */
export interface RunFile extends Partial<StackSummary> {
  readonly supervisor: ProcessIdentity;
  readonly processes: Readonly<Partial<Record<ChildName, ProcessIdentity>>>;
}

const pathIn = (dataDir: string) => join(dataDir, 'run.json');

/** What the stack of this data directory wrote last; undefined when none runs or ended by itself. */
export function readRunFile(dataDir: string): RunFile | undefined {
  try {
    return JSON.parse(readFileSync(pathIn(dataDir), 'utf8')) as RunFile;
  } catch {
    return undefined; // absent, or cut off by a crash: nothing is known either way
  }
}

/** Replaces the run file in one step, so that a reader never sees half of it. */
export function writeRunFile(dataDir: string, content: RunFile): void {
  const next = `${pathIn(dataDir)}.next`;
  writeFileSync(next, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
  renameSync(next, pathIn(dataDir));
}

/** Removes the run file of a stack that ended. */
export function removeRunFile(dataDir: string): void {
  rmSync(pathIn(dataDir), { force: true });
}
