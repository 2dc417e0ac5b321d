import type { IgnoreEntry } from '@bailiff/contracts/http';
import { sameEntry } from './ignore-entry.js';

/**
 * Every entry of a jail's ignore list, in force or only configured, with where it comes from.
 * @param running as fail2ban has them now @param files as its files say; undefined: they cannot be read
 * @param allowed what the allow list keeps there
 */
export function sourcesOf(
  running: readonly string[],
  files: readonly string[] | undefined,
  allowed: readonly string[],
): Pick<IgnoreEntry, 'entry' | 'source'>[] {
  const [inForce, configured, kept] = [running, files ?? [], allowed].map((list) => new Set(list.map(sameEntry)));
  const sourceOf = (entry: string): IgnoreEntry['source'] => {
    const key = sameEntry(entry);
    if (configured?.has(key) === true) return 'both';
    if (kept?.has(key) === true) return 'allowed';
    return files === undefined ? 'unknown' : 'runtime';
  };
  const onlyConfigured = (files ?? []).filter((entry) => inForce?.has(sameEntry(entry)) === false);
  return [
    ...running.map((entry) => ({ entry, source: sourceOf(entry) })),
    ...onlyConfigured.map((entry) => ({ entry, source: 'configured' as const })),
  ];
}
