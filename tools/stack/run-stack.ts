import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { readOptions, say } from '../common/command.ts';
import { loadEnvFile } from '../common/env-file.ts';
import { mainOf, webDir } from '../common/paths.ts';
import { isRunning } from '../common/process-identity.ts';
import { ToolError } from '../common/tool.error.ts';
import { DataDir } from './data-dir.ts';
import { refuseUnknownSettings } from './environment.ts';
import { endLeftovers } from './leftovers.ts';
import { readRunFile, type StackSummary } from './run-file.ts';
import { Stack, type StackOptions } from './stack.ts';

/** What one command adds to the common way of running a stack. */
export interface StackCommand {
  readonly defaultDataDir: string;
  /** The fail2ban side of the stack. */
  prepare(data: DataDir, options: StackFlags): StackOptions['target'] | Pick<StackOptions, 'target' | 'fail2ban'>;
  /** Runs before anything of the stack does. */
  before?(data: DataDir, options: StackFlags): Promise<void>;
  /** Lines for people beneath the address. */
  describe(summary: StackSummary): readonly string[];
  /** Runs beside the stack from the moment it serves. @returns how to end it */
  accompany?(summary: StackSummary, options: StackFlags): () => void;
}

/** Options of `up` and `demo`. */
export interface StackFlags {
  readonly port: number;
  readonly isJson: boolean;
  /** Seed of the simulated attacks; undefined for `up` or when not given. */
  readonly seed: number | undefined;
  /** Past bans to fill the archive with; undefined: none. */
  readonly history: number | undefined;
}

/** Starts a stack, prints where it is, keeps it until a signal comes, stops it. */
export async function runStack(command: StackCommand): Promise<number> {
  loadEnvFile();
  refuseUnknownSettings();
  const { flags, dataDir } = readFlags(command.defaultDataDir);
  refuseUnbuilt();
  const data = DataDir.open(dataDir);
  if (data.claim()) return sayAlreadyRunning(data);
  await endLeftoversKeepingLock(data);
  await command.before?.(data, flags);

  const stack = new Stack({ data, port: flags.port, ...fail2banSide(command, data, flags) });
  const signals = waitForSignal();
  const started = await Promise.race([stack.start(), signals]);
  if (typeof started === 'string') {
    await stopOn(started, stack);
    return 0;
  }
  if (flags.isJson) process.stdout.write(`${JSON.stringify(started)}\n`);
  else process.stdout.write(`${announcement(started, command.describe(started)).join('\n')}\n`);
  const endCompany = command.accompany?.(started, flags);
  const signal = await signals;
  endCompany?.();
  await stopOn(signal, stack);
  return 0;
}

function readFlags(defaultDataDir: string): { flags: StackFlags; dataDir: string } {
  const { values } = readOptions({
    port: { type: 'string' },
    'data-dir': { type: 'string' },
    seed: { type: 'string' },
    history: { type: 'string' },
    'no-build': { type: 'boolean' },
    json: { type: 'boolean' },
  });
  const seed = values.seed === undefined ? undefined : wholeNumber('--seed', values.seed, 2 ** 32 - 1);
  const history = values.history === undefined ? undefined : wholeNumber('--history', values.history, 50_000_000);
  const port = wholeNumber('--port', values.port ?? process.env['BAILIFF_GATEWAY_PORT'] ?? '8420', 65_535);
  return {
    flags: { port, isJson: values.json === true, seed, history },
    dataDir: values['data-dir'] ?? defaultDataDir,
  };
}

function wholeNumber(name: string, text: string, max: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value > max)
    throw new ToolError('tools/bad-option', `${name} wants a number from 0 to ${max}, not "${text}"`);
  return value;
}

function refuseUnbuilt(): void {
  const missing = [...Object.values(mainOf), join(webDir, 'index.html')].filter((path) => !existsSync(path));
  if (missing.length > 0)
    throw new ToolError('tools/not-built', `not built yet: ${missing.join(', ')}; run without --no-build`);
}

function fail2banSide(
  command: StackCommand,
  data: DataDir,
  flags: StackFlags,
): Pick<StackOptions, 'target' | 'fail2ban'> {
  const side = command.prepare(data, flags);
  return typeof side === 'object' && 'target' in side ? side : { target: side };
}

function sayAlreadyRunning(data: DataDir): number {
  const run = readRunFile(data.path);
  say(
    `Bailiff is already running in ${data.path}${run?.setupUrl === undefined ? ' (still starting)' : `: ${run.setupUrl}`}`,
  );
  say(`Stop it with: ./bailiff down --data-dir ${data.path}`);
  return 1;
}

/** A supervisor that was killed leaves its processes; they hold the ports and the databases. */
async function endLeftoversKeepingLock(data: DataDir): Promise<void> {
  const run = readRunFile(data.path);
  if (!run || isRunning(run.supervisor)) return;
  await endLeftovers(data.path);
  data.claim();
}

async function waitForSignal(): Promise<NodeJS.Signals> {
  const abort = new AbortController();
  const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  const signal = await Promise.race(
    names.map((name) => once(process, name, { signal: abort.signal }).then(() => name)),
  );
  // The others stay without listeners of ours but must not end the process halfway through the stop.
  for (const name of names) process.on(name, () => undefined);
  return signal;
}

async function stopOn(signal: string, stack: Stack): Promise<void> {
  say(signal === 'SIGINT' ? '\nStopping ...' : 'Stopping ...');
  await stack.stop();
  say('Stopped.');
}

function announcement(summary: StackSummary, more: readonly string[]): string[] {
  const isNew = summary.setupToken !== null;
  return [
    '',
    isNew ? 'Bailiff is up. Open this address to set it up:' : 'Bailiff is up:',
    '',
    `  ${summary.setupUrl}`,
    '',
    ...more,
    `Data and logs: ${summary.dataDir}`,
    'Ctrl-C stops everything.',
    '',
  ];
}
