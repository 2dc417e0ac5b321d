import type { GeoResolveResult } from '@bailiff/contracts/jobs';
import { tryParseAddress } from '@bailiff/ip';

/** One resolved address. */
export type GeoEntry = GeoResolveResult['entries'][number];

/**
 * Entries of a job's result. The worker parses the internet, so its answer is checked like any other input;
 * what is not an address with a country code or null is left out, and anything else than a version 1 result is none.
 */
export function readGeoResult(value: unknown): GeoEntry[] {
  if (typeof value !== 'object' || value === null) return [];
  const { v, entries } = value as { v?: unknown; entries?: unknown };
  if (v !== 1 || !Array.isArray(entries)) return [];
  return (entries as unknown[]).filter(isEntry).map(({ address, country }) => ({ address, country }));
}

function isEntry(value: unknown): value is GeoEntry {
  if (typeof value !== 'object' || value === null) return false;
  const { address, country } = value as { address?: unknown; country?: unknown };
  if (typeof address !== 'string' || tryParseAddress(address) !== address) return false;
  return country === null || (typeof country === 'string' && /^[A-Z]{2}$/.test(country));
}
