import { httpResource, type HttpResourceRef } from '@angular/common/http';
import { computed, DestroyRef, inject, linkedSignal, type Signal } from '@angular/core';
import type {
  BanTimeline,
  CountryStats,
  DashboardSummary,
  HistoryEntry,
  HourOfWeek,
  JailStats,
  NetworkStats,
} from '@bailiff/contracts/http';
import { definedParams } from '../api/query-string';
import { isRange, rangeParams } from '../history/time-range';
import { HostScope } from '../hosts/host-scope';
import { LiveFeed } from '../live/live-feed';
import { Clock } from '../time/clock';
import { withBan, withFailure, withUnban } from './live-summary';

/** The range slides on: everything is loaded anew this often. */
const REFRESH_MS = 60_000;
/** While bans come in, charts of up to a week follow this fast; longer ones, where a ban is hardly a pixel, at leisure. */
const FOLLOW_MS = { short: 2_000, long: 15_000 } as const;

/** One answer of the API that stays while the next one loads. */
export interface Kept<T> {
  /** undefined before the first answer. */
  readonly value: Signal<T | undefined>;
  /** Whether another question was asked than what is shown answers. */
  readonly isStale: Signal<boolean>;
  readonly error: Signal<unknown>;
}

/** Everything the dashboard shows above its list, for the hosts in scope, kept live. */
export interface DashboardData {
  readonly summary: Kept<DashboardSummary>;
  readonly timeline: Kept<BanTimeline>;
  readonly jails: Kept<JailStats>;
  readonly countries: Kept<CountryStats>;
  readonly networks: Kept<NetworkStats>;
  readonly week: Kept<HourOfWeek>;
  reload(): void;
}

/** Loads it and keeps it live. Call in an injection context. */
export function dashboardData(range: () => string, origin: () => string | undefined): DashboardData {
  const scope = inject(HostScope);
  const live = inject(LiveFeed);
  const clock = inject(Clock);
  const destroyRef = inject(DestroyRef);
  const openedAt = clock.now();
  const params = computed(
    () =>
      definedParams({
        hosts: scope.param(),
        origin: origin(),
        ...(isRange(range()) ? { range: range() } : rangeParams(range(), openedAt)),
      }),
    { equal: (a, b) => JSON.stringify(a) === JSON.stringify(b) },
  );
  const load = <T>(path: string): HttpResourceRef<T | undefined> =>
    httpResource<T>(() => ({ url: `api/v1/${path}`, params: params() }));
  const summary = load<DashboardSummary>('dashboard');
  const timeline = load<BanTimeline>('stats/timeline');
  const jails = load<JailStats>('stats/jails');
  const countries = load<CountryStats>('stats/countries');
  const networks = load<NetworkStats>('stats/networks');
  const week = load<HourOfWeek>('stats/hour-of-week');
  const all: readonly HttpResourceRef<unknown>[] = [summary, timeline, jails, countries, networks, week];
  const reload = (): void => {
    // What is on its way already is new enough.
    for (const resource of all) if (!resource.isLoading()) resource.reload();
  };

  const shown = keptOf(summary);
  const isMeant = (event: HistoryEntry): boolean => {
    const wanted = origin();
    const { to } = params();
    return (
      scope.includes(event.hostId) &&
      (wanted === undefined || wanted === event.origin) &&
      (to === undefined || event.at < to)
    );
  };
  const follow = throttled(
    destroyRef,
    () => (['24h', '7d'].includes(range()) ? FOLLOW_MS.short : FOLLOW_MS.long),
    reload,
  );
  live.on(['ban_event', 'unban_event'], destroyRef, (message) => {
    const { event } = message;
    if (!isMeant(event)) return;
    const isBan = message.type === 'ban_event';
    shown.value.update((now) =>
      now === undefined ? undefined : isBan ? withBan(now, message.active !== null) : withUnban(now),
    );
    if (isBan) follow();
  });
  live.on(['found_event'], destroyRef, ({ hostId }) => {
    if (scope.includes(hostId) && params()['to'] === undefined)
      shown.value.update((now) => (now === undefined ? undefined : withFailure(now)));
  });
  // Countries and networks of new bans come a moment after them.
  live.on(['geo_resolved'], destroyRef, follow);
  live.on(['resync', 'preferences_changed'], destroyRef, reload);
  const timer = setInterval(reload, REFRESH_MS);
  destroyRef.onDestroy(() => clearInterval(timer));

  return {
    summary: shown,
    timeline: keptOf(timeline),
    jails: keptOf(jails),
    countries: keptOf(countries),
    networks: keptOf(networks),
    week: keptOf(week),
    reload,
  };
}

function keptOf<T>(resource: HttpResourceRef<T | undefined>) {
  const value = linkedSignal<T | undefined, T | undefined>({
    source: () => (resource.hasValue() ? resource.value() : undefined),
    computation: (loaded, previous) => loaded ?? previous?.value,
  });
  // `reloading` asks the same question again: nothing to dim for.
  const isStale = computed(() => resource.status() === 'loading' && value() !== undefined);
  return { value, isStale, error: resource.error };
}

/** Calls back once, `afterMs` after the first of a burst of calls, while the page is looked at; else when it is again. */
function throttled(destroyRef: DestroyRef, afterMs: () => number, act: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const run = (): void => {
    timer = undefined;
    if (document.visibilityState === 'hidden') document.addEventListener('visibilitychange', act, { once: true });
    else act();
  };
  destroyRef.onDestroy(() => {
    clearTimeout(timer);
    document.removeEventListener('visibilitychange', act);
  });
  return () => {
    timer ??= setTimeout(run, afterMs());
  };
}
