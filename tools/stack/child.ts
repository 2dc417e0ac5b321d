import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';

import { say } from '../common/command.ts';
import { endProcess, identify, signalTree, type ProcessIdentity } from '../common/process-identity.ts';
import { ToolError } from '../common/tool.error.ts';
import { poll } from '../common/wait.ts';

const maxLogBytes = 20_000_000;
/** A process that ran this long before it died starts again without delay. */
const steadyMs = 5_000;

/** How to start one process and how to know that it serves. */
export interface ChildPlan {
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[] | (() => readonly string[]);
  /** Asked at every start, since some values are known only after the first (the port). */
  readonly env: () => NodeJS.ProcessEnv;
  readonly logFile: string;
  /** Written by the process once it serves; removed before each start. */
  readonly readyFile?: string;
  /** Whether it serves, for a process without ready file. */
  readonly isReady?: () => Promise<boolean>;
  /** Longest wait until it serves, milliseconds. */
  readonly readyWithinMs?: number;
}

/** One process of the stack: started in its own group so that Ctrl-C reaches only the supervisor, which then stops the
 *  processes in order; started again with growing delay when it dies. */
export class SupervisedChild {
  identity: ProcessIdentity | undefined;
  #process: ChildProcess | undefined;
  #isStopping = false;
  #failures = 0;
  #startedAt = 0;
  #timer: NodeJS.Timeout | undefined;
  readonly #plan: ChildPlan;
  readonly #onChange: () => void;

  /** @param onChange called whenever the process id changes or the process serves again */
  constructor(plan: ChildPlan, onChange: () => void) {
    this.#plan = plan;
    this.#onChange = onChange;
  }

  get name(): string {
    return this.#plan.name;
  }

  /** Starts the process and waits until it serves.
   *  @throws {ToolError} when it ends first or does not serve in time; the message ends with its last log lines */
  async start(signal?: AbortSignal): Promise<void> {
    this.#spawn();
    const child = this.#process;
    const isReady = await this.#waitReady(child, signal);
    if (isReady || signal?.aborted === true) return;
    const why = hasEnded(child) ? `ended (${endOf(child)})` : 'does not answer';
    throw new ToolError(
      'tools/child-failed',
      `${this.name} ${why}. Its log, ${this.#plan.logFile}, ends:\n${this.#lastLines()}`,
    );
  }

  /** Ends the process for good.
   *  @param graceMs time after SIGTERM, milliseconds */
  async stop(graceMs = 10_000): Promise<void> {
    this.#isStopping = true;
    clearTimeout(this.#timer);
    const { identity } = this;
    if (!identity) return;
    await endProcess(identity, graceMs);
    signalTree(identity, 'SIGKILL');
    this.identity = undefined;
  }

  #spawn(): void {
    if (this.#plan.readyFile !== undefined) rmSync(this.#plan.readyFile, { force: true });
    keepLogSmall(this.#plan.logFile);
    const log = openSync(this.#plan.logFile, 'a', 0o600);
    const args = typeof this.#plan.args === 'function' ? this.#plan.args() : this.#plan.args;
    const child = spawn(this.#plan.program, args, {
      detached: true,
      stdio: ['ignore', log, log],
      env: this.#plan.env(),
    });
    closeSync(log);
    this.#process = child;
    this.#startedAt = Date.now();
    child.once('error', (error) => say(`${this.name} cannot be started: ${error.message}`));
    child.once('exit', () => this.#onExit(child));
    this.identity = child.pid === undefined ? undefined : identify(child.pid);
    this.#onChange();
  }

  #onExit(child: ChildProcess): void {
    if (this.#isStopping || child !== this.#process) return;
    if (this.#failures === 0 && !this.#hasServed) return; // the first start failed: start() reports it
    this.#failures = Date.now() - this.#startedAt > steadyMs ? 0 : this.#failures + 1;
    const delayMs = Math.min(5_000, 100 * 2 ** this.#failures);
    say(`${this.name} ended (${endOf(child)}); starting it again in ${delayMs} ms`);
    this.#timer = setTimeout(() => void this.#restart(), delayMs);
  }

  #hasServed = false;

  async #restart(): Promise<void> {
    this.#spawn();
    const child = this.#process;
    if (await this.#waitReady(child)) say(`${this.name} is back (process ${child?.pid})`);
    else if (!this.#isStopping && !hasEnded(child)) say(`${this.name} is slow to answer; see ${this.#plan.logFile}`);
  }

  async #waitReady(child: ChildProcess | undefined, signal?: AbortSignal): Promise<boolean> {
    const { readyFile, isReady, readyWithinMs = 60_000 } = this.#plan;
    const probe = async (): Promise<boolean | undefined> => {
      if (hasEnded(child) || this.#isStopping) return false;
      if (readyFile !== undefined && !isWritten(readyFile)) return undefined;
      if (isReady && !(await isReady())) return undefined;
      return true;
    };
    const serves = (await poll(probe, { withinMs: readyWithinMs, signal })) === true;
    if (serves) {
      this.#hasServed = true;
      this.#onChange();
    }
    return serves;
  }

  #lastLines(): string {
    const text = readFileSync(this.#plan.logFile, 'utf8');
    return text.trimEnd().split('\n').slice(-15).join('\n');
  }
}

function hasEnded(child: ChildProcess | undefined): boolean {
  return !child || child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
}

function endOf(child: ChildProcess | undefined): string {
  return child?.signalCode ?? `exit code ${child?.exitCode ?? 'unknown'}`;
}

function isWritten(path: string): boolean {
  try {
    return statSync(path).size > 0;
  } catch {
    return false;
  }
}

/** Keeps one older log beside the current one. */
function keepLogSmall(path: string): void {
  try {
    if (statSync(path).size > maxLogBytes) renameSync(path, `${path}.1`);
  } catch {
    // no log yet
  }
}
