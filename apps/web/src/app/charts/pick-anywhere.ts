import type { ECharts } from 'echarts/core';

/**
 * Lets a click anywhere in a row or column of a chart with one axis of categories count for it, not only one on what is
 * drawn: a small bar is hard to hit. Clicks on drawn elements are left to the chart's own event.
 */
export function pickAnywhere(
  chart: ECharts,
  along: () => 'x' | 'y' | undefined,
  pick: (dataIndex: number) => void,
): void {
  let handled: unknown;
  const rowAt = (x: number, y: number): number | undefined => {
    const axis = along();
    if (axis === undefined) return undefined;
    const at: unknown = chart.convertFromPixel(
      axis === 'x' ? { xAxisIndex: 0 } : { yAxisIndex: 0 },
      axis === 'x' ? x : y,
    );
    const isInside = axis === 'y' || chart.containPixel({ gridIndex: 0 }, [x, y]);
    return typeof at === 'number' && Number.isInteger(at) && at >= 0 && isInside ? at : undefined;
  };
  chart.on('click', ({ event }) => {
    handled = event?.event;
  });
  chart.getZr().on('click', ({ offsetX, offsetY, event }) => {
    if (event === handled) return;
    const row = rowAt(offsetX, offsetY);
    if (row !== undefined) pick(row);
  });
  chart.getZr().on('mousemove', ({ offsetX, offsetY }) => {
    if (rowAt(offsetX, offsetY) !== undefined) chart.getZr().setCursorStyle('pointer');
  });
}
