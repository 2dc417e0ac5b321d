import { describe, expect, it } from '@jest/globals';
import { HOUR_MS, type Period } from './stats-period.js';
import { bucketsOf, seriesOf, stepOf } from './timeline.js';
import { ZonedHours } from './zoned-hours.js';

const at = (text: string): number => Date.parse(text);
const period = (from: string, to: string): Period => ({ name: 'custom', fromMs: at(from), toMs: at(to) });
const iso = (ms: number): string => new Date(ms).toISOString().replace('.000', '');

/** Hours of each local day of a range, as buckets count them. */
function hoursByDay(zone: string, from: string, to: string): [string, number][] {
  const range = period(from, to);
  const buckets = bucketsOf(range, 'day', new ZonedHours(zone));
  const counts = buckets.startsMs.map((start): [string, number] => [iso(start), 0]);
  for (let hour = range.fromMs; hour < range.toMs; hour += HOUR_MS) {
    const count = counts[buckets.indexOf(hour) ?? -1];
    if (count !== undefined) count[1] += 1;
  }
  return counts;
}

describe('days of a zone', () => {
  it('have 23 hours when the clock goes forward, and 25 when it goes back', () => {
    expect(hoursByDay('Europe/Zurich', '2026-03-27T23:00:00Z', '2026-03-30T22:00:00Z')).toEqual([
      ['2026-03-27T23:00:00Z', 24],
      ['2026-03-28T23:00:00Z', 23],
      ['2026-03-29T22:00:00Z', 24],
    ]);
    expect(hoursByDay('Europe/Zurich', '2026-10-23T22:00:00Z', '2026-10-26T23:00:00Z')).toEqual([
      ['2026-10-23T22:00:00Z', 24],
      ['2026-10-24T22:00:00Z', 25],
      ['2026-10-25T23:00:00Z', 24],
    ]);
  });

  it('begin at the first moment they have where the clock skips midnight', () => {
    // Santiago went from 23:59:59 on 5 September to 01:00 on the 6th.
    expect(hoursByDay('America/Santiago', '2026-09-05T04:00:00Z', '2026-09-08T03:00:00Z')).toEqual([
      ['2026-09-05T04:00:00Z', 24],
      ['2026-09-06T04:00:00Z', 23],
      ['2026-09-07T03:00:00Z', 24],
    ]);
  });

  it('begin at their midnight, which hours of a zone off by half an hour belong to where they begin', () => {
    expect(hoursByDay('Asia/Kolkata', '2026-01-01T18:00:00Z', '2026-01-03T19:00:00Z')).toEqual([
      ['2025-12-31T18:30:00Z', 1],
      ['2026-01-01T18:30:00Z', 24],
      ['2026-01-02T18:30:00Z', 24],
    ]);
  });

  it('are UTC’s own in UTC, before the epoch too', () => {
    expect(hoursByDay('UTC', '1969-12-31T00:00:00Z', '1970-01-02T00:00:00Z')).toEqual([
      ['1969-12-31T00:00:00Z', 24],
      ['1970-01-01T00:00:00Z', 24],
    ]);
  });
});

describe('the hour that cuts a UTC day', () => {
  it.each(['UTC', 'Europe/Zurich', 'America/New_York', 'Asia/Kolkata', 'Pacific/Kiritimati', 'America/Santiago'])(
    'of %s is where its day changes, and no one hour is where the clock does',
    (zone) => {
      const hours = new ZonedHours(zone);
      for (let day = at('2026-01-01T00:00:00Z'); day < at('2027-01-01T00:00:00Z'); day += 24 * HOUR_MS) {
        const starts = Array.from({ length: 24 }, (_, hour) => hours.dayOf(day + hour * HOUR_MS));
        const changes = starts.flatMap((local, hour) =>
          local === (starts[hour - 1] ?? hours.dayOf(day - HOUR_MS)) ? [] : [hour],
        );
        const cut = hours.cutOf(day);
        if (cut !== undefined) expect(changes).toEqual([cut]);
        else expect(hours.offsetMs(day)).not.toBe(hours.offsetMs(day + 24 * HOUR_MS));
      }
    },
  );
});

describe('hours of a week', () => {
  it.each([
    ['UTC', '2026-01-05T00:00:00Z', 0],
    ['UTC', '2026-01-11T23:00:00Z', 167],
    ['Europe/Zurich', '2026-01-04T23:00:00Z', 0],
    // Monday 14:00, in winter and in summer.
    ['Europe/Zurich', '2026-01-05T13:00:00Z', 14],
    ['Europe/Zurich', '2026-07-06T12:00:00Z', 14],
    // The hour before the clock goes forward, and the one after it: 01 and 03.
    ['Europe/Zurich', '2026-03-29T00:00:00Z', 6 * 24 + 1],
    ['Europe/Zurich', '2026-03-29T01:00:00Z', 6 * 24 + 3],
    // The hour that comes twice.
    ['Europe/Zurich', '2026-10-25T00:00:00Z', 6 * 24 + 2],
    ['Europe/Zurich', '2026-10-25T01:00:00Z', 6 * 24 + 2],
    ['America/Los_Angeles', '2026-01-05T07:00:00Z', 6 * 24 + 23],
    ['Asia/Kolkata', '2026-01-04T18:00:00Z', 6 * 24 + 23],
    ['Asia/Kolkata', '2026-01-04T19:00:00Z', 0],
    ['Pacific/Kiritimati', '2026-01-04T10:00:00Z', 0],
    ['UTC', '1969-12-29T00:00:00Z', 0],
  ])('%s counts %s as %d', (zone, moment, hour) => {
    expect(new ZonedHours(zone).weekHourOf(at(moment))).toBe(hour);
  });

  it.each([
    ['UTC', 0],
    ['America/St_Johns', 30],
    ['Asia/Kolkata', 30],
    ['Asia/Kathmandu', 45],
  ])('begin in %s at minute %d', (zone, minute) => {
    expect(new ZonedHours(zone).startMinuteAt(at('2026-01-05T00:00:00Z'))).toBe(minute);
  });
});

describe('buckets of hours', () => {
  it('hold every hour a range touches', () => {
    const range = period('2026-01-01T10:30:00Z', '2026-01-01T12:10:00Z');
    const buckets = bucketsOf(range, stepOf(range), new ZonedHours('Europe/Zurich'));
    expect(buckets.startsMs.map(iso)).toEqual(['2026-01-01T10:00:00Z', '2026-01-01T11:00:00Z', '2026-01-01T12:00:00Z']);
    expect(buckets.indexOf(at('2026-01-01T13:00:00Z'))).toBeUndefined();
  });

  it('give way to days past eight days', () => {
    expect(stepOf(period('2026-01-01T00:00:00Z', '2026-01-09T00:00:00Z'))).toBe('hour');
    expect(stepOf(period('2026-01-01T00:00:00Z', '2026-01-09T00:00:01Z'))).toBe('day');
  });

  it('sum jails that are not among the top up as others', () => {
    const range = period('2026-01-01T10:00:00Z', '2026-01-01T12:00:00Z');
    const buckets = bucketsOf(range, 'hour', new ZonedHours('UTC'));
    const [ten, eleven] = [at('2026-01-01T10:00:00Z'), at('2026-01-01T11:00:00Z')];
    const points = [
      { atMs: ten, key: 'sshd', bans: 5 },
      { atMs: ten, key: 'a', bans: 1 },
      { atMs: eleven, key: 'b', bans: 2 },
      { atMs: eleven, key: 'a', bans: 1 },
    ];
    expect(seriesOf(points, [{ key: 'sshd', bans: 5 }], buckets)).toEqual([
      { jail: 'sshd', bans: [5, 0], total: 5 },
      { jail: null, bans: [1, 3], total: 4 },
    ]);
    expect(seriesOf([], [], buckets)).toEqual([]);
  });
});
