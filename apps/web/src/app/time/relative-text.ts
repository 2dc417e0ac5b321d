import type { Messages } from '../messages/messages';

const MINUTE = 60;
const HOUR = 3_600;
const DAY = 86_400;

/** `3 min ago`, `in 2 h`: a difference in milliseconds (negative: past) in words, rounded down to the unit that says enough. */
export function relativeText(m: Messages['time'], differenceMs: number): string {
  const seconds = Math.floor(Math.abs(differenceMs) / 1000);
  const past = differenceMs <= 0;
  if (seconds < 10) return past ? m.now : m.inSeconds(seconds);
  // Whole tens: the clock moves every few seconds only.
  if (seconds < MINUTE) return past ? m.secondsAgo(seconds - (seconds % 10)) : m.inSeconds(seconds);
  if (seconds < HOUR) return say(past ? m.minutesAgo : m.inMinutes, seconds, MINUTE);
  if (seconds < DAY) return say(past ? m.hoursAgo : m.inHours, seconds, HOUR);
  return say(past ? m.daysAgo : m.inDays, seconds, DAY);
}

function say(words: (n: number) => string, seconds: number, unit: number): string {
  return words(Math.floor(seconds / unit));
}

/** A duration in whole seconds as `10 min`, `1 h 30 min`, `1 week`; −1 is permanent. */
export function durationText(m: Messages, seconds: number): string {
  if (seconds < 0) return m.common.permanent;
  const t = m.time;
  if (seconds < MINUTE) return t.seconds(seconds);
  if (seconds % (7 * DAY) === 0) return t.weeks(seconds / (7 * DAY));
  const units: readonly (readonly [number, (n: number) => string])[] = [
    [DAY, t.days],
    [HOUR, t.hours],
    [MINUTE, t.minutes],
    [1, t.seconds],
  ];
  const first = units.findIndex(([unit]) => seconds >= unit);
  let rest = seconds;
  return units
    .slice(first, first + 2)
    .map(([unit, words]) => {
      const n = Math.floor(rest / unit);
      rest %= unit;
      return n === 0 ? '' : words(n);
    })
    .filter((text) => text !== '')
    .join(' ');
}
