import {
  type AbuseIpdbFacts,
  LOOKUP_FAILURES,
  type LookupInfo,
  type LookupKind,
  type LookupSettings,
  type LookupState,
  type OtxFacts,
  type RdapFacts,
  type ReverseName,
} from '@bailiff/contracts/http';
import type { AddressLookup } from '@bailiff/persistence';
import { timeOrNull } from '../hosts/host-info.js';
import { readLookupFacts } from './lookup-answer.js';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** How old a good answer may be: registrations hardly change, reputations do. */
const FRESH_MS: Record<LookupKind, number> = {
  rdap: 7 * DAY_MS,
  'reverse-dns': DAY_MS,
  abuseipdb: DAY_MS,
  otx: DAY_MS,
};
/** How long a failure is not asked about again by itself. */
const FAILED_FOR_MS = 5 * MINUTE_MS;
const QUOTA_FOR_MS = 60 * MINUTE_MS;
/** An answer that has not come by then does not come: no worker runs. */
export const AWAITED_MS = MINUTE_MS;

/** Whether an answer to what was asked is still awaited. */
export function isAwaited(row: AddressLookup, nowMs: number): boolean {
  return row.askId !== null && nowMs - row.askedAtMs < AWAITED_MS;
}

/** Whether the answer is so old, or so bad, that asking again is worth it. */
export function isStale(row: AddressLookup, nowMs: number): boolean {
  if (row.answeredAtMs === null) return !isAwaited(row, nowMs);
  const age = nowMs - row.answeredAtMs;
  if (row.outcome !== 'failed') return age >= FRESH_MS[row.kind as LookupKind];
  return age >= (row.code === 'lookup/quota' ? QUOTA_FOR_MS : FAILED_FOR_MS);
}

/** Why a kind is not asked at all; undefined: it is. */
export function hindrance(kind: LookupKind, settings: LookupSettings, isReserved: boolean): LookupState | undefined {
  if (isReserved) return 'not-public';
  if (kind === 'rdap') return settings.rdap ? undefined : 'off';
  if (kind === 'reverse-dns') return settings.reverseDns ? undefined : 'off';
  const hasKey = kind === 'abuseipdb' ? settings.abuseipdbKey : settings.otxKey;
  return hasKey === false ? 'no-key' : undefined;
}

/** What a page shows of one kind. @param row what is stored, undefined when it was never asked */
export function toLookupInfo(
  kind: LookupKind,
  row: AddressLookup | undefined,
  hindered: LookupState | undefined,
  nowMs: number,
): LookupInfo {
  const nothing = { code: null, detail: null, rdap: null, names: null, abuseipdb: null, otx: null } as const;
  const empty = { kind, askedAt: null, answeredAt: null, isStale: false, ...nothing } as const;
  if (hindered !== undefined) return { ...empty, state: hindered };
  if (row === undefined) return { ...empty, state: 'not-asked', isStale: true };
  const awaited = isAwaited(row, nowMs);
  const common = {
    ...empty,
    askedAt: timeOrNull(row.askedAtMs),
    answeredAt: timeOrNull(row.answeredAtMs),
    isStale: isStale(row, nowMs),
    ...factsOf(kind, row),
  };
  if (awaited) return { ...common, state: 'asking' };
  if (row.outcome === null) return { ...common, state: 'failed', code: 'lookup/no-worker' };
  if (row.outcome !== 'failed') return { ...common, state: row.outcome };
  const code = LOOKUP_FAILURES.find((known) => known === row.code) ?? 'lookup/bad-answer';
  return { ...common, state: code === 'lookup/no-key' ? 'no-key' : 'failed', code, detail: row.detail };
}

function factsOf(kind: LookupKind, row: AddressLookup): Partial<LookupInfo> {
  const facts = row.facts === null ? undefined : readLookupFacts(kind, row.facts);
  if (facts === undefined) return {};
  switch (kind) {
    case 'rdap':
      return { rdap: facts as RdapFacts };
    case 'reverse-dns':
      return { names: (facts as { names: ReverseName[] }).names };
    case 'abuseipdb':
      return { abuseipdb: facts as AbuseIpdbFacts };
    case 'otx':
      return { otx: facts as OtxFacts };
  }
}
