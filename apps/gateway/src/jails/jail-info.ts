import type { JailInfo, JailStatus } from '@bailiff/contracts/http';
import type { HostJail } from '@bailiff/persistence';

const STATUSES: readonly JailStatus[] = ['running', 'idle', 'stopped', 'inactive'];

/** A jail as its agent last reported it, as the API shows it. */
export function toJailInfo(jail: HostJail, hostName: string): JailInfo {
  return {
    hostId: jail.hostId,
    hostName,
    name: jail.name,
    status: STATUSES.find((status) => status === jail.status) ?? 'stopped',
    backend: jail.backend,
    currentlyBanned: jail.currentlyBanned,
    totalBanned: jail.totalBanned,
    currentlyFailed: jail.currentlyFailed,
    totalFailed: jail.totalFailed,
    findtimeSeconds: jail.findtimeSeconds,
    bantimeSeconds: jail.bantimeSeconds,
    maxretry: jail.maxretry,
    statusAt: new Date(jail.reportedAtMs).toISOString(),
  };
}
