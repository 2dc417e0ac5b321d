import { beforeEach, describe, expect, it } from '@jest/globals';
import { StartDoubt, type ClockRecord } from './start-doubt.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const NOW = 1_790_000_000_000;

describe(StartDoubt.name, () => {
  const at = { wallMs: NOW, uptimeMs: 5 * HOUR, bootId: 'first', isSynchronized: false };
  let saved: ClockRecord | undefined;
  let doubt: StartDoubt;
  const start = (): void => {
    doubt = new StartDoubt(saved, (record) => (saved = record), {
      wallMs: () => at.wallMs,
      uptimeMs: () => at.uptimeMs,
      bootId: () => at.bootId,
      isSynchronized: () => at.isSynchronized,
    });
  };
  const pass = (ms: number, aheadMs = 0): void => {
    at.wallMs += ms + aheadMs;
    at.uptimeMs += ms;
  };
  /** The machine was off for a while, and is back with a clock that is ahead. */
  const reboot = (offMs: number, aheadMs = 0): void => {
    at.wallMs += offMs + aheadMs;
    at.uptimeMs = 20_000;
    at.bootId = `after ${at.bootId}`;
    start();
  };

  beforeEach(() => {
    Object.assign(at, { wallMs: NOW, uptimeMs: 5 * HOUR, bootId: 'first', isSynchronized: false });
    saved = undefined;
    start();
    expect(doubt.waitMs()).toBe(0);
    expect(saved).toMatchObject({ wallMs: NOW, bootId: 'first' });
  });

  it('writes the time down each minute', () => {
    pass(59_000);
    doubt.waitMs();
    expect(saved?.wallMs).toBe(NOW);
    pass(1_000);
    doubt.waitMs();
    expect(saved?.wallMs).toBe(NOW + MINUTE);
  });

  it('believes the clock after a restart of the machine, and of the agent whenever the machine stayed up', () => {
    reboot(10 * MINUTE);
    expect(doubt.waitMs()).toBe(0);
    pass(30 * DAY);
    start();
    expect(doubt.waitMs()).toBe(0);
  });

  it('doubts a clock that is far ahead after a restart of the machine, and believes it in the end', () => {
    reboot(MINUTE, 40 * DAY);
    expect(doubt.waitMs()).toBe(15 * MINUTE - 20_000);
    pass(14 * MINUTE);
    expect(doubt.waitMs()).toBe(40_000);
    expect(saved?.wallMs).toBe(NOW);
    pass(MINUTE);
    expect(doubt.waitMs()).toBe(0);
    expect(saved?.wallMs).toBe(at.wallMs);
  });

  it('doubts as much when the agent starts once more meanwhile', () => {
    reboot(MINUTE, 40 * DAY);
    pass(5 * MINUTE);
    expect(doubt.waitMs()).toBeGreaterThan(0);
    start();
    expect(doubt.waitMs()).toBe(10 * MINUTE - 20_000);
  });

  it('believes the clock when it is set back to what it should be', () => {
    reboot(MINUTE, 40 * DAY);
    pass(MINUTE, -40 * DAY);
    expect(doubt.waitMs()).toBe(0);
  });

  it('believes the network’s time of a machine that was off for weeks', () => {
    reboot(40 * DAY);
    expect(doubt.waitMs()).toBeGreaterThan(0);
    at.isSynchronized = true;
    expect(doubt.waitMs()).toBe(0);
  });

  it('believes the gateway’s word at once when it says the same', () => {
    reboot(40 * DAY);
    doubt.hear(at.wallMs - MINUTE);
    expect(doubt.waitMs()).toBe(0);
    expect(saved).toMatchObject({ wallMs: at.wallMs, skewMs: MINUTE });
  });

  it('waits while the gateway says otherwise, whatever the network’s time, for a day at most', () => {
    reboot(MINUTE, 40 * DAY);
    doubt.hear(at.wallMs - 40 * DAY);
    at.isSynchronized = true;
    pass(20 * HOUR);
    expect(doubt.waitMs()).toBe(4 * HOUR);
    doubt.hear(at.wallMs - 40 * DAY);
    expect(doubt.waitMs()).toBe(4 * HOUR);
    pass(4 * HOUR);
    expect(doubt.waitMs()).toBe(0);
  });

  it('is no less sure of a clock that was always off by the same', () => {
    doubt.hear(at.wallMs - 2 * HOUR);
    expect(saved?.skewMs).toBe(2 * HOUR);
    reboot(40 * DAY);
    doubt.hear(at.wallMs - 2 * HOUR - MINUTE);
    expect(doubt.waitMs()).toBe(0);
  });

  it('is not bothered by a gateway that is ahead: nothing ends too early by that', () => {
    reboot(40 * DAY);
    doubt.hear(at.wallMs + 3 * DAY);
    expect(doubt.waitMs()).toBe(0);
  });

  it('doubts a clock that was set ahead while the machine ran and the agent did not', () => {
    pass(HOUR, 40 * DAY);
    start();
    expect(doubt.waitMs()).toBe(15 * MINUTE);
    pass(15 * MINUTE);
    expect(doubt.waitMs()).toBe(0);
  });
});
