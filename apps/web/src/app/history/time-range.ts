import type { DashboardRange } from '@bailiff/contracts/http';

export const RANGES: readonly DashboardRange[] = ['24h', '7d', '30d', '365d'];

const DAY_MS = 86_400_000;
const LENGTH_MS: Record<DashboardRange, number> = {
  '24h': DAY_MS,
  '7d': 7 * DAY_MS,
  '30d': 30 * DAY_MS,
  '365d': 365 * DAY_MS,
};

export function isRange(value: string | undefined): value is DashboardRange {
  return value !== undefined && Object.hasOwn(LENGTH_MS, value);
}

/** Start of a range that ends now, RFC 3339, on a whole minute so that a repeated question is the same question. */
export function rangeStart(range: DashboardRange, now: number): string {
  const start = now - LENGTH_MS[range];
  return new Date(start - (start % 60_000)).toISOString();
}

/** The two ends of a custom range as one value of the address: `2026-03-01T00:00:00.000Z~2026-03-02T00:00:00.000Z`. */
export function customRange(from: string, to: string): string {
  return `${from}~${to}`;
}

/** The `from` and `to` of the API for a value of the `range` parameter; nothing for one that cannot be read. */
export function rangeParams(value: string | undefined, now: number): { readonly from?: string; readonly to?: string } {
  if (isRange(value)) return { from: rangeStart(value, now) };
  const [from = '', to = ''] = (value ?? '').split('~');
  const isTime = (text: string): boolean => !Number.isNaN(Date.parse(text));
  return isTime(from) && isTime(to) ? { from, to } : {};
}
