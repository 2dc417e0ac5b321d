import type { BulkCounts, BulkResult } from '@bailiff/contracts/http';
import type { BulkFailure, BulkPart } from '@bailiff/persistence';

/** Meaning of each letter in `bulk_part.results`. */
const LETTERS: Readonly<Record<string, BulkResult>> = {
  d: 'done',
  u: 'unchanged',
  f: 'failed',
  r: 'refused',
  c: 'cancelled',
};

/** Whether text holds nothing but letters: an agent's signature is good, its input may not be. */
export function areResultLetters(text: string): boolean {
  return /^[dufrc]*$/.test(text);
}

/** What became of the entry at a position. Entries of an ended part without a letter share the part's end. */
export function resultAt(part: BulkPart, position: number): BulkResult {
  const letter = part.results[position];
  if (letter !== undefined) return LETTERS[letter] ?? 'failed';
  return restOf(part);
}

/** How many entries of a part have which result. */
export function countResults({ results, state }: BulkPart, entries: number): BulkCounts {
  const counts = noCounts();
  let [done, unchanged, refused, cancelled] = [0, 0, 0, 0];
  // By code, not by letter: there may be a million, asked for several times a second.
  for (let at = 0; at < results.length; at += 1) {
    const code = results.charCodeAt(at);
    if (code === 0x64) done += 1;
    else if (code === 0x75) unchanged += 1;
    else if (code === 0x72) refused += 1;
    else if (code === 0x63) cancelled += 1;
  }
  const failed = results.length - done - unchanged - refused - cancelled;
  Object.assign(counts, { done, unchanged, refused, cancelled, failed });
  counts[restOf({ state })] += Math.max(0, entries - results.length);
  return counts;
}

/** Sums counts. */
export function addCounts(all: readonly BulkCounts[]): BulkCounts {
  const sum = noCounts();
  for (const counts of all) for (const key of RESULTS) sum[key] += counts[key];
  return sum;
}

/**
 * Why the entry at a position was not done, if anything is known.
 * @param failures the part's own, in the order of their positions
 */
export function reasonAt(
  part: BulkPart,
  failures: readonly BulkFailure[],
  position: number,
): { readonly code: string | null; readonly detail: string | null } {
  const run = lastFrom(failures, position);
  if (run !== undefined && position < run.toPosition) return { code: run.code, detail: run.detail };
  if (position >= part.results.length && isEnded(part)) return { code: part.code, detail: part.detail };
  return { code: null, detail: null };
}

/** Whether nothing more will happen to a part. */
export function isEnded({ state }: Pick<BulkPart, 'state'>): boolean {
  return state === 'done' || state === 'failed' || state === 'cancelled';
}

const RESULTS = ['pending', 'done', 'unchanged', 'failed', 'refused', 'cancelled'] as const;
const noCounts = (): Record<BulkResult, number> => ({
  pending: 0,
  done: 0,
  unchanged: 0,
  failed: 0,
  refused: 0,
  cancelled: 0,
});

/** The last run that begins at or before a position; every entry may have one of its own. */
function lastFrom(failures: readonly BulkFailure[], position: number): BulkFailure | undefined {
  let [low, high] = [0, failures.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((failures[middle]?.fromPosition ?? 0) <= position) low = middle + 1;
    else high = middle;
  }
  return failures[low - 1];
}

function restOf({ state }: Pick<BulkPart, 'state'>): BulkResult {
  if (state === 'failed') return 'failed';
  return state === 'cancelled' ? 'cancelled' : 'pending';
}
