import type { DashboardRange } from '@bailiff/contracts/http';

export const RANGES: readonly DashboardRange[] = ['24h', '7d', '30d', '365d'];

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const LENGTH_MS: Record<DashboardRange, number> = {
  '24h': DAY_MS,
  '7d': 7 * DAY_MS,
  '30d': 30 * DAY_MS,
  '365d': 365 * DAY_MS,
};

export function isRange(value: string | undefined): value is DashboardRange {
  return value !== undefined && Object.hasOwn(LENGTH_MS, value);
}

/**
 * Start of a range up to now, RFC 3339: full hours, the running one included, as the dashboard's figures are counted, so that
 * a list and the figure above it say the same.
 */
export function rangeStart(range: DashboardRange, now: number): string {
  return new Date(Math.floor(now / HOUR_MS) * HOUR_MS + HOUR_MS - LENGTH_MS[range]).toISOString();
}

/** The two ends of a custom range as one value of the address: `2026-03-01T00:00:00.000Z~2026-03-02T00:00:00.000Z`. */
export function customRange(from: string, to: string): string {
  return `${from}~${to}`;
}

/** The `from` and `to` of the API for a value of the `range` parameter; nothing for one that cannot be read. */
export function rangeParams(value: string | undefined, now: number): { readonly from?: string; readonly to?: string } {
  if (isRange(value)) return { from: rangeStart(value, now) };
  const [from = '', to = ''] = (value ?? '').split('~');
  const [fromMs, toMs] = [Date.parse(from), Date.parse(to)];
  // As the API wants them, however somebody wrote them in the address.
  return Number.isNaN(fromMs) || Number.isNaN(toMs)
    ? {}
    : { from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() };
}
