import { Component, inject, input, output, signal } from '@angular/core';
import { MatIconButton } from '@angular/material/button';
import { mdiChartBar, mdiImageOutline, mdiTable } from '@mdi/js';
import type { ECharts } from 'echarts/core';
import { Icon } from '../display/icon';
import { MESSAGES } from '../messages/messages';
import { ChartCanvas, type ChartOptionBuilder } from './chart-canvas';
import type { ChartParts } from './chart-engine';
import { ChartLooks } from './chart-looks';
import type { ChartPick, ChartTable } from './chart-table';
import { ChartTwin } from './chart-twin';
import { saveChart } from './save-chart';

/**
 * A chart on a card: heading, drawing or its twin table, and a picture to save. What `[chartActions]` marks stands beside
 * the heading; other content below. The drawing's height is `--chart-height` (240 px unless set).
 */
@Component({
  selector: 'bailiff-chart',
  imports: [ChartCanvas, ChartTwin, Icon, MatIconButton],
  templateUrl: './chart.html',
  styleUrl: './chart.scss',
})
export class Chart {
  private readonly looks = inject(ChartLooks);
  protected readonly m = inject(MESSAGES).charts;
  protected readonly icons = { table: mdiTable, chart: mdiChartBar, save: mdiImageOutline };

  readonly heading = input.required<string>();
  /** What the chart shows, in a sentence or two; for those who cannot see it. */
  readonly label = input.required<string>();
  /** Loads what this kind of chart needs. Keep it a constant. */
  readonly parts = input.required<ChartParts>();
  /** undefined until there is something to draw. */
  readonly option = input.required<ChartOptionBuilder | undefined>();
  /** The same values; rows in the order of the chart's data. */
  readonly table = input.required<ChartTable>();
  /** Said over the drawing when there is nothing to see; empty: nothing said. */
  readonly emptyText = input('');
  readonly isLoading = input(false);
  readonly isPickable = input(false);
  readonly pickAlong = input<'x' | 'y'>();
  readonly keyStride = input(1);

  /** An element, or a row of the table, was chosen. */
  readonly pick = output<ChartPick>();

  protected readonly isTable = signal(false);
  private drawing: ECharts | undefined;

  protected began(chart: ECharts): void {
    this.drawing = chart;
  }

  protected save(): void {
    if (this.drawing !== undefined && !this.drawing.isDisposed())
      saveChart(this.drawing, this.heading(), this.looks.look().surface);
  }
}
