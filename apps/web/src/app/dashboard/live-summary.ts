import type { DashboardFigure, DashboardSummary } from '@bailiff/contracts/http';

/** The summary after a ban of the live feed; exact figures come with the next load. */
export function withBan(summary: DashboardSummary, isActive: boolean): DashboardSummary {
  return { ...withBanned(summary, isActive ? 1 : 0), bans: oneMore(summary.bans) };
}

/** The summary after an unban. */
export function withUnban(summary: DashboardSummary): DashboardSummary {
  return withBanned(summary, -1);
}

/** The summary after a failure. */
export function withFailure(summary: DashboardSummary): DashboardSummary {
  return { ...summary, failures: oneMore(summary.failures) };
}

function withBanned(summary: DashboardSummary, by: number): DashboardSummary {
  const bannedNow = Math.max(0, summary.bannedNow + by);
  return { ...summary, bannedNow, bannedCourse: { ...summary.bannedCourse, value: bannedNow } };
}

function oneMore(figure: DashboardFigure): DashboardFigure {
  const series = figure.series.map((value, i) => (i === figure.series.length - 1 ? value + 1 : value));
  return { ...figure, value: figure.value + 1, series };
}
