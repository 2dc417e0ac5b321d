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
export function countResults(part: BulkPart, entries: number): BulkCounts {
  const counts = noCounts();
  const known = { d: 0, u: 0, f: 0, r: 0, c: 0 };
  for (const letter of part.results) known[letter as keyof typeof known] += 1;
  for (const [letter, count] of Object.entries(known)) counts[LETTERS[letter] ?? 'failed'] += count;
  counts[restOf(part)] += Math.max(0, entries - part.results.length);
  return counts;
}

/** Sums counts. */
export function addCounts(all: readonly BulkCounts[]): BulkCounts {
  const sum = noCounts();
  for (const counts of all) for (const key of RESULTS) sum[key] += counts[key];
  return sum;
}

/** Why the entry at a position was not done, if anything is known. */
export function reasonAt(
  part: BulkPart,
  failures: readonly BulkFailure[],
  position: number,
): { readonly code: string | null; readonly detail: string | null } {
  const run = failures.find(
    ({ part: number, fromPosition, toPosition }) =>
      number === part.number && fromPosition <= position && position < toPosition,
  );
  if (run !== undefined) return { code: run.code, detail: run.detail };
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

function restOf({ state }: BulkPart): BulkResult {
  if (state === 'failed') return 'failed';
  return state === 'cancelled' ? 'cancelled' : 'pending';
}
