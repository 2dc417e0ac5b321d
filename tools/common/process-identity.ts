import { readFileSync, readdirSync } from 'node:fs';

/** A process that can be told apart from a later one that got the same number. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Start time in clock ticks since boot, from /proc; null where there is no /proc. */
  readonly startTicks: number | null;
}

/** Identity of a live process, or undefined when there is none with that number.
 *  @see man 5 proc, /proc/pid/stat field 22 */
export function identify(pid: number): ProcessIdentity | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return canSignal(pid) ? { pid, startTicks: null } : undefined;
  }
  // The second field is the program's name in parentheses and may hold anything, even spaces and parentheses.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' && isLastThread(pid) ? undefined : { pid, startTicks: Number(fields[19]) };
}

/** The first thread of a dying process may be gone while others still hold its sockets and files. */
function isLastThread(pid: number): boolean {
  try {
    return readdirSync(`/proc/${pid}/task`).length <= 1;
  } catch {
    return true;
  }
}

/** Whether the very process that was identified earlier still runs. */
export function isRunning(identity: ProcessIdentity): boolean {
  return identify(identity.pid)?.startTicks === identity.startTicks;
}

function canSignal(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Sends a signal to a process group led by `identity`, or to the process alone when it leads none; no error if gone. */
export function signalTree(identity: ProcessIdentity, signal: NodeJS.Signals): void {
  if (!isRunning(identity)) return;
  for (const target of [-identity.pid, identity.pid]) {
    try {
      process.kill(target, signal);
      return;
    } catch {
      // No such group: the single process is next.
    }
  }
}

/** Ends a process politely, then by force.
 *  @param graceMs time to end by itself after SIGTERM, milliseconds */
export async function endProcess(identity: ProcessIdentity, graceMs = 10_000): Promise<void> {
  const deadline = Date.now() + graceMs;
  if (isRunning(identity)) process.kill(identity.pid, 'SIGTERM');
  while (isRunning(identity) && Date.now() < deadline + 5_000) {
    if (Date.now() > deadline) signalTree(identity, 'SIGKILL');
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
