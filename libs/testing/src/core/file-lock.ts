import { open, readFile, rm } from 'node:fs/promises';
import { eventually } from './eventually.js';
import { hasCode } from './has-code.js';

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return hasCode(error, 'EPERM');
  }
}

async function tryLock(path: string): Promise<boolean> {
  try {
    await using file = await open(path, 'wx');
    await file.write(String(process.pid));
    return true;
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  }
  const owner = Number.parseInt(await readFile(path, 'utf8').catch(() => ''), 10);
  // A lock whose owner died is removed; one that is just being written (no number yet) is waited for.
  if (Number.isInteger(owner) && !isAlive(owner)) await rm(path, { force: true });
  return false;
}

/**
 * Runs `work` while no other process of this machine runs under the same lock file.
 * Two processes that find a dead owner at once may both get in: `work` must be atomic at its end (rename).
 */
export async function withFileLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  await eventually(() => tryLock(path), { withinMs: 300_000, everyMs: 100, what: `the lock ${path}` });
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}
