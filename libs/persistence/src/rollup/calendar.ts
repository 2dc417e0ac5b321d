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

/** A part of a range and where its bans are counted: whole months, days or hours, or the events themselves. */
export interface RangePiece {
  readonly from: RollupLevel | 'hour' | 'event';
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * Cuts a range into the longest whole months, days and hours and what is left at its ends, in no order, none empty.
 * @param coarsest longest level that may be used
 * @param hasHours whether hours are counted; else parts of days are left to the events
 */
export function piecesOf(fromMs: number, toMs: number, coarsest: RollupLevel, hasHours: boolean): RangePiece[] {
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

/** A piece that is added to a sum, or taken from it. */
export interface SignedPiece extends RangePiece {
  readonly sign: 1 | -1;
}

/** Parts of days are summed from events, parts of months from days, where nothing longer fits. */
const WHOLES = {
  event: { level: 'day', startOf: dayOf, endOf: (atMs: number) => dayOf(atMs) + DAY_MS },
  day: { level: 'month', startOf: monthOf, endOf: nextMonth },
} as const;

/**
 * The same sum with less to read: a part of a day or month becomes the whole of it less the rest, where the rest is the shorter. What
 * comes after `nowMs` costs nothing: there is hardly anything.
 */
export function withShortEnds(pieces: readonly RangePiece[], coarsest: RollupLevel, nowMs: number): SignedPiece[] {
  const cost = (fromMs: number, toMs: number) => Math.max(0, Math.min(toMs, nowMs) - fromMs);
  return pieces.flatMap((piece): SignedPiece[] => {
    const { from } = piece;
    if ((from !== 'event' && from !== 'day') || from === coarsest) return [{ ...piece, sign: 1 }];
    const { level, startOf, endOf } = WHOLES[from];
    const signed: SignedPiece[] = [];
    for (let startMs = startOf(piece.fromMs); startMs < piece.toMs; startMs = endOf(startMs)) {
      const [fromMs, toMs] = [Math.max(startMs, piece.fromMs), Math.min(endOf(startMs), piece.toMs)];
      const rest = [
        { from, fromMs: startMs, toMs: fromMs, sign: -1 as const },
        { from, fromMs: toMs, toMs: endOf(startMs), sign: -1 as const },
      ].filter(isNotEmpty);
      const isShorter = rest.reduce((sum, part) => sum + cost(part.fromMs, part.toMs), 0) < cost(fromMs, toMs);
      if (isShorter) signed.push({ from: level, fromMs: startMs, toMs: endOf(startMs), sign: 1 }, ...rest);
      else signed.push({ from, fromMs, toMs, sign: 1 });
    }
    return signed;
  });
}

/** A range cut at the starts of UTC days. */
export function byDay(
  fromMs: number,
  toMs: number,
): { readonly dayMs: number; readonly fromMs: number; readonly toMs: number }[] {
  const parts = [];
  for (let dayMs = dayOf(fromMs); dayMs < toMs; dayMs += DAY_MS)
    parts.push({ dayMs, fromMs: Math.max(dayMs, fromMs), toMs: Math.min(dayMs + DAY_MS, toMs) });
  return parts;
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
