/** How long single turns of the event loop took; nothing else can be served during one. */
export interface LoopHold {
  /** By the clock, milliseconds: also counts time that other processes of the machine had the core. */
  readonly clockMs: number;
  /** By the thread's own processor time, milliseconds: what our code really held. */
  readonly processorMs: number;
}

/** The longest turn of the event loop while `act` ran. */
export async function longestHold(act: () => Promise<unknown>): Promise<LoopHold> {
  let isOver = false;
  const longest = { clockMs: 0, processorMs: 0 };
  let last = now();
  const turn = () => {
    const current = now();
    longest.clockMs = Math.max(longest.clockMs, current.clockMs - last.clockMs);
    longest.processorMs = Math.max(longest.processorMs, current.processorMs - last.processorMs);
    last = current;
    if (!isOver) setImmediate(turn);
  };
  setImmediate(turn);
  await act();
  // One more turn, so that work done just before the end is counted.
  await new Promise((resolve) => setImmediate(resolve));
  isOver = true;
  return longest;
}

function now(): LoopHold {
  const { user, system } = process.threadCpuUsage();
  return { clockMs: performance.now(), processorMs: (user + system) / 1000 };
}
