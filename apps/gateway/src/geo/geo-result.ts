import { RIRS, type Rir } from '@bailiff/contracts/http';
import { GEO_BATCH, type GeoEntry, type GeoResolveResult } from '@bailiff/contracts/jobs';
import { tryParseAddress } from '@bailiff/ip';

const MAX_ASN = 4_294_967_295;
const MAX_NAME = 200;

/**
 * A resolve job's result. The worker parses the internet, so its answer is checked like any other input: what is not an address
 * with facts of the right form is left out, and anything else than a version 1 result is none.
 */
export function readGeoResult(value: unknown): GeoResolveResult | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { v, entries, asNames, dataVersion } = value as Partial<Record<keyof GeoResolveResult, unknown>>;
  if (v !== 1 || !Array.isArray(entries) || !Array.isArray(asNames)) return undefined;
  if (typeof dataVersion !== 'string' || !/^[0-9a-f]{1,64}$/.test(dataVersion)) return undefined;
  return {
    v: 1,
    entries: (entries as unknown[])
      .slice(0, GEO_BATCH)
      .filter(isEntry)
      .map(({ address, country, asn, rir }) => ({ address, country, asn, rir })),
    asNames: (asNames as unknown[])
      .slice(0, GEO_BATCH)
      .filter(isName)
      .map(({ asn, name }) => ({ asn, name: name.slice(0, MAX_NAME) })),
    dataVersion,
  };
}

/** Whether a value is the number of an autonomous system. */
export function isAsn(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value > 0 && value <= MAX_ASN;
}

/** A registry's name, null for anything else. */
export function rirFrom(value: unknown): Rir | null {
  return RIRS.find((rir) => rir === value) ?? null;
}

function isEntry(value: unknown): value is GeoEntry {
  if (typeof value !== 'object' || value === null) return false;
  const { address, country, asn, rir } = value as Partial<Record<keyof GeoEntry, unknown>>;
  if (typeof address !== 'string' || tryParseAddress(address) !== address) return false;
  if (asn !== null && !isAsn(asn)) return false;
  if (rir !== null && rirFrom(rir) === null) return false;
  return country === null || (typeof country === 'string' && /^[A-Z]{2}$/.test(country));
}

function isName(value: unknown): value is { asn: number; name: string } {
  if (typeof value !== 'object' || value === null) return false;
  const { asn, name } = value as { asn?: unknown; name?: unknown };
  return isAsn(asn) && typeof name === 'string' && name !== '';
}
