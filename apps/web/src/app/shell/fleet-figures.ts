import { computed, inject, Service } from '@angular/core';
import { HostScope } from '../hosts/host-scope';

/** What the chosen hosts report, summed up. */
@Service()
export class FleetFigures {
  private readonly scope = inject(HostScope);

  readonly sum = computed(() => {
    const hosts = this.scope.hosts();
    const reports = hosts.flatMap(({ fail2ban }) => (fail2ban === null ? [] : [fail2ban]));
    const total = (of: (report: (typeof reports)[number]) => number): number =>
      reports.reduce((sum, report) => sum + of(report), 0);
    return {
      hosts: hosts.length,
      online: hosts.filter(({ state }) => state === 'online').length,
      pending: hosts.filter(({ state }) => state === 'pending').length,
      unreachable: hosts.filter(({ state, fail2ban }) => state === 'online' && fail2ban?.reachable === false).length,
      reported: reports.length,
      versions: [...new Set(reports.flatMap(({ version }) => version ?? []))].sort(),
      activeJails: total((report) => report.activeJails),
      currentlyBanned: total((report) => report.currentlyBanned),
      totalBanned: total((report) => report.totalBanned),
      totalFailed: total((report) => report.totalFailed),
      /** Oldest of the reports of hosts that are not online: how old what is shown may be. */
      staleSince: hosts
        .filter(({ state }) => state === 'offline')
        .flatMap(({ statusAt }) => statusAt ?? [])
        .sort()[0],
    };
  });
}
