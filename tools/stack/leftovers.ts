import { rmSync } from 'node:fs';
import { join } from 'node:path';

import { say } from '../common/command.ts';
import { endProcess, isRunning } from '../common/process-identity.ts';
import { readRunFile, removeRunFile, stopOrder } from './run-file.ts';

/** Ends what a supervisor that was killed left behind; identities are compared, so a reused process id is left alone.
 *  @returns the names of what was ended */
export async function endLeftovers(dataDir: string): Promise<string[]> {
  const run = readRunFile(dataDir);
  const ended: string[] = [];
  for (const name of stopOrder) {
    const identity = run?.processes[name];
    if (!identity || !isRunning(identity)) continue;
    await endProcess(identity);
    ended.push(name);
  }
  removeRunFile(dataDir);
  rmSync(join(dataDir, 'supervisor.lock'), { force: true });
  if (ended.length > 0) say(`Ended what an earlier run left behind: ${ended.join(', ')}.`);
  return ended;
}
