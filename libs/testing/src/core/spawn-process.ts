import { spawn, type ChildProcessByStdio } from 'node:child_process';
import type { Readable } from 'node:stream';
import { atExit } from './at-exit.js';
import { eventually } from './eventually.js';
import { findBinary } from './find-binary.js';
import { ProcessFailedError, WaitTimeoutError } from './testing.errors.js';

/** How a process ended: exactly one of the two is set. */
export interface ProcessExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** Settings of {@link spawnProcess}. */
export interface SpawnProcessOptions {
  /** Name for messages; the command unless told. */
  readonly name?: string;
  readonly cwd?: string;
  /** The whole environment; this process's own unless told. */
  readonly env?: NodeJS.ProcessEnv;
  /** Resolve only after a line of output matched; else the process is taken as ready at once. */
  readonly ready?: RegExp;
  /** Longest wait for `ready` in milliseconds; 30,000 unless told. */
  readonly readyWithinMs?: number;
  /** Signal of `stop()`; SIGTERM unless told. */
  readonly stopSignal?: NodeJS.Signals;
  readonly uid?: number;
  readonly gid?: number;
}

const maxOutputChars = 4_000_000;

/** A running child process with its captured output. Make one with {@link spawnProcess}. */
export class SpawnedProcess implements AsyncDisposable {
  /** Settles when the process has ended and its output was read to the end. */
  readonly exited: Promise<ProcessExit>;
  readonly #child: ChildProcessByStdio<null, Readable, Readable>;
  #output = '';
  #exit: ProcessExit | undefined;

  /** Takes over a child that was just spawned with its output piped. */
  constructor(
    readonly name: string,
    child: ChildProcessByStdio<null, Readable, Readable>,
    private readonly stopSignal: NodeJS.Signals,
  ) {
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        this.#output = (this.#output + text).slice(-maxOutputChars);
      });
    }
    const forget = atExit(() => child.kill('SIGKILL'));
    this.exited = new Promise((resolve) => {
      const settle = (code: number | null, signal: NodeJS.Signals | null): void => {
        this.#exit = { code, signal };
        forget();
        resolve(this.#exit);
      };
      child.once('close', settle);
      child.once('error', (error) => {
        this.#output += `\n${error.message}`;
        if (child.pid === undefined) settle(null, null);
      });
    });
  }

  /** @throws {ProcessFailedError} when it could not be started at all. */
  get pid(): number {
    if (this.#child.pid === undefined)
      throw new ProcessFailedError(`${this.name} could not be started: ${this.#output}`);
    return this.#child.pid;
  }

  /** Whether it has not ended yet. */
  get isRunning(): boolean {
    return this.#exit === undefined;
  }

  /** Standard output and standard error as they came, the last four million characters. */
  get output(): string {
    return this.#output;
  }

  /**
   * Waits until the output holds a match, counted from its very beginning.
   * @throws {ProcessFailedError} when the process ends first, with the end of its output.
   * @throws {WaitTimeoutError} when `withinMs` (30,000 unless told) is over.
   */
  async waitForOutput(pattern: RegExp, options: { readonly withinMs?: number } = {}): Promise<RegExpExecArray> {
    const { withinMs = 30_000 } = options;
    const found = await eventually(
      () => {
        const wasRunning = this.isRunning; // asked before looking, so that the last words are not missed
        const match = new RegExp(pattern, pattern.flags.replace(/[gy]/g, '')).exec(this.#output);
        return match ?? (wasRunning ? false : undefined);
      },
      { withinMs, everyMs: 10, what: `${this.name} to print ${String(pattern)}` },
    ).catch((error: unknown) => {
      throw new WaitTimeoutError(
        `${this.name} did not print ${String(pattern)} within ${withinMs} ms: ${this.#tail()}`,
        { cause: error },
      );
    });
    if (found !== undefined) return found;
    throw new ProcessFailedError(`${this.name} ended before printing ${String(pattern)}: ${this.#tail()}`);
  }

  /** Sends a signal; whether the process was there to get it. */
  signal(signal: NodeJS.Signals): boolean {
    return this.isRunning && this.#child.kill(signal);
  }

  /**
   * Asks it to end and waits. Harmless when it has ended already.
   * @throws {WaitTimeoutError} when it did not end within `withinMs` (15,000 unless told); it is then killed.
   */
  async stop(options: { readonly withinMs?: number } = {}): Promise<ProcessExit> {
    const { withinMs = 15_000 } = options;
    this.signal(this.stopSignal);
    try {
      return await eventually(() => this.exited, { withinMs, what: `${this.name} to end after ${this.stopSignal}` });
    } catch (error) {
      await this.kill();
      throw error;
    }
  }

  /** SIGKILL, then waits until it is gone. Harmless when it has ended already. */
  async kill(): Promise<ProcessExit> {
    this.signal('SIGKILL');
    return this.exited;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  #tail(): string {
    return this.#output.trim().slice(-2_000) || '(nothing)';
  }
}

/**
 * Starts a child process (same process group) and captures its output. It dies with this process: by our exit hook
 * and, on Linux with util-linux's `setpriv`, by the kernel even when we are killed.
 * @throws {ProcessFailedError} when it cannot be started or ends before it was ready.
 * @throws {WaitTimeoutError} when it is not ready in time; it is killed then.
 */
export async function spawnProcess(
  command: string,
  args: readonly string[] = [],
  options: SpawnProcessOptions = {},
): Promise<SpawnedProcess> {
  const { name = command, ready, readyWithinMs, stopSignal = 'SIGTERM', ...rest } = options;
  const setpriv = process.platform === 'linux' ? findBinary('setpriv') : undefined;
  const [file, ...words] =
    setpriv === undefined ? [command, ...args] : [setpriv, '--pdeathsig', 'KILL', command, ...args];
  const child = spawn(file, words, { ...rest, detached: false, stdio: ['ignore', 'pipe', 'pipe'] });
  const spawned = new SpawnedProcess(name, child, stopSignal);
  if (child.pid === undefined) {
    await spawned.exited;
    throw new ProcessFailedError(`${name} could not be started: ${spawned.output.trim()}`);
  }
  if (ready !== undefined) {
    try {
      await spawned.waitForOutput(ready, readyWithinMs === undefined ? {} : { withinMs: readyWithinMs });
    } catch (error) {
      await spawned.kill();
      throw error;
    }
  }
  return spawned;
}
