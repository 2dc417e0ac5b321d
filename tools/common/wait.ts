import { setTimeout as delay } from 'node:timers/promises';

/** Calls `probe` until it answers something other than undefined.
 *  @returns that answer, or undefined when `withinMs` milliseconds passed or `signal` fired first */
export async function poll<T>(
  probe: () => T | undefined | Promise<T | undefined>,
  { withinMs, everyMs = 25, signal }: { withinMs: number; everyMs?: number; signal?: AbortSignal | undefined },
): Promise<T | undefined> {
  const deadline = Date.now() + withinMs;
  while (signal?.aborted !== true) {
    const answer = await probe();
    if (answer !== undefined) return answer;
    if (Date.now() >= deadline) return undefined;
    await delay(everyMs);
  }
  return undefined;
}
