import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { type DestroyRef, signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { CountryStats, LiveMessage } from '@bailiff/contracts/http';
import { HOST_ID, historyEntry } from '../../testing/rows';
import { HostScope } from '../hosts/host-scope';
import { LiveFeed } from '../live/live-feed';
import { type CountryData, countryData } from './country-data';

const stats = (bans: number): CountryStats => ({
  from: '2026-03-01T00:00:00Z',
  to: '2026-04-01T00:00:00Z',
  total: bans,
  unknown: 0,
  countries: bans === 0 ? [] : [{ country: 'CN', bans, share: 1, topJails: [{ jail: 'sshd', bans }] }],
});

describe(countryData.name, () => {
  const range = signal('30d');
  const origin = signal<string | undefined>(undefined);
  let handlers: { types: readonly string[]; handle: (message: LiveMessage) => void }[];
  let http: HttpTestingController;
  let data: CountryData;

  const say = (message: LiveMessage): void =>
    handlers.filter(({ types }) => types.includes(message.type)).forEach(({ handle }) => handle(message));
  const ban = (changes: Parameters<typeof historyEntry>[1] = {}): void =>
    say({
      type: 'ban_event',
      feedId: '1',
      event: historyEntry(1, { country: 'CN', at: '2026-03-31T12:00:00Z', ...changes }),
      active: null,
    });
  /** Answers the one request under way. */
  const answer = async (body: CountryStats): Promise<void> => {
    TestBed.tick();
    http.expectOne(({ url }) => url === 'api/v1/stats/countries').flush(body);
    // The resource hands its value on in a microtask.
    await Promise.resolve();
    TestBed.tick();
  };
  const counted = (code = 'CN'): number | undefined => data.figures()?.byCode.get(code)?.bans;

  beforeEach(async () => {
    jest.useFakeTimers();
    handlers = [];
    range.set('30d');
    origin.set(undefined);
    const live = {
      on: (types: readonly string[], _ref: DestroyRef, handle: (message: LiveMessage) => void) =>
        handlers.push({ types, handle }),
    };
    TestBed.configureTestingModule({
      providers: [
        provideHttpClient(),
        provideHttpClientTesting(),
        provideRouter([]),
        { provide: LiveFeed, useValue: live },
        { provide: HostScope, useValue: { param: () => undefined, includes: (id: string) => id === HOST_ID } },
      ],
    });
    http = TestBed.inject(HttpTestingController);
    data = TestBed.runInInjectionContext(() => countryData(range, origin));
    await answer(stats(5));
    expect(counted()).toBe(5);
  });

  afterEach(() => {
    TestBed.resetTestingModule();
    jest.useRealTimers();
  });

  it('draws bans that come in together, and makes the figures exact a while later', async () => {
    for (let n = 0; n < 50; n += 1) ban();
    expect(counted()).toBe(5);
    jest.advanceTimersByTime(400);
    expect(counted()).toBe(55);
    jest.advanceTimersByTime(8_000);
    await answer(stats(57));
    expect(counted()).toBe(57);
  });

  it('counts no ban of other hosts, other origins or before the range', () => {
    origin.set('manual');
    ban({ origin: 'selfblock' });
    origin.set(undefined);
    ban({ hostId: 'ffffffffffffffff' });
    ban({ at: '2026-02-01T00:00:00Z' });
    jest.advanceTimersByTime(1_000);
    expect(counted()).toBe(5);
  });

  it('asks again once countries of addresses became known', async () => {
    say({ type: 'geo_resolved', entries: [{ address: '192.0.2.1', country: 'DE', asn: null, asName: null }] });
    jest.advanceTimersByTime(1_500);
    await answer(stats(6));
    expect(counted()).toBe(6);
  });

  it('keeps the old picture, known as outdated, while another range loads', async () => {
    range.set('7d');
    TestBed.tick();
    expect(counted()).toBe(5);
    expect(data.isOutdated()).toBe(true);
    await answer(stats(2));
    expect(data.isOutdated()).toBe(false);
    expect(counted()).toBe(2);
  });

  it('keeps what is known when asking again fails, and says so', async () => {
    data.reload();
    TestBed.tick();
    http.expectOne(() => true).flush('', { status: 503, statusText: 'busy' });
    await Promise.resolve();
    TestBed.tick();
    expect(data.error()).toBeDefined();
    expect(counted()).toBe(5);
  });
});
