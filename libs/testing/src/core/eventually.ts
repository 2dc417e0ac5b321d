import { setTimeout as delay } from 'node:timers/promises';
import { WaitTimeoutError } from './testing.errors.js';

/** How long and how often to try. */
export interface EventuallyOptions {
  /** Longest wait in milliseconds; 30,000 unless told. */
  readonly withinMs?: number;
  /** Pause between two tries in milliseconds; 25 unless told. */
  readonly everyMs?: number;
  /** What is waited for, for the error message. */
  readonly what?: string;
}

/**
 * Calls `fn` until it neither throws nor answers exactly `false`, and returns its result.
 * @throws {WaitTimeoutError} when the time is over (also when one call hangs); `cause` is what `fn` last threw.
 */
export async function eventually<T>(
  fn: () => T | Promise<T>,
  options: EventuallyOptions = {},
): Promise<Exclude<T, false>> {
  const { withinMs = 30_000, everyMs = 25, what } = options;
  const deadline = performance.now() + withinMs;
  let lastFailure: unknown = new Error('the first try has not finished');
  const timedOut = (): WaitTimeoutError => {
    const reason = lastFailure instanceof Error ? lastFailure.message : String(lastFailure);
    return new WaitTimeoutError(`Waited ${withinMs} ms in vain for ${what ?? 'the condition'}: ${reason}`, {
      cause: lastFailure,
    });
  };
  for (;;) {
    const timer = new AbortController();
    try {
      const left = Math.max(0, deadline - performance.now());
      const result = await Promise.race([
        Promise.resolve().then(fn),
        delay(left, undefined, { signal: timer.signal }).then(() => Promise.reject(timedOut())),
      ]);
      if (result !== false) return result as Exclude<T, false>; // TypeScript does not narrow a bare T
      lastFailure = new Error('it still answers false');
    } catch (error) {
      if (error instanceof WaitTimeoutError && performance.now() >= deadline) throw error;
      lastFailure = error;
    } finally {
      timer.abort();
    }
    if (performance.now() >= deadline) throw timedOut();
    await delay(everyMs);
  }
}
