import { DestroyRef } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { LiveMessage } from '@bailiff/contracts/http';
import { historyEntry } from '../../testing/rows';
import { currentSession, sessionOf } from '../../testing/session-of';
import { Session } from '../session/session';
import { SessionEnd } from '../session/session-end';
import { LiveFeed } from './live-feed';
import { LiveSocketFactory } from './live-socket';

/** The browser's end of a socket whose other end the spec holds. */
class FakeSocket {
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  isClosed = false;

  constructor(readonly since: string | undefined) {}

  close(): void {
    this.isClosed = true;
  }

  say(message: LiveMessage | string): void {
    this.onmessage?.({ data: typeof message === 'string' ? message : JSON.stringify(message) });
  }

  drop(code = 1006): void {
    this.onclose?.({ code });
  }
}

const ready = (feedId: string): LiveMessage => ({ type: 'ready', feedId, at: new Date().toISOString() });
const banned = (feedId: string): LiveMessage => ({ type: 'ban_event', feedId, event: historyEntry(1), active: null });

describe(LiveFeed.name, () => {
  const sockets: FakeSocket[] = [];
  const session = sessionOf(currentSession());
  let feed: LiveFeed;
  const newest = (): FakeSocket => sockets.at(-1) ?? new FakeSocket(undefined);

  beforeEach(() => {
    jest.useFakeTimers();
    sockets.length = 0;
    session.state.set(currentSession());
    TestBed.configureTestingModule({
      providers: [
        provideRouter([]),
        { provide: Session, useValue: session },
        {
          provide: LiveSocketFactory,
          useValue: {
            open: (since: string | undefined) => {
              sockets.push(new FakeSocket(since));
              return newest();
            },
          },
        },
      ],
    });
    feed = TestBed.inject(LiveFeed);
    TestBed.tick();
  });

  afterEach(() => {
    TestBed.resetTestingModule();
    jest.useRealTimers();
  });

  it('is live once the server has greeted', () => {
    expect(feed.state()).toBe('connecting');
    newest().say(ready('1'));
    expect(feed.state()).toBe('live');
  });

  it('hands on messages of the types asked for, in order, and survives what is no message', () => {
    const seen: string[] = [];
    feed.on(['ban_event'], TestBed.inject(DestroyRef), ({ feedId }) => seen.push(feedId));
    newest().say(ready('1'));
    newest().say('{broken');
    newest().say('7');
    newest().say(banned('2'));
    newest().say(banned('3'));
    expect(seen).toEqual(['2', '3']);
  });

  it('connects again after a loss and asks for what it missed', () => {
    newest().say(ready('1'));
    newest().say(banned('42'));
    newest().drop();
    expect(feed.state()).toBe('reconnecting');
    jest.advanceTimersByTime(1_000);
    expect(sockets.map(({ since }) => since)).toEqual([undefined, '42']);
    newest().say(ready('42'));
    expect(feed.state()).toBe('live');
  });

  it('asks for the preferences when they changed, and again after a gap in which it could not hear of it', () => {
    const load = jest.spyOn(session, 'load');
    newest().say(ready('1'));
    expect(load).not.toHaveBeenCalled();
    newest().say({ type: 'preferences_changed' });
    expect(load).toHaveBeenCalledTimes(1);
    newest().drop();
    jest.advanceTimersByTime(1_000);
    newest().say(ready('1'));
    expect(load).toHaveBeenCalledTimes(2);
  });

  it('waits longer after each failed attempt', () => {
    const waits: number[] = [];
    for (let i = 0; i < 5; i += 1) {
      const before = sockets.length;
      newest().drop();
      let waited = 0;
      while (sockets.length === before && waited < 60_000) {
        jest.advanceTimersByTime(50);
        waited += 50;
      }
      waits.push(waited);
    }
    expect(waits[4]).toBeGreaterThan(3_000);
    expect(waits[0]).toBeLessThanOrEqual(500);
  });

  it('says so when it has been gone for a while, and connects at once on demand', () => {
    newest().say(ready('1'));
    newest().drop();
    for (let i = 0; i < 20; i += 1) {
      jest.advanceTimersByTime(1_000);
      newest().drop();
    }
    expect(feed.state()).toBe('stale');
    const before = sockets.length;
    feed.retryNow();
    expect(sockets.length).toBe(before + 1);
    newest().say(ready('9'));
    expect(feed.state()).toBe('live');
  });

  it('takes a silent connection for dead', () => {
    newest().say(ready('1'));
    const first = newest();
    jest.advanceTimersByTime(71_000);
    expect(first.isClosed).toBe(true);
    expect(sockets.length).toBeGreaterThan(1);
  });

  it('goes to the login page instead of trying again when the session has ended', () => {
    newest().say(ready('1'));
    newest().drop(4401);
    jest.advanceTimersByTime(60_000);
    expect(TestBed.inject(SessionEnd).ended()).toBe(1);
    expect(sockets.length).toBe(1);
  });

  it('closes when the operator signs out and starts afresh for the next one', () => {
    newest().say(ready('5'));
    const first = newest();
    session.state.set(undefined);
    TestBed.tick();
    expect(first.isClosed).toBe(true);
    session.state.set(currentSession());
    TestBed.tick();
    expect(newest().since).toBeUndefined();
    expect(sockets.length).toBe(2);
  });
});
