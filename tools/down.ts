// ./bailiff down: stops what up or demo started, from elsewhere.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

import { readOptions, runCommand, say } from './common/command.ts';
import { defaultDataDir } from './common/paths.ts';
import { isRunning } from './common/process-identity.ts';
import { poll } from './common/wait.ts';
import { endLeftovers } from './stack/leftovers.ts';
import { readRunFile } from './stack/run-file.ts';

/** Longest time a supervisor takes to stop five processes that each ignore SIGTERM, milliseconds. */
const stopWithinMs = 70_000;

await runCommand(async () => {
  const { values } = readOptions({ 'data-dir': { type: 'string' } });
  const named = values['data-dir'];
  const dataDirs = named === undefined ? Object.values(defaultDataDir) : [resolve(named)];
  const stopped = [];
  for (const dataDir of dataDirs) if (existsSync(dataDir) && (await stopStack(dataDir))) stopped.push(dataDir);
  if (stopped.length === 0) say(`Nothing is running in ${dataDirs.join(' or ')}.`);
  return 0;
});

/** @returns whether something ran there */
async function stopStack(dataDir: string): Promise<boolean> {
  const supervisor = readRunFile(dataDir)?.supervisor;
  if (!supervisor) return false;
  if (!isRunning(supervisor)) return (await endLeftovers(dataDir)).length > 0;
  process.kill(supervisor.pid, 'SIGTERM');
  await poll(() => (isRunning(supervisor) ? undefined : true), { withinMs: stopWithinMs });
  if (isRunning(supervisor)) process.kill(supervisor.pid, 'SIGKILL');
  await endLeftovers(dataDir);
  say(`Stopped what ran in ${dataDir}.`);
  return true;
}
