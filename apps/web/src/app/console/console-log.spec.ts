import { TestBed } from '@angular/core/testing';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { ConsoleLine } from '@bailiff/contracts/http';
import { liveFeedOf } from '../../testing/live-feed-of';
import { currentSession, sessionOf } from '../../testing/session-of';
import { LiveFeed } from '../live/live-feed';
import { Session } from '../session/session';
import { ConsoleLog, KEPT } from './console-log';

const lineOf = (message: string): ConsoleLine => ({
  at: '2026-11-20T10:00:00.000Z',
  level: 'info',
  context: null,
  message,
  correlationId: null,
  error: null,
  fields: {},
});
const numbered = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, n) => lineOf(String(from + n)));

describe(ConsoleLog.name, () => {
  const live = liveFeedOf();
  const session = sessionOf(currentSession());
  let log: ConsoleLog;
  beforeEach(() => {
    jest.useFakeTimers();
    session.state.set(currentSession());
    TestBed.configureTestingModule({
      providers: [
        { provide: LiveFeed, useValue: live.feed },
        { provide: Session, useValue: session },
      ],
    });
    log = TestBed.inject(ConsoleLog);
    TestBed.tick();
  });
  afterEach(() => {
    TestBed.resetTestingModule();
    jest.useRealTimers();
  });
  const say = (lines: readonly ConsoleLine[], dropped = 0) => live.say({ type: 'console_log', lines, dropped });
  const greet = () => live.say({ type: 'ready', feedId: '1', at: '2026-11-20T10:00:00.000Z' });
  const texts = () => log.entries().map((entry) => ('line' in entry ? entry.line.message : `-${entry.lost}`));

  it('is not there before the first line', () => {
    greet();
    log.toggle();
    expect([log.isOn(), log.isOpen()]).toEqual([false, false]);
  });

  it('keeps the newest lines and where some are missing', () => {
    say(numbered(1, 3));
    say(numbered(4, 4), 7);
    expect(texts()).toEqual(['1', '2', '3', '-7', '4']);
    for (let n = 0; n < 10; n += 1) say(numbered(n * 400, n * 400 + 399));
    expect(texts()).toHaveLength(KEPT);
    expect(texts().at(-1)).toBe('3999');
    expect(new Set(log.entries().map(({ id }) => id)).size).toBe(KEPT);
    log.clear();
    expect(texts()).toEqual([]);
    expect(log.isOn()).toBe(true);
  });

  it('takes nothing for somebody who is no administrator', () => {
    session.state.set(currentSession({ scopes: ['read', 'ban', 'config'] }));
    say(numbered(1, 3));
    expect([log.isOn(), texts()]).toEqual([false, []]);
  });

  it('goes when a gateway that was started again says nothing any more, and comes back with a line', () => {
    say(numbered(1, 1));
    log.toggle();
    expect(log.isOpen()).toBe(true);
    greet();
    say(numbered(2, 2));
    jest.advanceTimersByTime(60_000);
    expect(log.isOpen()).toBe(true);
    greet();
    jest.advanceTimersByTime(60_000);
    expect([log.isOn(), log.isOpen()]).toEqual([false, false]);
    say(numbered(3, 3));
    expect(texts()).toEqual(['1', '2', '3']);
    expect(log.isOpen()).toBe(true);
  });

  it('forgets everything at sign-out', () => {
    say(numbered(1, 3));
    log.toggle();
    session.state.set(undefined);
    TestBed.tick();
    expect([log.isOn(), log.isOpen(), texts()]).toEqual([false, false, []]);
  });
});
