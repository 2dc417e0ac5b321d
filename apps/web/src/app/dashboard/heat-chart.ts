import type { HourOfWeek } from '@bailiff/contracts/http';
import type { HeatmapSeriesOption } from 'echarts/charts';
import type { GridComponentOption, TooltipComponentOption, VisualMapComponentOption } from 'echarts/components';
import type { ComposeOption } from 'echarts/core';
import type { ChartOptionBuilder } from '../charts/chart-canvas';
import type { ChartTable } from '../charts/chart-table';
import { tipElement } from '../charts/chart-tip';
import type { ChartWords } from './timeline-chart';

type Option = ComposeOption<
  HeatmapSeriesOption | GridComponentOption | TooltipComponentOption | VisualMapComponentOption
>;

const HOUR_MS = 3_600_000;
const DAY_PX = 34;
const LABEL_PX = 34;

/** When in a week bans are made: seven rows of twenty-four hours. */
export function heatOption(week: HourOfWeek, { m, format }: ChartWords): ChartOptionBuilder {
  const most = Math.max(1, ...week.bans.flat());
  // By the root: one wild hour would else leave all others pale.
  const shade = (bans: number): number => Math.sqrt(bans / most);
  return (look, width): Option => {
    const every = [1, 2, 3, 6].find((n) => ((width - DAY_PX) / 24) * n >= LABEL_PX) ?? 6;
    return {
      grid: { left: DAY_PX, right: 2, top: 2, bottom: 20, outerBoundsMode: 'none' },
      xAxis: {
        type: 'category',
        data: hours(week).map(([from]) => from),
        axisLine: { show: false },
        axisTick: { show: false },
        axisLabel: { color: look.text3, fontSize: 11, interval: (i) => i % every === 0 },
      },
      yAxis: {
        type: 'category',
        inverse: true,
        data: [...m.weekdaysShort],
        axisLine: { show: false },
        axisTick: { show: false },
        axisLabel: { color: look.text3, fontSize: 11, margin: 6, interval: 0 },
      },
      visualMap: { show: false, type: 'continuous', min: 0, max: 1, inRange: { color: [look.inset, ...look.heat] } },
      tooltip: {
        formatter: (params) => {
          const index = Array.isArray(params) ? 0 : params.dataIndex;
          const bans = week.bans[Math.floor(index / 24)]?.[index % 24] ?? 0;
          return tipElement({
            title: m.dayHour(m.weekdays[Math.floor(index / 24)] ?? '', hourText(week, index % 24)),
            rows: [{ label: m.bans, value: format.number(bans) }],
            ...(bans > 0 ? { note: m.pickLatest } : {}),
          });
        },
      },
      series: [
        {
          id: 'week',
          type: 'heatmap',
          data: week.bans.flatMap((day, y) => day.map((bans, x): [number, number, number] => [x, y, shade(bans)])),
          itemStyle: { borderColor: look.surface, borderWidth: 1.5, borderRadius: 3 },
          emphasis: { itemStyle: { borderColor: look.text, borderWidth: 1.5 } },
        },
      ],
    };
  };
}

/** The same figures, a row for each hour of the week, in the order of the cells. */
export function heatTable(week: HourOfWeek, { m, format }: ChartWords): ChartTable {
  return {
    columns: [{ label: m.hour }, { label: m.bans, end: true }],
    rows: week.bans.flatMap((day, y) =>
      day.map((bans, x) => ({
        cells: [m.dayHour(m.weekdays[y] ?? '', hourText(week, x)), format.number(bans)],
        sort: [y * 24 + x, bans],
      })),
    ),
  };
}

/** Weekday and hour with the most. */
export function busiest(week: HourOfWeek): { readonly day: number; readonly hour: number; readonly bans: number } {
  return week.bans
    .flatMap((day, y) => day.map((bans, hour) => ({ day: y, hour, bans })))
    .reduce((most, cell) => (cell.bans > most.bans ? cell : most), { day: 0, hour: 0, bans: 0 });
}

/** `14:00–15:00`, at half past where the zone's hours begin there. */
export function hourText(week: HourOfWeek, hour: number): string {
  return (hours(week)[hour] ?? []).join('–');
}

/** The latest hour of the range that falls on a cell, counted from Monday's first; undefined when none does. */
export function latestOf(
  week: HourOfWeek,
  cell: number,
  weekHourOf: (atMs: number) => number,
): { readonly from: string; readonly to: string } | undefined {
  const [fromMs, toMs] = [Date.parse(week.from), Date.parse(week.to)];
  const last = Math.ceil(toMs / HOUR_MS) * HOUR_MS - HOUR_MS;
  // A clock that changes may leave a week out.
  for (let at = last; at > fromMs - HOUR_MS && at > last - 15 * 24 * HOUR_MS; at -= HOUR_MS)
    if (weekHourOf(at) === cell) return { from: new Date(at).toISOString(), to: new Date(at + HOUR_MS).toISOString() };
  return undefined;
}

function hours({ startMinute }: HourOfWeek): [string, string][] {
  const clock = (hour: number): string =>
    `${String(hour % 24).padStart(2, '0')}:${String(startMinute).padStart(2, '0')}`;
  return Array.from({ length: 24 }, (_, hour) => [clock(hour), clock(hour + 1)]);
}
