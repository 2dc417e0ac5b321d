import { Component, computed, inject, input } from '@angular/core';
import { MESSAGES } from '../messages/messages';
import { Format } from './format';

const WIDTH = 120;
const HEIGHT = 32;

/** The course of a figure as a small filled line; its range is said in words for those who cannot see it. */
@Component({
  selector: 'bailiff-sparkline',
  template: `<svg [attr.viewBox]="viewBox" preserveAspectRatio="none" role="img" [attr.aria-label]="words()">
    @if (line(); as d) {
      <path class="area" [attr.d]="area()" />
      <path class="line" [attr.d]="d" />
    }
  </svg>`,
  host: { '[class]': 'tone()' },
  styles: `
    :host {
      --ink: var(--series);
      --wash: var(--series-soft);
      display: block;
    }
    :host(.failures) {
      --ink: var(--series-failures);
      --wash: var(--series-failures-soft);
    }
    svg {
      display: block;
      width: 100%;
      height: 100%;
      overflow: visible;
    }
    .area {
      fill: var(--wash);
    }
    .line {
      fill: none;
      stroke: var(--ink);
      stroke-width: 1.5;
      stroke-linejoin: round;
      vector-effect: non-scaling-stroke;
    }
  `,
})
export class Sparkline {
  private readonly m = inject(MESSAGES).dashboard;
  private readonly format = inject(Format);
  /** Evenly spaced, oldest first. */
  readonly series = input.required<readonly number[]>();
  /** What the figures are, in words. */
  readonly label = input.required<string>();
  readonly tone = input<'bans' | 'failures'>('bans');

  protected readonly viewBox = `0 0 ${WIDTH} ${HEIGHT}`;
  private readonly points = computed(() => {
    const series = this.series();
    if (series.length < 2) return [];
    const top = Math.max(...series, 1);
    const step = WIDTH / (series.length - 1);
    return series.map(
      (value, i) => `${(i * step).toFixed(1)} ${(HEIGHT - 2 - (value / top) * (HEIGHT - 4)).toFixed(1)}`,
    );
  });
  protected readonly line = computed(() => (this.points().length === 0 ? '' : `M${this.points().join('L')}`));
  protected readonly area = computed(() => `${this.line()}L${WIDTH} ${HEIGHT}L0 ${HEIGHT}Z`);
  protected readonly words = computed(() => {
    const series = this.series();
    const low = series.length === 0 ? 0 : Math.min(...series);
    const high = series.length === 0 ? 0 : Math.max(...series);
    return this.m.sparkline(this.label(), this.format.number(low), this.format.number(high));
  });
}
