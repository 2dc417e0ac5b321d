import { spawn } from 'node:child_process';
import { ProcessFailedError } from './testing.errors.js';

/** What a finished command left behind. */
export interface CommandResult {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Settings of {@link runCommand}. */
export interface RunCommandOptions {
  readonly cwd?: string;
  /** The whole environment; this process's own unless told. */
  readonly env?: NodeJS.ProcessEnv;
  /** Text for standard input. */
  readonly input?: string;
  /** Longest run in milliseconds, then SIGKILL; 60,000 unless told. */
  readonly timeoutMs?: number;
  readonly uid?: number;
  readonly gid?: number;
}

/**
 * Runs a command to its end and answers what it printed, whatever its exit code (null after a signal).
 * @throws {ProcessFailedError} when it cannot be started.
 */
export function runCommand(
  command: string,
  args: readonly string[],
  options: RunCommandOptions = {},
): Promise<CommandResult> {
  const { input, timeoutMs = 60_000, ...rest } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...rest, stdio: 'pipe' });
    // Not spawn's own `timeout`: its timer outlives a command that could not be started.
    const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
    child.stdin.on('error', () => undefined); // the command need not read its input
    child.once('error', (cause) => {
      clearTimeout(timer);
      reject(new ProcessFailedError(`Cannot run ${command}: ${cause.message}`, { cause }));
    });
    child.once('close', (exitCode) => {
      clearTimeout(timer);
      resolve({
        exitCode,
        stdout: Buffer.concat(stdout).toString('utf8'),
        stderr: Buffer.concat(stderr).toString('utf8'),
      });
    });
    child.stdin.end(input ?? '');
  });
}

/**
 * As {@link runCommand}, but answers standard output and insists on exit code 0.
 * @throws {ProcessFailedError} with the command's own words.
 */
export async function runChecked(
  command: string,
  args: readonly string[],
  options: RunCommandOptions = {},
): Promise<string> {
  const { exitCode, stdout, stderr } = await runCommand(command, args, options);
  if (exitCode === 0) return stdout;
  const words = [stderr, stdout].map((text) => text.trim()).filter((text) => text !== '');
  throw new ProcessFailedError(
    `${[command, ...args].join(' ')} ended with ${exitCode ?? 'a signal'}: ${words.join('\n').slice(-2_000)}`,
  );
}
