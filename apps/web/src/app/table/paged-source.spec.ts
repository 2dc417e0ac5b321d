import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { provideHttpClient } from '@angular/common/http';
import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ActiveBan } from '@bailiff/contracts/http';
import { ban } from '../../testing/rows';
import { PagedSource } from './paged-source';

describe(PagedSource.name, () => {
  const params = signal<Readonly<Record<string, string>> | undefined>({ sort: '-bannedAt' });
  let http: HttpTestingController;
  let source: PagedSource<ActiveBan>;
  const ids = (): string[] => source.rows().map(({ id }) => id);
  const answer = (
    items: readonly ActiveBan[],
    nextCursor: string | null = null,
    total: number | null = items.length,
  ): void => {
    http.expectOne(({ url }) => url === 'api/v1/bans').flush({ items, nextCursor, total });
  };

  beforeEach(() => {
    params.set({ sort: '-bannedAt' });
    TestBed.configureTestingModule({ providers: [provideHttpClient(), provideHttpClientTesting()] });
    http = TestBed.inject(HttpTestingController);
    source = TestBed.runInInjectionContext(
      () => new PagedSource<ActiveBan>({ url: 'api/v1/bans', params, key: ({ id }) => id, pageSize: 2 }),
    );
    TestBed.tick();
  });

  afterEach(() => http.verify());

  it('loads page after page by the cursor given, and each once', () => {
    answer([ban(1), ban(2)], 'next', 3);
    source.loadMore();
    source.loadMore();
    const request = http.expectOne(({ params: sent }) => sent.get('cursor') === 'next');
    expect(request.request.params.get('limit')).toBe('2');
    request.flush({ items: [ban(2), ban(3)], nextCursor: null, total: 3 });
    source.loadMore();
    expect(ids()).toEqual(['ban-1', 'ban-2', 'ban-3']);
    expect(source.total()).toBe(3);
  });

  it('keeps the old rows while a changed question is asked, and drops an answer that came too late', () => {
    answer([ban(1)]);
    params.set({ sort: 'address' });
    TestBed.tick();
    const late = http.expectOne(({ params: sent }) => sent.get('sort') === 'address');
    expect([source.phase(), ids()]).toEqual(['again', ['ban-1']]);
    params.set({ sort: 'jail' });
    TestBed.tick();
    expect(late.cancelled).toBe(true);
    answer([ban(9)]);
    expect([source.phase(), ids()]).toEqual(['ready', ['ban-9']]);
  });

  it('asks nothing before it knows what to ask', () => {
    answer([]);
    params.set(undefined);
    TestBed.tick();
    source.reload();
    http.expectNone('api/v1/bans');
    expect(source.phase()).toBe('ready');
  });

  it('tells of a failure and loads again on demand', () => {
    http.expectOne(({ url }) => url === 'api/v1/bans').flush('', { status: 503, statusText: 'Unavailable' });
    expect(source.phase()).toBe('failed');
    source.reload();
    answer([ban(1)]);
    expect([source.phase(), source.error()]).toEqual(['ready', undefined]);
  });

  describe('rows of the live feed', () => {
    beforeEach(() => answer([ban(1)], null, 1));

    it('come in at the top', () => {
      source.arrived(ban(2), true);
      expect([ids(), source.total(), source.fresh().has('ban-2')]).toEqual([['ban-2', 'ban-1'], 2, true]);
    });

    it('wait while held, and come in together', () => {
      source.hold(true);
      source.arrived(ban(2), true);
      source.arrived(ban(3), true);
      expect([ids(), source.waiting(), source.total()]).toEqual([['ban-1'], 2, 3]);
      source.hold(false);
      expect([ids(), source.waiting()]).toEqual([['ban-3', 'ban-2', 'ban-1'], 0]);
    });

    it('wait for a reload where the sort does not put them first', () => {
      source.arrived(ban(2), false);
      expect([ids(), source.waiting()]).toEqual([['ban-1'], 1]);
      source.showWaiting();
      answer([ban(1), ban(2)]);
      expect([ids(), source.waiting()]).toEqual([['ban-1', 'ban-2'], 0]);
    });

    it('replace themselves instead of doubling', () => {
      source.arrived(ban(1, { banCount: 4 }), true);
      expect(source.rows().map(({ banCount }) => banCount)).toEqual([4]);
      expect(source.total()).toBe(1);
    });

    it('go when they are lifted, also while they wait', () => {
      source.hold(true);
      source.arrived(ban(2), true);
      source.remove(() => true);
      expect([ids(), source.waiting(), source.total()]).toEqual([[], 0, 0]);
    });
  });
});
