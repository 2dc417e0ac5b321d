import { BAN_ORIGINS, type BanOrigin, type HistoryEntry } from '@bailiff/contracts/http';
import type { BanEvent } from '@bailiff/persistence';

/** A stored ban or unban as the API shows it. */
export function toHistoryEntry(event: BanEvent, hostName: string, asName: string | null = null): HistoryEntry {
  return {
    id: String(event.id),
    hostId: event.hostId,
    hostName,
    kind: event.kind,
    jail: event.jail,
    address: event.address,
    at: new Date(event.atMs).toISOString(),
    bantimeSeconds: event.bantimeSeconds,
    banCount: event.banCount,
    failures: event.failures,
    origin: originOf(event.origin),
    country: event.country,
    asn: event.asn,
    ...(asName === null ? {} : { asName }),
    matches: event.matches ?? [],
    service: event.service,
    requestUrl: event.requestUrl,
    targetDomain: event.targetDomain,
    targetSubdomain: event.targetSubdomain,
  };
}

/** The stored origin, `selfblock` when it is none we know. */
export function originOf(text: string): BanOrigin {
  return BAN_ORIGINS.find((origin) => origin === text) ?? 'selfblock';
}
