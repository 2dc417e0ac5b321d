import type { GeoSource, GeoStatus } from '@bailiff/contracts/http';

/** Days after which offline data count as old. */
const OLD_AFTER_DAYS = 60;

const DAY_MS = 86_400_000;

/** What is to be said about the geo data; the first that holds. */
export type GeoSign =
  | { readonly kind: 'none' | 'silent' | 'missing' }
  | { readonly kind: 'broken'; readonly source: string }
  | { readonly kind: 'old'; readonly days: number };

/** Whole days since a source was built; null where nobody knows. */
export function ageInDays({ builtAt }: Pick<GeoSource, 'builtAt'>, nowMs: number): number | null {
  return builtAt === null ? null : Math.max(0, Math.floor((nowMs - Date.parse(builtAt)) / DAY_MS));
}

/** Whether a source in use is older than it should be. Registries' blocks hardly ever change. */
export function isOld(source: GeoSource, nowMs: number): boolean {
  const isDated = source.facts.includes('country') || source.facts.includes('asn');
  return isDated && source.state === 'used' && (ageInDays(source, nowMs) ?? 0) > OLD_AFTER_DAYS;
}

/** Undefined: nothing to be said. */
export function geoSign({ state, sources }: GeoStatus, nowMs: number): GeoSign | undefined {
  if (state === 'none') return { kind: 'none' };
  const broken = sources.find((source) => source.state === 'broken' || source.problem !== null);
  if (broken !== undefined) return { kind: 'broken', source: broken.name };
  const used = sources.filter((source) => source.state === 'used');
  if (!used.some(({ facts }) => facts.includes('country'))) return { kind: 'missing' };
  if (state === 'silent') return { kind: 'silent' };
  const ages = used.filter((source) => isOld(source, nowMs)).map((source) => ageInDays(source, nowMs) ?? 0);
  return ages.length === 0 ? undefined : { kind: 'old', days: Math.max(...ages) };
}
