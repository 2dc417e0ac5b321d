import { describe, expect, it } from '@jest/globals';
import { LogClock } from './log-clock.js';

const pad = (value: number, width = 2) => String(value).padStart(width, '0');
/** A moment as fail2ban in our own zone prints it. */
const local = (ms: number) => {
  const d = new Date(ms);
  const day = `${d.getFullYear()}-${pad(d.getMonth() + 1)}-${pad(d.getDate())}`;
  return `${day} ${pad(d.getHours())}:${pad(d.getMinutes())}:${pad(d.getSeconds())},${pad(d.getMilliseconds(), 3)}`;
};
const NOW = Date.parse('2026-03-10T12:00:00.250Z');
const HOUR = 3_600_000;

describe(LogClock.name, () => {
  it('reads our own zone when lines agree with the clock', () => {
    const clock = new LogClock();
    clock.calibrate(local(NOW), NOW + 40);
    expect(clock.read(local(NOW))).toBe(NOW);
    expect(clock.state.offsetMs).toBe(0);
  });

  it('corrects for a fail2ban in another zone, also after a restart', () => {
    const clock = new LogClock();
    clock.calibrate(local(NOW - 5.5 * HOUR), NOW + 100);
    expect(clock.read(local(NOW - 5.5 * HOUR))).toBe(NOW);
    expect(new LogClock(clock.state).read(local(NOW + 1000 - 5.5 * HOUR))).toBe(NOW + 1000);
    expect(new LogClock(clock.state).readElsewhere('2026-03-10 12:00:00')).toBeDefined();
  });

  it('learns nothing from lines that are old or nonsense', () => {
    const clock = new LogClock();
    clock.calibrate(local(NOW - 5.2 * HOUR), NOW);
    clock.calibrate(local(NOW - 50 * HOUR), NOW);
    clock.calibrate('never', NOW);
    expect(clock.state.offsetMs).toBe(0);
    expect(clock.read('never')).toBeUndefined();
  });
});
