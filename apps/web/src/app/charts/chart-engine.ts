import { InjectionToken } from '@angular/core';
import type { ECharts, EChartsCoreOption, EChartsInitOpts } from 'echarts/core';

/** What draws charts, as far as ours need it. */
export interface ChartEngine {
  init(dom: HTMLElement, theme?: string | object | null, options?: EChartsInitOpts): ECharts;
}

/** Whole set of options of a chart. Compose it from the types of `echarts/charts` and `echarts/components`. */
export type ChartOption = EChartsCoreOption;

/**
 * Loads what a kind of chart needs and registers it with `echarts/core`; safe to call often. One module for each kind, so
 * that no page pays for another's: see `parts/`.
 */
export type ChartParts = () => Promise<unknown>;

/** Loads the engine when the first chart is shown; it is no part of the initial bundle. */
export const CHART_ENGINE = new InjectionToken<() => Promise<ChartEngine>>('CHART_ENGINE', {
  factory: () => {
    let loading: Promise<ChartEngine> | undefined;
    // Loaded once: a promise that is settled leaves no time in which a page can be left between the question and its
    // answer, while `import()` takes a turn of its own each time, and would draw on a page that is gone.
    return () =>
      (loading ??= import('./parts/engine').catch((error: unknown) => {
        loading = undefined;
        throw error;
      }));
  },
});
