import { setImmediate as nextTurn } from 'node:timers/promises';

const SLICE_MS = 8;
const CHECK_EVERY = 256;

/** Maps a long list without keeping the event loop for more than a slice at a time. */
export async function mapInSlices<T, R>(items: readonly T[], map: (item: T) => R): Promise<R[]> {
  const results: R[] = [];
  let end = performance.now() + SLICE_MS;
  for (const [index, item] of items.entries()) {
    results.push(map(item));
    if (index % CHECK_EVERY === 0 && performance.now() > end) {
      await nextTurn();
      end = performance.now() + SLICE_MS;
    }
  }
  return results;
}
