import type { DashboardQuery, DashboardSummary } from '@bailiff/contracts/http';
import { Database } from '@bailiff/persistence';
import { Injectable } from '@nestjs/common';
import { hostScope } from '../hosts/host-scope.js';
import { courseOf, rangeAt } from './dashboard-range.js';

const TOP = 10;

/** Figures and courses of the dashboard, from roll-ups. */
@Injectable()
export class DashboardService {
  constructor(private readonly database: Database) {}

  async summary(query: DashboardQuery, nowMs = Date.now()): Promise<DashboardSummary> {
    const { counts, rollups, activeBans } = this.database.read;
    const name = query.range ?? '24h';
    const hostIds = hostScope(query.hosts);
    const range = rangeAt(name, nowMs);
    const { fromMs, toMs, previousFromMs } = range;
    const both = { hostIds, fromMs: previousFromMs, toMs };
    const current = { hostIds, fromMs, toMs };
    const [bannedNow, bans, failures, topJails, topCountries, topAddresses] = await Promise.all([
      activeBans.count({ hostIds }),
      rollups.series(both, undefined, 'hour'),
      counts.failuresByHour(both),
      rollups.top(current, 'jail', TOP),
      rollups.top(current, 'country', TOP + 1),
      counts.topAddresses(current, TOP),
    ]);
    const banHours = bans.map(({ atMs, bans: count }) => ({ hourMs: atMs, count }));
    const figure = (hours: typeof failures) => {
      const series = courseOf(range, hours);
      const earlier = hours.filter(({ hourMs }) => hourMs < fromMs);
      return {
        value: sum(series),
        previous: earlier.length === 0 ? null : sum(earlier.map(({ count }) => count)),
        series,
      };
    };
    return {
      range: name,
      from: new Date(fromMs).toISOString(),
      to: new Date(toMs).toISOString(),
      bannedNow,
      bans: figure(banHours),
      failures: figure(failures),
      topJails: topJails.map(({ key, bans: count }) => ({ jail: key, bans: count })),
      topCountries: topCountries
        .filter(({ key }) => key !== '')
        .slice(0, TOP)
        .map(({ key, bans: count }) => ({ country: key, bans: count })),
      topAddresses,
    };
  }
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
