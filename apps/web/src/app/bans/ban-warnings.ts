import type { BanCheck } from '@bailiff/contracts/http';

interface Words {
  tooWide(address: string): string;
  guarded(detail: string): string;
  guardedMore(n: number): string;
  noNetworks(jail: string, action: string, family: number): string;
  privateOnes(list: string, more: number): string;
}

const SHOWN = 3;

/**
 * What to think of before banning.
 * @param areGuardedNamed whether protected targets are named elsewhere
 */
export function banWarnings(
  { targets, jailsWithoutNetworks }: BanCheck,
  words: Words,
  areGuardedNamed: boolean,
): readonly string[] {
  const guards = areGuardedNamed ? [] : targets.flatMap(({ guard }) => (guard === null ? [] : [guard.detail]));
  const privates = targets.filter(({ isPrivate }) => isPrivate).map(({ address }) => address);
  const shown = privates.slice(0, SHOWN).join(', ');
  const without = new Map(jailsWithoutNetworks.map((one) => [`${one.jail} ${one.family}`, one]));
  return [
    ...targets.filter(({ isTooWide }) => isTooWide).map(({ address }) => words.tooWide(address)),
    ...guards.slice(0, SHOWN).map((detail) => words.guarded(detail)),
    ...(guards.length > SHOWN ? [words.guardedMore(guards.length - SHOWN)] : []),
    ...[...without.values()].slice(0, SHOWN).map(({ jail, action, family }) => words.noNetworks(jail, action, family)),
    ...(privates.length > 0 ? [words.privateOnes(shown, Math.max(0, privates.length - SHOWN))] : []),
  ];
}
