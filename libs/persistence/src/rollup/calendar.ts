import type { RollupLevel } from '../entities/index.js';

/** Milliseconds of an hour and of a UTC day. */
export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

/** Start of the hour a time lies in. */
export function hourOf(atMs: number): number {
  return floorTo(atMs, HOUR_MS);
}

/** Start of the UTC day a time lies in. */
export function dayOf(atMs: number): number {
  return floorTo(atMs, DAY_MS);
}

/** Start of the UTC calendar month a time lies in. */
export function monthOf(atMs: number): number {
  const date = new Date(atMs);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth());
}

/** A part of a range and where its bans are counted: a level of the roll-ups, or the events themselves. */
export interface RangePiece {
  readonly from: RollupLevel | 'event';
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * Cuts a range into the longest whole months, days and hours and what is left at its ends, in no order, none empty.
 * @param coarsest longest level that may be used
 * @param hasHours whether hours are counted; else parts of days are left to the events
 */
export function piecesOf(fromMs: number, toMs: number, coarsest: RollupLevel, hasHours: boolean): RangePiece[] {
  if (!hasHours && coarsest === 'hour') return [{ from: 'event' as const, fromMs, toMs }].filter(isNotEmpty);
  const steps: (readonly [RangePiece['from'], (atMs: number) => number, (atMs: number) => number])[] = [
    ...(hasHours ? [['event', hourOf, (atMs: number) => hourOf(atMs + HOUR_MS - 1)] as const] : []),
    [hasHours ? 'hour' : 'event', dayOf, (atMs) => dayOf(atMs + DAY_MS - 1)],
    ['day', monthOf, (atMs) => (monthOf(atMs) === atMs ? atMs : nextMonth(atMs))],
  ];
  const pieces: RangePiece[] = [];
  let [from, to] = [fromMs, toMs];
  for (const [level, floor, ceil] of steps) {
    if (level === coarsest) break;
    const [innerFrom, innerTo] = [ceil(from), floor(to)];
    if (innerFrom >= innerTo) return [...pieces, { from: level, fromMs: from, toMs: to }].filter(isNotEmpty);
    pieces.push({ from: level, fromMs: from, toMs: innerFrom }, { from: level, fromMs: innerTo, toMs: to });
    [from, to] = [innerFrom, innerTo];
  }
  return [...pieces, { from: coarsest, fromMs: from, toMs: to }].filter(isNotEmpty);
}

function nextMonth(atMs: number): number {
  const date = new Date(atMs);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1);
}

/** Downwards also before the epoch. */
function floorTo(atMs: number, stepMs: number): number {
  return Math.floor(atMs / stepMs) * stepMs;
}

function isNotEmpty({ fromMs, toMs }: RangePiece): boolean {
  return fromMs < toMs;
}
