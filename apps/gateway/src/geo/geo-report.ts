import { GEO_FACTS, type GeoSource } from '@bailiff/contracts/http';
import type { GeoReport } from '@bailiff/contracts/jobs';

const MAX_TEXT = 200;
const MAX_SOURCES = 40;
const KINDS = ['embedded', 'mounted', 'online'] as const;
const STATES = ['used', 'overridden', 'broken'] as const;

/** A worker's report, checked like any other input; undefined when it is none. */
export function readGeoReport(text: string): GeoReport | undefined {
  const { v, atMs, dataVersion, sources } = fieldsOf(parse(text));
  if (v !== 1 || typeof atMs !== 'number' || !Number.isFinite(atMs) || !Array.isArray(sources)) return undefined;
  if (typeof dataVersion !== 'string' || !/^[0-9a-f]{1,64}$/.test(dataVersion)) return undefined;
  const read = (sources as unknown[]).slice(0, MAX_SOURCES).map(readSource);
  return { v: 1, atMs, dataVersion, sources: read.filter((source) => source !== undefined) };
}

function readSource(value: unknown): GeoSource | undefined {
  const source = fieldsOf(value);
  const kind = KINDS.find((known) => known === source['kind']);
  const state = STATES.find((known) => known === source['state']);
  const name = textFrom(source['name']);
  if (kind === undefined || state === undefined || name === null) return undefined;
  const { facts, entries, builtAt, creditUrl } = source;
  return {
    name,
    kind,
    state,
    facts: GEO_FACTS.filter((fact) => Array.isArray(facts) && facts.includes(fact)),
    builtAt: typeof builtAt === 'string' && !Number.isNaN(Date.parse(builtAt)) ? builtAt : null,
    entries: typeof entries === 'number' && Number.isSafeInteger(entries) ? entries : null,
    credit: textFrom(source['credit']) ?? '',
    creditUrl: typeof creditUrl === 'string' && isHttps(creditUrl) ? creditUrl : null,
    problem: textFrom(source['problem']),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function fieldsOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function textFrom(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value.slice(0, MAX_TEXT) : null;
}

const isHttps = (text: string) => URL.parse(text)?.protocol === 'https:';
