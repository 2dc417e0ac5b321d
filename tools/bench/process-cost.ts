import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

import { ToolError } from '../common/tool.error.ts';

/** Clock ticks a second; fixed at 100 on every Linux that Node runs on. @see man 5 proc */
const ticksPerSecond = 100;

/** Processor time a process has used, seconds, user and system. */
export function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

/** Resident memory of a process, megabytes (10^6 bytes). */
export function residentMegabytes(pid: number): number {
  const line = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return (Number(line?.[1] ?? Number.NaN) * 1024) / 1e6;
}

/** Share of one core a process uses over a while. */
export async function cpuShare(pid: number, seconds: number): Promise<number> {
  const before = cpuSeconds(pid);
  const startedAt = performance.now();
  await delay(seconds * 1000);
  return (cpuSeconds(pid) - before) / ((performance.now() - startedAt) / 1000);
}

/** Waits until a process has nothing left to do in the background (fail2ban writes its database after it answered, an
 *  agent compares lists some seconds after it connected).
 *  @param quietSeconds seconds in which it may use 30 ms of a core
 *  @throws {ToolError} when it is still busy after about two minutes */
export async function settled(pid: number, quietSeconds = 3): Promise<void> {
  for (let attempt = 0; attempt < 120 / quietSeconds; attempt += 1) {
    if ((await cpuShare(pid, quietSeconds)) < 0.03 / quietSeconds) return;
  }
  throw new ToolError('tools/bench-setup', `process ${pid} does not come to rest`);
}
