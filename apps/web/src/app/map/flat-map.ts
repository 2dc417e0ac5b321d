import {
  Component,
  computed,
  DestroyRef,
  effect,
  ElementRef,
  inject,
  input,
  output,
  resource,
  signal,
  untracked,
} from '@angular/core';
import type { MapThresholds } from '@bailiff/contracts/http';
import type { ECElementEvent, ECharts } from 'echarts/core';
import { NGX_ECHARTS_CONFIG, NgxEchartsDirective } from 'ngx-echarts';
import { CHART_ENGINE } from '../charts/chart-engine';
import { ChartLooks } from '../charts/chart-looks';
import { Format } from '../display/format';
import { MESSAGES } from '../messages/messages';
import type { CountryFigure } from './country-figure';
import { type FlatMapOption, flatMapOption, MAP_NAME, NOBODY } from './flat-map-option';
import { flatten, type World } from './geodata/world';
import { mapPaint } from './map-paint';
import { type MapView, type Pointed, pressed } from './map-view';

const GEO = { geoIndex: 0 } as const;
const ZOOM_MS = 180;
/** After this much stillness the counts that have room now are shown. */
const REST_MS = 150;

/** The world laid flat, drawn by ECharts: filled by bans, counts in the middle of each country; wheel, pinch, drag and keys. */
@Component({
  selector: 'bailiff-flat-map',
  imports: [NgxEchartsDirective],
  providers: [{ provide: NGX_ECHARTS_CONFIG, useFactory: () => ({ echarts: inject(CHART_ENGINE) }) }],
  template: `@if (first(); as options) {
      <div
        class="stage"
        echarts
        tabindex="0"
        role="application"
        [attr.aria-label]="m.label"
        aria-describedby="bailiff-flat-map-keys"
        [options]="options"
        (chartInit)="began($event)"
        (keydown)="press($event)"
      ></div>
    }
    <p class="visually-hidden" id="bailiff-flat-map-keys">{{ m.keys }}</p>`,
  styles: `
    :host {
      display: block;
      position: relative;
    }
    .stage {
      position: absolute;
      inset: 0;
      outline-offset: -3px;
      touch-action: none;
    }
  `,
})
export class FlatMap implements MapView {
  private readonly looks = inject(ChartLooks);
  private readonly format = inject(Format);
  private readonly engine = inject(CHART_ENGINE);
  private readonly host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  protected readonly m = inject(MESSAGES).map;

  readonly world = input.required<World>();
  readonly countries = input.required<readonly CountryFigure[]>();
  readonly thresholds = input.required<MapThresholds>();
  /** Code of the country the page is filtered by. */
  readonly chosen = input<string>();
  /** Code of the country to make stand out, as its row in the table has the focus. */
  readonly lit = input<string>();

  readonly pointed = output<Pointed | undefined>();
  /** A country was clicked; undefined: the sea. */
  readonly choose = output<string | undefined>();

  private readonly flat = computed(() => flatten(this.world()));
  private readonly parts = resource({ loader: () => Promise.all([import('./map-parts'), this.engine()]) });
  private readonly option = computed<FlatMapOption | undefined>(() => {
    if (!this.parts.hasValue()) return undefined;
    return flatMapOption({
      world: this.world(),
      flat: this.flat(),
      countries: this.countries(),
      thresholds: this.thresholds(),
      chosen: this.chosen(),
      paint: mapPaint(this.looks.look()),
      format: (bans) => this.format.onMap(bans),
    });
  });
  /** What the directive draws first; what follows is handed to the chart itself, which keeps zoom and position. */
  protected readonly first = signal<FlatMapOption | undefined>(undefined);
  private chart: ECharts | undefined;
  private drawn: FlatMapOption | undefined;
  private frame = 0;
  /** What is left to magnify by of the zoom under way. */
  private zoomLeft = 1;
  private rest: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    effect(() => {
      const option = this.option();
      if (option === undefined) return;
      untracked(() => {
        if (this.first() !== undefined) this.draw(option);
        else {
          this.register();
          this.first.set(option);
        }
      });
    });
    effect(() => {
      const lit = this.lit();
      this.option();
      this.light(lit);
    });
    inject(DestroyRef).onDestroy(() => {
      cancelAnimationFrame(this.frame);
      clearTimeout(this.rest);
    });
  }

  zoomBy(factor: number): void {
    const begun = performance.now();
    // A press while the last one is still being shown goes on from where that one leads.
    const whole = factor * this.zoomLeft;
    let done = 1;
    const step = (now: number): void => {
      const part = this.looks.isCalm() ? 1 : Math.min(1, (now - begun) / ZOOM_MS);
      const reached = whole ** (part * (2 - part));
      this.roam({ zoom: reached / done, originX: this.host.clientWidth / 2, originY: this.host.clientHeight / 2 });
      done = reached;
      this.zoomLeft = whole / done;
      if (part < 1) this.frame = requestAnimationFrame(step);
    };
    cancelAnimationFrame(this.frame);
    step(begun);
  }

  reset(): void {
    cancelAnimationFrame(this.frame);
    this.zoomLeft = 1;
    this.chart?.setOption({ geo: { id: 'world', zoom: 1, center: ['50%', '50%'] } });
  }

  placeOf(code: string): { x: number; y: number } | undefined {
    const place = this.world().places.get(code);
    if (place === undefined || this.chart === undefined) return undefined;
    const { x, y } = this.pixel(place.at);
    const isInside = x >= 0 && y >= 0 && x <= this.host.clientWidth && y <= this.host.clientHeight;
    return isInside ? { x, y } : undefined;
  }

  reveal(code: string): void {
    const place = this.world().places.get(code);
    if (place === undefined || this.chart === undefined || this.placeOf(code) !== undefined) return;
    const { x, y } = this.pixel(place.at);
    this.roam({ dx: this.host.clientWidth / 2 - x, dy: this.host.clientHeight / 2 - y });
  }

  protected began(chart: ECharts): void {
    this.chart = chart;
    this.drawn = this.first();
    chart.on('mousemove', (event) => this.point(event));
    chart.on('mouseout', () => this.pointed.emit(undefined));
    chart.on('georoam', () => this.roamed());
    chart.on('click', ({ name, event }) => {
      handled = event?.event;
      if (name !== '' && name !== NOBODY) this.choose.emit(name);
    });
    let handled: unknown;
    chart.getZr().on('click', ({ target, event }) => {
      if (target === undefined && event !== handled) this.choose.emit(undefined);
    });
    // The directive draws the first options next; what came meanwhile has to come after that.
    queueMicrotask(() => {
      const option = untracked(this.option);
      if (option !== undefined && !chart.isDisposed()) this.draw(option);
      this.light(untracked(this.lit));
    });
  }

  protected press(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (pressed(event.key, this, (dx, dy) => this.roam({ dx, dy }))) event.preventDefault();
  }

  private pixel(at: readonly [number, number]): { x: number; y: number } {
    const pixel: unknown = this.chart?.convertToPixel(GEO, this.flat().project(at));
    const [x, y] = Array.isArray(pixel) ? pixel.map(Number) : [];
    return { x: x ?? NaN, y: y ?? NaN };
  }

  private register(): void {
    if (!this.parts.hasValue()) return;
    const [{ registerMap }] = this.parts.value();
    const features = this.flat().shapes.map(({ code, polygons }) => ({
      type: 'Feature' as const,
      properties: { name: code || NOBODY },
      geometry: { type: 'MultiPolygon' as const, coordinates: polygons },
    }));
    registerMap(MAP_NAME, { type: 'FeatureCollection', features });
  }

  private point({ name, event }: ECElementEvent): void {
    if (event === undefined || name === '' || name === NOBODY) return this.pointed.emit(undefined);
    this.pointed.emit({ code: name, x: event.offsetX, y: event.offsetY });
  }

  private light(code: string | undefined): void {
    if (this.chart === undefined || this.chart.isDisposed()) return;
    this.chart.dispatchAction({ type: 'downplay', ...GEO });
    this.chart.dispatchAction({ type: 'downplay', seriesId: 'dots' });
    if (code === undefined) return;
    this.chart.dispatchAction({ type: 'highlight', ...GEO, name: code });
    this.chart.dispatchAction({ type: 'highlight', seriesId: 'dots', name: code });
  }

  private roam(by: Readonly<Record<string, number>>): void {
    this.chart?.dispatchAction({ type: 'geoRoam', componentType: 'geo', geoId: 'world', ...by });
  }

  /** ECharts never shows a label again that it hid for want of room, unless its series is drawn anew. */
  private roamed(): void {
    clearTimeout(this.rest);
    this.rest = setTimeout(() => {
      const option = this.drawn;
      this.drawn = undefined;
      if (option !== undefined) this.draw(option);
      this.light(this.lit());
    }, REST_MS);
  }

  private draw(option: FlatMapOption): void {
    if (this.chart === undefined || this.chart.isDisposed() || option === this.drawn) return;
    this.drawn = option;
    this.chart.setOption(option, { replaceMerge: ['series'] });
  }
}
