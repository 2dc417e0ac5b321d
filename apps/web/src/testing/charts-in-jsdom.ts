import type { Provider } from '@angular/core';
import { AriaComponent, TooltipComponent } from 'echarts/components';
import { type ECharts, init, setPlatformAPI, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { CHART_ENGINE } from '../app/charts/chart-engine';

const WIDTH = 640;
const HEIGHT = 240;
const CHARACTER_WIDTH = 7;
const PLACE = { x: 0, y: 0, top: 0, left: 0, right: WIDTH, bottom: HEIGHT, width: WIDTH, height: HEIGHT };

/** The charts drawn since the last {@link chartsInJsdom}, oldest first. */
export const drawnCharts: ECharts[] = [];

/**
 * Lets the real ECharts draw in jsdom, which has no canvas and lays nothing out: as SVG, 640 x 240 pixels. Put what it returns
 * among the providers of a spec.
 */
export function chartsInJsdom(): Provider[] {
  use([SVGRenderer, AriaComponent, TooltipComponent]);
  setPlatformAPI({ measureText: (text) => ({ width: text.length * CHARACTER_WIDTH }) });
  drawnCharts.length = 0;
  globalThis.ResizeObserver = class implements ResizeObserver {
    constructor(private readonly tell: ResizeObserverCallback) {}
    observe(target: Element): void {
      const contentRect = { ...PLACE, toJSON: () => PLACE };
      const size = [{ inlineSize: WIDTH, blockSize: HEIGHT }];
      const entry = { target, contentRect, borderBoxSize: size, contentBoxSize: size, devicePixelContentBoxSize: size };
      this.tell([entry], this);
    }
    unobserve(): void {
      // Sizes never change here.
    }
    disconnect(): void {
      // Sizes never change here.
    }
  };
  const engine = {
    init: (dom: HTMLElement): ECharts => {
      const chart = init(dom, null, { renderer: 'svg', width: WIDTH, height: HEIGHT });
      drawnCharts.push(chart);
      return chart;
    },
  };
  return [{ provide: CHART_ENGINE, useValue: () => Promise.resolve(engine) }];
}
