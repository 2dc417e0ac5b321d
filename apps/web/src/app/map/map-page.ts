import { CdkVirtualScrollableElement } from '@angular/cdk/scrolling';
import {
  Component,
  computed,
  DestroyRef,
  DOCUMENT,
  effect,
  inject,
  resource,
  signal,
  untracked,
  viewChild,
} from '@angular/core';
import { MatButton, MatIconButton } from '@angular/material/button';
import type { MapThresholds } from '@bailiff/contracts/http';
import {
  mdiAlertOutline,
  mdiEarthOff,
  mdiFullscreen,
  mdiMinus,
  mdiPause,
  mdiPlay,
  mdiPlus,
  mdiShieldCheckOutline,
} from '@mdi/js';
import { Icon } from '../display/icon';
import { ProblemNotice } from '../display/problem-notice';
import { isRange, rangeParams } from '../history/time-range';
import { MESSAGES } from '../messages/messages';
import { Session } from '../session/session';
import { UrlQuery } from '../url/url-query';
import { CountryCard } from './country-card';
import { countryData } from './country-data';
import { FlatMap } from './flat-map';
import { loadWorld } from './geodata/world';
import { Globe } from './globe';
import { MapFilters, type MapViewName } from './map-filters';
import { MapLegend } from './map-legend';
import { MapPanel } from './map-panel';
import { type MapView, type Pointed, STEP_ZOOM } from './map-view';

const DEFAULT_RANGE = '30d';
/** Room the hover card needs beside the pointer, pixels. */
const CARD = { width: 250, height: 150, gap: 14 };
/** From this width on the table stands beside the map. */
const WIDE = '(min-width: 1100px)';
const DEFAULT_THRESHOLDS: MapThresholds = { low: 20, medium: 50, high: 100 };

/** Where bans come from: the world by number of bans, flat or as a globe, and the same as a table. */
@Component({
  selector: 'bailiff-map-page',
  imports: [
    CdkVirtualScrollableElement,
    CountryCard,
    FlatMap,
    Globe,
    Icon,
    MapFilters,
    MapLegend,
    MapPanel,
    MatButton,
    MatIconButton,
    ProblemNotice,
  ],
  templateUrl: './map-page.html',
  styleUrl: './map-page.scss',
})
export class MapPage {
  private readonly url = inject(UrlQuery);
  private readonly session = inject(Session);
  protected readonly m = inject(MESSAGES).map;
  protected readonly common = inject(MESSAGES).common;
  protected readonly icons = {
    in: mdiPlus,
    out: mdiMinus,
    reset: mdiFullscreen,
    play: mdiPlay,
    pause: mdiPause,
    alert: mdiAlertOutline,
    calm: mdiShieldCheckOutline,
    nowhere: mdiEarthOff,
  };
  private readonly flat = viewChild(FlatMap);
  protected readonly globe = viewChild(Globe);

  protected readonly range = computed(() => {
    const range = this.url.params()['range'];
    return range !== undefined && (isRange(range) || rangeParams(range, 0).from !== undefined) ? range : DEFAULT_RANGE;
  });
  protected readonly origin = computed(() => {
    const origin = this.url.params()['origin'];
    return origin !== undefined && /^(selfblock|manual|blocklist|fleet)$/.test(origin) ? origin : undefined;
  });
  protected readonly chosen = computed(() => {
    const code = this.url.params()['country'];
    return code !== undefined && /^[A-Z]{2}$/.test(code) ? code : undefined;
  });
  protected readonly view = computed<MapViewName>(() => (this.url.params()['view'] === 'globe' ? 'globe' : 'map'));

  protected readonly data = countryData(this.range, this.origin);
  protected readonly figures = this.data.figures;
  protected readonly countries = computed(() => this.figures()?.countries ?? []);
  protected readonly outlines = resource({ loader: loadWorld });
  protected readonly world = computed(() => (this.outlines.hasValue() ? this.outlines.value() : undefined));

  private readonly tried = signal<MapThresholds | undefined>(undefined);
  private readonly saved = computed(() => this.session.preferences()?.mapThresholds ?? DEFAULT_THRESHOLDS, {
    equal: (a, b) => a.low === b.low && a.medium === b.medium && a.high === b.high,
  });
  protected readonly thresholds = computed(() => this.tried() ?? this.saved());

  protected readonly isWide = mediaSignal(WIDE);
  private readonly lit = signal<{ readonly code: string; readonly isFocused: boolean } | undefined>(undefined);
  protected readonly litCode = computed(() => this.lit()?.code);
  private readonly pointed = signal<Pointed | undefined>(undefined);
  /** The hover card: at the pointer, or at the country whose row has the focus. */
  protected readonly card = computed<Pointed | undefined>(() => {
    const pointed = this.pointed();
    const lit = this.lit();
    if (pointed !== undefined || lit === undefined) return pointed;
    const place = this.current()?.placeOf(lit.code);
    return place === undefined ? undefined : { code: lit.code, ...place };
  });
  protected readonly current = computed<MapView | undefined>(() => this.flat() ?? this.globe());
  protected readonly isNowhere = computed(() => {
    const figures = this.figures();
    return figures !== undefined && figures.total > 0 && figures.countries.length === 0;
  });

  constructor() {
    // A link that names a country, or another view, shows it.
    effect(() => {
      const view = this.current();
      const code = untracked(this.chosen);
      if (code !== undefined) view?.reveal(code);
    });
    effect(() => {
      const lit = this.lit();
      if (lit?.isFocused === true) this.current()?.reveal(lit.code);
    });
  }

  protected point(at: Pointed | undefined): void {
    this.pointed.set(at);
  }

  protected light(lit: { readonly code: string; readonly isFocused: boolean } | undefined): void {
    this.lit.set(lit);
  }

  /** Filters by a country; by the same one again: no more. */
  protected choose(code: string | undefined): void {
    const country = code === this.chosen() ? undefined : code;
    this.lit.set(undefined);
    this.url.patch({ country });
    if (country !== undefined) this.current()?.reveal(country);
  }

  protected patch(changes: Readonly<Record<string, string | undefined>>): void {
    this.url.patch(changes);
  }

  protected setRange(range: string): void {
    this.url.patch({ range: range === DEFAULT_RANGE ? undefined : range });
  }

  protected try(thresholds: MapThresholds | undefined): void {
    this.tried.set(thresholds);
  }

  protected zoomIn(): void {
    this.current()?.zoomBy(STEP_ZOOM);
  }

  protected zoomOut(): void {
    this.current()?.zoomBy(1 / STEP_ZOOM);
  }

  protected cardStyle({ x, y }: Pointed, stage: HTMLElement): Readonly<Record<string, string>> {
    const left = x + CARD.gap + CARD.width > stage.clientWidth ? Math.max(8, x - CARD.gap - CARD.width) : x + CARD.gap;
    const top = Math.max(8, Math.min(y + CARD.gap, stage.clientHeight - CARD.height));
    return { left: `${left}px`, top: `${top}px` };
  }
}

/** Whether a media query holds, as a signal. Call in an injection context. */
function mediaSignal(query: string) {
  // jsdom has no media queries.
  const list: MediaQueryList | undefined = inject(DOCUMENT).defaultView?.matchMedia?.(query);
  const matches = signal(list?.matches ?? true);
  const follow = (event: MediaQueryListEvent): void => matches.set(event.matches);
  list?.addEventListener('change', follow);
  inject(DestroyRef).onDestroy(() => list?.removeEventListener('change', follow));
  return matches.asReadonly();
}
