import {
  AbuseIpdbFacts,
  LOOKUP_FAILURES,
  LOOKUP_KINDS,
  type LookupKind,
  OtxFacts,
  RdapFacts,
  ReverseName,
} from '@bailiff/contracts/http';
import type { LookupDescribeResult, LookupRunResult } from '@bailiff/contracts/jobs';
import { tryParseNetwork } from '@bailiff/ip';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';

const DETAIL_MAX = 300;
const MAX_NAMES = 10;
const OUTCOMES = ['found', 'nothing', 'failed'] as const;

/**
 * A worker's answer, checked like any other input: it parses the internet. Undefined when it is none; what was found counts as
 * `lookup/bad-answer` when it does not have the shape of its kind.
 */
export function readLookupAnswer(value: unknown): LookupRunResult | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { v, askId, address, kind, outcome, code, detail, facts } = value as Record<string, unknown>;
  const knownKind = LOOKUP_KINDS.find((known) => known === kind);
  const knownOutcome = OUTCOMES.find((known) => known === outcome);
  if (v !== 1 || knownKind === undefined || knownOutcome === undefined || typeof askId !== 'string') return undefined;
  if (typeof address !== 'string' || tryParseNetwork(address) !== address) return undefined;
  const ask = { v, askId, address, kind: knownKind } as const;
  if (knownOutcome === 'nothing') return { ...ask, outcome: knownOutcome, code: null, detail: null, facts: null };
  if (knownOutcome === 'found') {
    const read = readLookupFacts(knownKind, facts);
    if (read !== undefined) return { ...ask, outcome: knownOutcome, code: null, detail: null, facts: read };
  }
  const failure = LOOKUP_FAILURES.find((known) => known === code) ?? 'lookup/bad-answer';
  const said = typeof detail === 'string' ? detail.slice(0, DETAIL_MAX) : null;
  return { ...ask, outcome: 'failed', code: failure, detail: said, facts: null };
}

/** What was found, when it has the shape of its kind and nothing else. Also for what the database holds. */
export function readLookupFacts(kind: LookupKind, facts: unknown): object | undefined {
  switch (kind) {
    case 'rdap':
      return shapeOf(RdapFacts, facts);
    case 'abuseipdb':
      return shapeOf(AbuseIpdbFacts, facts);
    case 'otx':
      return shapeOf(OtxFacts, facts);
    case 'reverse-dns': {
      const { names } = (typeof facts === 'object' && facts !== null ? facts : {}) as { names?: unknown };
      if (!Array.isArray(names) || names.length > MAX_NAMES) return undefined;
      const read = (names as unknown[]).map((name) => shapeOf(ReverseName, name));
      return read.includes(undefined) ? undefined : { names: read };
    }
  }
}

/** What a worker says it can do; undefined when it says nothing of the kind. */
export function readLookupDescription(value: unknown): LookupDescribeResult | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { v, abuseipdbKey, otxKey } = value as Record<string, unknown>;
  if (v !== 1 || typeof abuseipdbKey !== 'boolean' || typeof otxKey !== 'boolean') return undefined;
  return { v, abuseipdbKey, otxKey };
}

function shapeOf<T extends object>(type: new () => T, value: unknown): T | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const read = plainToInstance(type, value);
  const errors = validateSync(read, { whitelist: true, forbidNonWhitelisted: true, forbidUnknownValues: true });
  return errors.length === 0 ? { ...read } : undefined;
}
