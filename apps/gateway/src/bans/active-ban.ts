import type { ActiveBan } from '@bailiff/contracts/http';
import type { ActiveBan as ActiveBanRow } from '@bailiff/persistence';
import type { NetworkFacts } from '../geo/network-info.js';
import { originOf } from '../history/history-entry.js';
import { timeOrNull } from '../hosts/host-info.js';

/** A stored current ban as the API shows it. */
export function toActiveBan(row: ActiveBanRow, hostName: string, facts?: NetworkFacts): ActiveBan {
  const { asn = null, asName = null } = facts ?? {};
  return {
    id: String(row.id),
    hostId: row.hostId,
    hostName,
    jail: row.jail,
    address: row.address,
    bannedAt: new Date(row.bannedAtMs).toISOString(),
    expiresAt: timeOrNull(row.expiresAtMs),
    banCount: row.banCount,
    origin: originOf(row.origin),
    country: row.country,
    ...(asn === null ? {} : { asn }),
    ...(asName === null ? {} : { asName }),
  };
}
