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
import type { ECElementEvent, ECharts } from 'echarts/core';
import { NGX_ECHARTS_CONFIG, NgxEchartsDirective } from 'ngx-echarts';
import { MESSAGES } from '../messages/messages';
import { CHART_ENGINE, type ChartOption, type ChartParts } from './chart-engine';
import { framedOption } from './chart-frame';
import type { ChartLook } from './chart-look';
import { ChartLooks } from './chart-looks';
import type { ChartPick, ChartTable } from './chart-table';
import { pickAnywhere } from './pick-anywhere';

/**
 * Makes a chart's options for a look and a width in pixels. Called again when either changes, so colours must come from the
 * look. Give series ids: by them the next options move what is drawn instead of drawing anew. Tooltips: `tipElement`.
 */
export type ChartOptionBuilder = (look: ChartLook, width: number) => ChartOption;

/**
 * One ECharts drawing without any frame: what `bailiff-chart` and the map are made of. Loads the engine and the parts when it
 * is shown; follows theme and size; is described to assistive technology and driven by keys, which say the rows of `table`.
 */
@Component({
  selector: 'bailiff-chart-canvas',
  imports: [NgxEchartsDirective],
  providers: [{ provide: NGX_ECHARTS_CONFIG, useFactory: () => ({ echarts: inject(CHART_ENGINE) }) }],
  template: `@if (first(); as options) {
      <div
        class="stage"
        echarts
        tabindex="0"
        role="img"
        [attr.aria-label]="label()"
        [attr.aria-describedby]="hintId"
        [options]="options"
        (chartInit)="began($event)"
        (chartClick)="clicked($event)"
        (keydown)="press($event)"
        (blur)="leave()"
      ></div>
      <p class="visually-hidden" [id]="hintId">{{ hint() }}</p>
      <p class="visually-hidden" aria-live="polite">{{ spoken() }}</p>
    } @else if (loaded.error()) {
      <p class="muted failed" role="alert">{{ m.failed }}</p>
    } @else {
      <div class="bone"></div>
    }`,
  host: { '[class.dim]': 'isLoading()', '[attr.aria-busy]': 'isLoading()' },
  styles: `
    :host {
      display: block;
      position: relative;
      height: 240px;
      min-width: 0;
      transition: opacity var(--fast) var(--ease) 150ms;
    }
    :host(.dim) {
      opacity: 0.5;
    }
    .stage,
    .bone {
      position: absolute;
      inset: 0;
      border-radius: var(--radius);
    }
    .bone {
      background: var(--inset);
      opacity: 0.6;
    }
    .failed {
      padding: 16px;
    }
  `,
})
export class ChartCanvas {
  private static count = 0;
  private readonly looks = inject(ChartLooks);
  private readonly engine = inject(CHART_ENGINE);
  private readonly host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  protected readonly m = inject(MESSAGES).charts;

  /** Loads what this kind of chart needs. Keep it a constant. */
  readonly parts = input.required<ChartParts>();
  /** undefined until there is something to draw. */
  readonly option = input.required<ChartOptionBuilder | undefined>();
  /** What the chart shows, in a sentence or two; for those who cannot see it. */
  readonly label = input.required<string>();
  /** Its values as text, in the order of its data; what the keys go through. */
  readonly table = input<ChartTable>();
  /** How far up and down go; left and right go by one. */
  readonly keyStride = input(1);
  /** Whether new data is on its way: what is drawn stays, dimmed. */
  readonly isLoading = input(false);
  /** Whether choosing does something. */
  readonly isPickable = input(false);
  /** Axis of categories along which a click beside an element counts for its row. */
  readonly pickAlong = input<'x' | 'y'>();

  readonly pick = output<ChartPick>();
  /** The ECharts instance, for what is beyond options (zoom, export). */
  readonly ready = output<ECharts>();

  protected readonly hintId = `bailiff-chart-hint-${(ChartCanvas.count += 1)}`;
  protected readonly hint = computed(() => (this.isPickable() ? this.m.keys : this.m.keysOnly));
  protected readonly loaded = resource({
    params: () => this.parts(),
    loader: ({ params }) => Promise.all([this.engine(), params()]),
  });
  /** undefined until laid out. */
  private readonly width = signal<number | undefined>(undefined);
  private readonly current = computed<ChartOption | undefined>(() => {
    const build = this.option();
    const width = this.width();
    if (build === undefined || width === undefined || !this.loaded.hasValue()) return undefined;
    const look = this.looks.look();
    return framedOption(build(look, width), look, { label: this.label(), isCalm: this.looks.isCalm() });
  });
  /** What the directive draws first; all that follows is handed to the chart itself, which moves what changed. */
  protected readonly first = signal<ChartOption | undefined>(undefined);
  private readonly marked = signal<number | undefined>(undefined);
  protected readonly spoken = computed(() => {
    const index = this.marked();
    const table = this.table();
    const row = index === undefined ? undefined : table?.rows[index];
    if (row === undefined || table === undefined) return '';
    const values = table.columns.slice(1).map(({ label }, i) => `${label} ${row.cells[i + 1] ?? ''}`);
    return this.m.value(row.cells[0] ?? '', values.join(', '));
  });
  private chart: ECharts | undefined;
  private drawn: ChartOption | undefined;

  constructor() {
    this.followWidth();
    effect(() => {
      const option = this.current();
      if (option === undefined) return;
      untracked(() => {
        if (this.first() === undefined) this.first.set(option);
        else this.draw(option);
      });
    });
  }

  protected began(chart: ECharts): void {
    this.chart = chart;
    this.drawn = this.first();
    pickAnywhere(
      chart,
      () => (this.isPickable() ? this.pickAlong() : undefined),
      (dataIndex) => this.pickRow(dataIndex),
    );
    this.ready.emit(chart);
    // The directive draws the first options next; what came meanwhile has to come after that.
    queueMicrotask(() => {
      const option = untracked(this.current);
      if (option !== undefined && !chart.isDisposed()) this.draw(option);
    });
  }

  protected clicked({ componentType, dataIndex, seriesId }: ECElementEvent): void {
    if (componentType === 'series' && this.isPickable()) this.pick.emit({ dataIndex, seriesId });
  }

  protected press(event: KeyboardEvent): void {
    const count = this.table()?.rows.length ?? 0;
    const at = this.marked();
    if (count === 0) return;
    if (event.key === 'Enter' && at !== undefined) this.pickRow(at);
    else if (event.key === 'Escape' && at !== undefined) this.leave();
    else {
      const to = keyTarget(event.key, at, count, this.keyStride());
      if (to === undefined) return;
      this.mark(to);
    }
    event.preventDefault();
  }

  protected leave(): void {
    if (this.marked() === undefined) return;
    this.marked.set(undefined);
    this.chart?.dispatchAction({ type: 'downplay' });
    this.chart?.dispatchAction({ type: 'hideTip' });
  }

  private mark(dataIndex: number): void {
    this.marked.set(dataIndex);
    this.chart?.dispatchAction({ type: 'downplay' });
    this.chart?.dispatchAction({ type: 'highlight', seriesIndex: 0, dataIndex });
    this.chart?.dispatchAction({ type: 'showTip', seriesIndex: 0, dataIndex });
  }

  private pickRow(dataIndex: number): void {
    if (this.isPickable()) this.pick.emit({ dataIndex, seriesId: undefined });
  }

  private draw(option: ChartOption): void {
    if (this.chart === undefined || option === this.drawn) return;
    this.drawn = option;
    this.chart.setOption(option, { replaceMerge: ['series'] });
  }

  private followWidth(): void {
    const observer = new ResizeObserver(([entry]) => {
      if (entry !== undefined) this.width.set(Math.round(entry.contentRect.width));
    });
    observer.observe(this.host);
    inject(DestroyRef).onDestroy(() => observer.disconnect());
  }
}

/** Where a key leads from a row; undefined when it is not one of ours. */
function keyTarget(key: string, at: number | undefined, count: number, stride: number): number | undefined {
  const steps: Readonly<Record<string, number>> = {
    ArrowLeft: -1,
    ArrowRight: 1,
    ArrowUp: -stride,
    ArrowDown: stride,
  };
  const step = steps[key];
  if (key === 'Home') return 0;
  if (key === 'End') return count - 1;
  if (step === undefined) return undefined;
  if (at === undefined) return step > 0 ? 0 : count - 1;
  const to = at + step;
  return to < 0 || to >= count ? at : to;
}
