import type { HostStatusEvent, JailReport } from '@bailiff/contracts/agent';
import type { Fail2banSummary, FleetStatus } from '@bailiff/contracts/http';

/** What the console shows of a host's fail2ban, from the agent's report. */
export function summarise({ reachable, reason, version, jails }: HostStatusEvent): Fail2banSummary {
  const running = jails.filter(({ status }) => status === 'running' || status === 'idle');
  const sum = (field: 'currentlyBanned' | 'totalBanned' | 'currentlyFailed' | 'totalFailed') =>
    running.reduce((total: number, jail: JailReport) => total + (jail[field] ?? 0), 0);
  return {
    reachable,
    reason: reason ?? null,
    version: version ?? null,
    activeJails: running.length,
    currentlyBanned: sum('currentlyBanned'),
    totalBanned: sum('totalBanned'),
    currentlyFailed: sum('currentlyFailed'),
    totalFailed: sum('totalFailed'),
  };
}

/** One host's part of the status strip. */
export interface HostReport {
  readonly isOnline: boolean;
  readonly fail2ban: Fail2banSummary | null;
  readonly statusAtMs: number | null;
}

/**
 * The status strip over some hosts. What an offline host last reported still counts; `statusAt` tells how old the sum is.
 * @param currentlyBanned bans now by our own list, which is newer than the last reports
 */
export function fleetStatus(reports: readonly HostReport[], currentlyBanned: number): FleetStatus {
  const summaries = reports.flatMap(({ fail2ban }) => fail2ban ?? []);
  const sum = (field: 'activeJails' | 'totalBanned' | 'currentlyFailed' | 'totalFailed') =>
    summaries.reduce((total, summary) => total + summary[field], 0);
  const times = reports.flatMap(({ statusAtMs }) => statusAtMs ?? []);
  const oldest = times.reduce((least, time) => Math.min(least, time), Infinity);
  return {
    hosts: { total: reports.length, online: reports.filter(({ isOnline }) => isOnline).length },
    fail2banVersions: [...new Set(summaries.flatMap(({ version }) => version ?? []))].sort(),
    activeJails: sum('activeJails'),
    currentlyBanned,
    totalBanned: sum('totalBanned'),
    currentlyFailed: sum('currentlyFailed'),
    totalFailed: sum('totalFailed'),
    statusAt: times.length === 0 ? null : new Date(oldest).toISOString(),
  };
}
