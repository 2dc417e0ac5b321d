import type { BanCheck, BanOutcome } from '@bailiff/contracts/http';

/** A target that is protected, and why. */
export interface GuardedTarget {
  readonly address: string;
  /** What the console or the host said, untrusted. */
  readonly detail: string;
  /** The host that protects it; absent where the console does. */
  readonly hostName?: string;
}

/**
 * Every target that a ban was refused for, each once: by the console as its check names them, then by hosts.
 * @param asked canonical addresses of the ban
 * @param refused what hosts would not ban because they protect it
 * @param detail what the console said when it refused the whole ban
 */
export function guardedTargets(
  asked: readonly string[],
  check: BanCheck | undefined,
  refused: readonly BanOutcome[],
  detail: string,
  hostName: (id: string) => string,
): readonly GuardedTarget[] {
  const known = new Set(asked);
  const guarded = new Map<string, GuardedTarget>();
  for (const { address, guard } of check?.targets ?? [])
    if (guard !== null && known.has(address)) guarded.set(address, { address, detail: guard.detail });
  for (const { address, detail: said, hostId } of refused)
    if (address !== null && known.has(address))
      guarded.set(address, { address, detail: said ?? '', hostName: hostName(hostId) });
  // The check may not have been answered. Of a single address there is no doubt; of several none can be named.
  const [only, ...others] = asked;
  if (guarded.size === 0 && only !== undefined && others.length === 0) return [{ address: only, detail }];
  return [...guarded.values()];
}
