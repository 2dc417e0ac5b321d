import type { ActiveBan, BulkJob, HistoryEntry, HostInfo } from '@bailiff/contracts/http';

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

/** A list of addresses for specs: 200 addresses in one jail of one host, half way. */
export function bulkJob(changes: Partial<BulkJob> = {}): BulkJob {
  const counts = { pending: 100, done: 98, unchanged: 0, failed: 2, refused: 0, cancelled: 0 };
  return {
    id: '0b1f7a54-4ab5-4f0a-9f2f-6f4f30c7f0aa',
    direction: 'ban',
    state: 'running',
    name: 'evil.txt',
    reason: null,
    durationSeconds: null,
    owner: 'operator',
    createdAt: '2026-03-31T12:00:00Z',
    startedAt: '2026-03-31T12:00:00Z',
    endedAt: null,
    entries: 200,
    jails: ['sshd'],
    counts,
    perSecond: 50,
    etaSeconds: 2,
    parts: [
      {
        hostId: HOST_ID,
        hostName: 'web-1',
        jail: 'sshd',
        state: 'running',
        counts,
        code: null,
        detail: null,
        heardAt: null,
      },
    ],
    ...changes,
  };
}
