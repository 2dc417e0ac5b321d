/** Anything a terminal, a log or a page could take for more than text: controls, line ends, direction marks. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\u2028\u2029]+/gu;

/** Text of a foreign server, on one line, shortened; null when there is none. */
export function cleanText(value: unknown, maxLength: number): string | null {
  if (typeof value !== 'string') return null;
  // Cut first: what comes after is never looked at, however long it is.
  const text = value
    .slice(0, maxLength * 4)
    .toWellFormed()
    .replace(UNPRINTABLE, ' ')
    .trim();
  return text === '' ? null : text.slice(0, maxLength).toWellFormed();
}

/** A time of a foreign server as RFC 3339; null when it is none. */
export function cleanTime(value: unknown): string | null {
  const time = typeof value === 'string' && value.length <= 40 ? new Date(value) : undefined;
  return time === undefined || Number.isNaN(time.getTime()) ? null : time.toISOString();
}

/** The object behind a value that came as JSON; empty when it is none. */
export function objectOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

/** The first `max` elements of a value that came as JSON; none when it is no list. */
export function listOf(value: unknown, max: number): unknown[] {
  return Array.isArray(value) ? (value as unknown[]).slice(0, max) : [];
}
