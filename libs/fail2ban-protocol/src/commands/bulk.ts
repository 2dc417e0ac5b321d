import { expectNumber } from './expect.js';
import type { CommandChannel, RequestOptions } from './command-channel.js';
import { InvalidValueError } from '../errors/input.errors.js';

/** What a bulk command did. */
export interface BulkResult {
  /** How many ids were asked for. */
  readonly requested: number;
  /** How many fail2ban newly banned, or really unbanned. */
  readonly changed: number;
}

export interface BulkProgress extends BulkResult {
  readonly done: number;
}

export interface BulkOptions extends RequestOptions {
  /** Told after each part that was executed; what it counts is done even if a later part fails. */
  readonly onProgress?: (progress: BulkProgress) => void;
}

/** Time one part should keep the server: it answers nobody else meanwhile. Milliseconds. */
const TARGET_MS = 10;
const MAX_PART = 1_000;
/** Up to so many ids somebody is waiting for; more are an import. */
const MAX_INTERACTIVE = 16;

/**
 * Executes a command over many ids, cut into parts that keep the server for about {@link TARGET_MS}: with a shell
 * action one id costs 6 ms and more, without any action 0.05 ms. Other commands go between the parts.
 * @param words builds the command for a part
 */
export async function runBulk(
  channel: CommandChannel,
  ids: readonly string[],
  words: (part: readonly string[]) => string[],
  options: BulkOptions = {},
): Promise<BulkResult> {
  if (ids.length === 0) throw new InvalidValueError('ids', 'at least one');
  const { onProgress, ...request } = options;
  const priority = ids.length > MAX_INTERACTIVE ? 'bulk' : 'interactive';
  let size = 1;
  let done = 0;
  let changed = 0;
  while (done < ids.length) {
    const part = ids.slice(done, done + size);
    const next = { size };
    const reply = await channel.call(words(part), 'action', { priority, ...request }, (elapsedMs) => {
      next.size = nextSize(part.length, elapsedMs);
    });
    changed += expectNumber(reply, 'count');
    done += part.length;
    size = next.size;
    onProgress?.({ requested: ids.length, changed, done });
  }
  return { requested: ids.length, changed };
}

/** What one command over several ids did, and how long the server was kept by it, milliseconds. */
export interface TimedResult extends BulkResult {
  readonly elapsedMs: number;
}

/** Executes a command over ids in one piece: the caller sees to it that it keeps the server for no longer than it may. */
export async function runAtOnce(
  channel: CommandChannel,
  ids: readonly string[],
  words: readonly string[],
  options: RequestOptions = {},
): Promise<TimedResult> {
  if (ids.length === 0) throw new InvalidValueError('ids', 'at least one');
  const timed = { ms: 0 };
  const reply = await channel.call([...words, ...ids], 'action', { priority: 'bulk', ...options }, (elapsedMs) => {
    timed.ms = elapsedMs;
  });
  return { requested: ids.length, changed: expectNumber(reply, 'count'), elapsedMs: timed.ms };
}

/** At most doubles, at once shrinks: a part that was too long already delayed somebody. */
export function nextSize(size: number, elapsedMs: number): number {
  const fitting = Math.floor((size * TARGET_MS) / Math.max(elapsedMs, 0.01));
  return Math.max(1, Math.min(MAX_PART, size * 2, fitting));
}
