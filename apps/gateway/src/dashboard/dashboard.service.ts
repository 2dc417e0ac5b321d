import type { DashboardFigure, DashboardQuery, DashboardSummary } from '@bailiff/contracts/http';
import { Database, type RollupFilter, type RollupPoint } from '@bailiff/persistence';
import { Injectable } from '@nestjs/common';
import { DAY_MS, HOUR_MS, type Period, periodOf, periodText, rollupFilter } from '../stats/stats-period.js';
import { type Course, courseFor, foldInto, lastIn, spansOf, stepFor } from './dashboard-range.js';
import { WorstNetworks } from './worst-networks.js';

const TOP = 10;

/** Figures and courses of the dashboard, from roll-ups. */
@Injectable()
export class DashboardService {
  constructor(
    private readonly database: Database,
    private readonly worst: WorstNetworks,
  ) {}

  /** @throws {StatsPeriodError} */
  async summary(query: DashboardQuery, nowMs = Date.now()): Promise<DashboardSummary> {
    const { counts, rollups } = this.database.read;
    const period = periodOf(query, nowMs);
    const filter = rollupFilter(query, period);
    const before = { ...filter, fromMs: 2 * period.fromMs - period.toMs, toMs: period.fromMs };
    const hasBefore = await this.wasRecording(before);
    const [bannedNow, bans, failures, worstNetwork, topJails, topCountries, topAddresses] = await Promise.all([
      this.bannedNow(filter),
      this.bans(period, filter, hasBefore ? before : undefined),
      this.failures(period, filter, hasBefore ? before : undefined),
      this.worst.find(period, filter, hasBefore ? before : undefined),
      rollups.top(filter, 'jail', TOP),
      rollups.top(filter, 'country', TOP + 1),
      counts.topAddresses(filter, TOP),
    ]);
    return {
      range: period.name,
      ...periodText(period),
      bannedNow,
      bannedCourse: await this.bannedCourse(period, filter, bannedNow, nowMs),
      bans,
      failures,
      worstNetwork,
      topJails: topJails.map(({ key, bans: count }) => ({ jail: key, bans: count })),
      topCountries: topCountries
        .filter(({ key }) => key !== '')
        .slice(0, TOP)
        .map(({ key, bans: count }) => ({ country: key, bans: count })),
      topAddresses,
    };
  }

  /**
   * Whether all of a time is known: then a figure of zero means that nothing happened, and a small one that little did. A host is
   * watched since it was enrolled; fail2ban may have told of bans and failures before that, whoever made them.
   */
  private async wasRecording({ hostIds, fromMs }: RollupFilter): Promise<boolean> {
    const { hosts, rollups } = this.database.read;
    const until = { hostIds, fromMs: 0, toMs: fromMs + HOUR_MS };
    if ((await rollups.total(until)) > 0 || (await rollups.failures(until)) > 0) return true;
    const watched = await hosts.list();
    return watched.some(({ id, enrolledAtMs }) => enrolledAtMs <= fromMs && (hostIds?.includes(id) ?? true));
  }

  private async bannedNow({ hostIds, origins }: RollupFilter): Promise<number> {
    const { activeBans } = this.database.read;
    const each = (origins ?? [undefined]).map((origin) => activeBans.count({ hostIds, origin }));
    return (await Promise.all(each)).reduce((sum, count) => sum + count, 0);
  }

  /** Compared with the level at the start of the range, when it was noted within a point's length before it. */
  private async bannedCourse(
    period: Period,
    filter: RollupFilter,
    bannedNow: number,
    nowMs: number,
  ): Promise<DashboardFigure> {
    const course = courseFor(period);
    const fromMs = course.startMs - Math.max(course.pointMs, DAY_MS);
    const before = { fromMs, toMs: course.startMs };
    const notes = await this.database.read.bannedCounts.course({ ...filter, fromMs }, [before, ...spansOf(course)]);
    const earlier = notes.filter(({ hourMs }) => hourMs < course.startMs).at(-1);
    const within = notes.filter(({ hourMs }) => hourMs >= course.startMs);
    const isRunning = period.fromMs <= nowMs && nowMs < period.toMs;
    const now = { hourMs: nowMs, count: bannedNow };
    return {
      value: bannedNow,
      previous: isRunning ? (earlier?.count ?? null) : null,
      series: lastIn(course, isRunning ? [...within, now] : within),
    };
  }

  private async bans(period: Period, filter: RollupFilter, before: RollupFilter | undefined): Promise<DashboardFigure> {
    const { rollups } = this.database.read;
    const course = courseFor(period);
    return figureOf(
      course,
      await rollups.series(filter, undefined, stepFor(course)),
      before === undefined ? null : await rollups.total(before),
    );
  }

  private async failures(
    period: Period,
    filter: RollupFilter,
    before: RollupFilter | undefined,
  ): Promise<DashboardFigure> {
    const { rollups } = this.database.read;
    const course = courseFor(period);
    return figureOf(
      course,
      await rollups.failureSeries(filter, stepFor(course)),
      before === undefined ? null : await rollups.failures(before),
    );
  }
}

function figureOf(course: Course, points: readonly RollupPoint[], previous: number | null): DashboardFigure {
  const counts = points.map(({ atMs, bans }) => ({ atMs, count: bans }));
  return { value: counts.reduce((sum, { count }) => sum + count, 0), previous, series: foldInto(course, counts) };
}
