import { POLICY_GROUPS, type Fail2banSummary, type HostInfo, type HostState } from '@bailiff/contracts/http';
import type { Host } from '@bailiff/persistence';

/** A stored host as the API shows it. */
export function toHostInfo(host: Host, isOnline: boolean): HostInfo {
  return {
    id: host.id,
    name: host.name,
    tags: host.tags,
    state: stateOf(host, isOnline),
    hostname: host.hostname,
    agentVersion: host.agentVersion,
    fingerprint: host.fingerprint,
    lastSeenAt: timeOrNull(host.lastSeenAtMs),
    clockSkewMs: host.clockSkewMs,
    groups: POLICY_GROUPS.filter((group) => host.policyGroups.includes(group)),
    fail2ban: summaryOf(host),
    statusAt: timeOrNull(host.statusAtMs),
    alarms: host.alarmCount,
    enrolledAt: new Date(host.enrolledAtMs).toISOString(),
  };
}

/** The stored report of a host's fail2ban; it was checked before it was stored. */
export function summaryOf({ status }: Host): Fail2banSummary | null {
  return typeof status === 'object' && status !== null ? (status as Fail2banSummary) : null;
}

/** RFC 3339 of milliseconds since the epoch. */
export function timeOrNull(atMs: number | null): string | null {
  return atMs === null ? null : new Date(atMs).toISOString();
}

function stateOf({ state }: Host, isOnline: boolean): HostState {
  if (state !== 'active') return state;
  return isOnline ? 'online' : 'offline';
}
