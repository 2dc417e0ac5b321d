import { httpResource } from '@angular/common/http';
import { computed, DestroyRef, inject, linkedSignal, type Signal } from '@angular/core';
import type { CountryStats } from '@bailiff/contracts/http';
import { definedParams } from '../api/query-string';
import { isRange, rangeParams } from '../history/time-range';
import { HostScope } from '../hosts/host-scope';
import { LiveFeed } from '../live/live-feed';
import { Clock } from '../time/clock';
import { type CountryFigures, figuresOf, withBans } from './country-figure';

/** Bans that come in live are drawn together this often: a flood of them must not make the map flicker. */
const DRAW_EVERY_MS = 400;
/** Figures moved on live are made exact this long after. */
const EXACT_AFTER_MS = 8_000;
/** Addresses whose country became known are counted this long after. */
const PLACED_AFTER_MS = 1_500;
/** Bans leave the range as time goes by. */
const REFRESH_MS = 60_000;

/** Bans by country, as the page asks for them. */
export interface CountryData {
  /** The last answer, moved on by the live feed; stays while another one loads. undefined before the first. */
  readonly figures: Signal<CountryFigures | undefined>;
  /** Whether what is shown answers another question than was asked: the new answer is on its way. */
  readonly isOutdated: Signal<boolean>;
  readonly isLoading: Signal<boolean>;
  readonly error: Signal<unknown>;
  reload(): void;
}

/** Loads bans by country for the hosts in scope and keeps them live. Call in an injection context. */
export function countryData(range: () => string, origin: () => string | undefined): CountryData {
  const scope = inject(HostScope);
  const clock = inject(Clock);
  const live = inject(LiveFeed);
  const destroyRef = inject(DestroyRef);
  const openedAt = clock.now();
  const params = computed(() =>
    definedParams({
      hosts: scope.param(),
      origin: origin(),
      ...(isRange(range()) ? { range: range() } : rangeParams(range(), openedAt)),
    }),
  );
  const resource = httpResource<CountryStats>(() => ({ url: 'api/v1/stats/countries', params: params() }));
  const loaded = linkedSignal<CountryStats | undefined, { stats: CountryStats; asked: string } | undefined>({
    source: () => (resource.hasValue() ? resource.value() : undefined),
    computation: (stats, previous) =>
      stats === undefined ? previous?.value : { stats, asked: JSON.stringify(params()) },
  });
  const figures = linkedSignal<CountryStats | undefined, CountryFigures | undefined>({
    source: () => loaded()?.stats,
    computation: (stats) => (stats === undefined ? undefined : readStats(stats)),
  });

  let news: { code: string | null; jail: string }[] = [];
  const timers = new Map<'draw' | 'load', { timer: ReturnType<typeof setTimeout>; due: number }>();
  const soon = (what: 'draw' | 'load', afterMs: number, act: () => void): void => {
    const due = Date.now() + afterMs;
    const waiting = timers.get(what);
    if (waiting !== undefined && waiting.due <= due) return;
    clearTimeout(waiting?.timer);
    const timer = setTimeout(() => {
      timers.delete(what);
      act();
    }, afterMs);
    timers.set(what, { timer, due });
  };
  const reload = (): void => {
    // While a first answer or another question is on its way, that one will do.
    if (!resource.isLoading()) resource.reload();
  };

  live.on(['ban_event'], destroyRef, ({ event }) => {
    const period = loaded()?.stats;
    const wanted = origin();
    if (period === undefined || !scope.includes(event.hostId)) return;
    if (wanted !== undefined && !wanted.split(',').includes(event.origin)) return;
    if (event.at < period.from || (!isRange(range()) && event.at >= period.to)) return;
    news.push({ code: event.country, jail: event.jail });
    soon('draw', DRAW_EVERY_MS, () => {
      const drawn = news;
      news = [];
      figures.update((before) => (before === undefined ? undefined : withBans(before, drawn)));
    });
    soon('load', EXACT_AFTER_MS, reload);
  });
  live.on(['geo_resolved'], destroyRef, () => soon('load', PLACED_AFTER_MS, reload));
  live.on(['resync'], destroyRef, reload);
  const timer = setInterval(reload, REFRESH_MS);
  destroyRef.onDestroy(() => {
    clearInterval(timer);
    for (const { timer: waiting } of timers.values()) clearTimeout(waiting);
  });

  return {
    figures: figures.asReadonly(),
    isOutdated: computed(() => figures() !== undefined && loaded()?.asked !== JSON.stringify(params())),
    isLoading: resource.isLoading,
    error: resource.error,
    reload,
  };
}

function readStats({ countries, total, unknown }: CountryStats): CountryFigures {
  return figuresOf(
    countries.map(({ country, bans, topJails }) => ({ code: country, bans, topJails })),
    total,
    unknown,
  );
}
