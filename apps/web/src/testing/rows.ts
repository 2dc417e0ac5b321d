import type { ActiveBan, HistoryEntry, HostInfo } from '@bailiff/contracts/http';

export const HOST_ID = '00112233aabbccdd';

/** A ban for specs, addresses from the documentation ranges only. */
export function ban(n: number, changes: Partial<ActiveBan> = {}): ActiveBan {
  return {
    id: `ban-${n}`,
    hostId: HOST_ID,
    hostName: 'web-1',
    jail: 'sshd',
    address: `192.0.2.${n % 256}`,
    bannedAt: '2026-03-31T12:00:00Z',
    expiresAt: null,
    banCount: 1,
    origin: 'selfblock',
    country: 'CH',
    ...changes,
  };
}

/** An event of the archive for specs. */
export function historyEntry(n: number, changes: Partial<HistoryEntry> = {}): HistoryEntry {
  return {
    id: `event-${n}`,
    hostId: HOST_ID,
    hostName: 'web-1',
    kind: 'ban',
    jail: 'sshd',
    address: `192.0.2.${n % 256}`,
    at: '2026-03-31T12:00:00Z',
    bantimeSeconds: 600,
    banCount: 1,
    failures: 5,
    service: null,
    requestUrl: null,
    targetDomain: null,
    targetSubdomain: null,
    origin: 'selfblock',
    country: null,
    asn: null,
    matches: [],
    ...changes,
  };
}

/** A host for specs. */
export function host(changes: Partial<HostInfo> = {}): HostInfo {
  return {
    id: HOST_ID,
    name: 'web-1',
    tags: [],
    state: 'online',
    hostname: 'web-1.example.org',
    agentVersion: '0.1.0',
    fingerprint: 'ab12-cd34',
    lastSeenAt: '2026-03-31T12:00:00Z',
    clockSkewMs: 0,
    groups: ['read', 'ban'],
    fail2ban: null,
    statusAt: null,
    alarms: 0,
    enrolledAt: '2026-01-01T00:00:00Z',
    ...changes,
  };
}
