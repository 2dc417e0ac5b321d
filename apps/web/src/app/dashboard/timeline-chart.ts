import type { BanTimeline } from '@bailiff/contracts/http';
import type { BarSeriesOption } from 'echarts/charts';
import type { GridComponentOption, TooltipComponentOption } from 'echarts/components';
import type { ComposeOption } from 'echarts/core';
import type { ChartOptionBuilder } from '../charts/chart-canvas';
import type { ChartLook } from '../charts/chart-look';
import type { ChartTable } from '../charts/chart-table';
import { tipElement } from '../charts/chart-tip';
import type { Format } from '../display/format';
import type { Messages } from '../messages/messages';
import type { TimeLabels } from './time-labels';
import { timeTicks } from './time-ticks';

type Option = ComposeOption<BarSeriesOption | GridComponentOption | TooltipComponentOption>;

/** Pixels a label of the time axis needs. */
const LABEL_PX = 64;
const AXIS_PX = 40;
const HOUR_MS = 3_600_000;

/** What the words and numbers of a chart are made with. */
export interface ChartWords {
  readonly m: Messages['stats'];
  readonly format: Format;
  readonly labels: TimeLabels;
}

/** Id of a jail's series; of the one of all others. */
export const OTHERS_ID = 'others';
export const seriesId = (jail: string | null): string => (jail === null ? OTHERS_ID : `jail:${jail}`);
/** The jail of a series; undefined for the one of all others. */
export const jailOf = (id: string | undefined): string | undefined =>
  id?.startsWith('jail:') === true ? id.slice(5) : undefined;

/** Colour of each series, in their order. */
export function seriesColours(timeline: BanTimeline, look: ChartLook): string[] {
  return timeline.series.map(({ jail }, i) => (jail === null ? look.other : (look.series[i] ?? look.other)));
}

/** Bans over time as stacked bars; those of jails that are not `chosen` recede. */
export function timelineOption(
  timeline: BanTimeline,
  chosen: string | undefined,
  { m, format, labels }: ChartWords,
): ChartOptionBuilder {
  const buckets = timeline.buckets.map((at) => Date.parse(at));
  return (look, width): Option => {
    const colours = seriesColours(timeline, look);
    const ticks = timeTicks(buckets, timeline.step, labels, Math.floor((width - AXIS_PX) / LABEL_PX));
    const barPx = (width - AXIS_PX) / Math.max(1, buckets.length);
    return {
      grid: { left: AXIS_PX, right: 18, top: 10, bottom: 22, outerBoundsMode: 'none' },
      xAxis: {
        type: 'category',
        data: timeline.buckets.map((at) => at),
        axisLine: { lineStyle: { color: look.lineStrong } },
        axisTick: { show: false },
        axisLabel: {
          color: look.text3,
          fontSize: 11,
          interval: (i) => ticks.has(i),
          formatter: (_, i) => ticks.get(i) ?? '',
          hideOverlap: true,
        },
      },
      yAxis: {
        type: 'value',
        minInterval: 1,
        splitNumber: 3,
        ...(timeline.total === 0 ? { max: 4 } : {}),
        axisLabel: {
          color: look.text3,
          fontSize: 11,
          showMinLabel: false,
          formatter: (value) => (timeline.total === 0 ? '' : format.onMap(value)),
        },
        splitLine: { lineStyle: { color: look.line } },
      },
      tooltip: {
        trigger: 'axis',
        axisPointer: { type: 'shadow', shadowStyle: { color: look.hover, opacity: 1 }, z: -1 },
        formatter: (params) => {
          const index = Array.isArray(params) ? (params[0]?.dataIndex ?? 0) : params.dataIndex;
          const rows = timeline.series
            .map(({ jail, bans }, i) => ({
              label: jail ?? m.others,
              value: bans[index] ?? 0,
              colour: colours[i] ?? look.other,
            }))
            .filter(({ value }) => value > 0)
            .sort((a, b) => b.value - a.value)
            .map((row) => ({ ...row, value: format.number(row.value) }));
          const total = totalAt(timeline, index);
          const sum = rows.length > 1 || total === 0 ? [{ label: m.total, value: format.number(total) }] : [];
          return tipElement({
            title: bucketText(timeline, index, labels),
            rows: [...rows, ...sum],
            ...(total > 0 ? { note: m.pickSlot } : {}),
          });
        },
      },
      series: timeline.series.map(({ jail, bans }, i) => ({
        id: seriesId(jail),
        name: jail ?? m.others,
        type: 'bar',
        stack: 'bans',
        // Without a seam where there is nothing: it would be all that is seen.
        data: bans.map((value) => (value === 0 ? { value, itemStyle: { borderWidth: 0 } } : value)),
        barCategoryGap: barPx > 12 ? '22%' : barPx > 4 ? '15%' : 0,
        barMaxWidth: 44,
        itemStyle: {
          color: colours[i] ?? look.other,
          opacity: chosen === undefined || chosen === jail ? 1 : 0.25,
          // A seam between stacked colours, where there is room for one.
          borderColor: look.surface,
          borderWidth: barPx > 8 ? 0.5 : 0,
        },
        emphasis: { disabled: true },
        cursor: 'pointer',
      })),
    };
  };
}

/** The same figures: a row for each step, a column for each jail. */
export function timelineTable(timeline: BanTimeline, { m, format, labels }: ChartWords): ChartTable {
  return {
    columns: [
      { label: m.time },
      { label: m.total, end: true },
      ...timeline.series.map(({ jail }) => ({ label: jail ?? m.others, end: true })),
    ],
    rows: timeline.buckets.map((at, i) => {
      const values = [totalAt(timeline, i), ...timeline.series.map(({ bans }) => bans[i] ?? 0)];
      return {
        cells: [bucketText(timeline, i, labels), ...values.map((value) => format.number(value))],
        sort: [Date.parse(at), ...values],
      };
    }),
  };
}

/** `Fri, 20 Nov 2026, 14:00–15:00`, or the day alone. */
export function bucketText(timeline: BanTimeline, index: number, labels: TimeLabels): string {
  const at = Date.parse(timeline.buckets[index] ?? '');
  if (Number.isNaN(at)) return '';
  if (timeline.step === 'day') return labels.weekday(at);
  return `${labels.weekday(at)}, ${labels.clock(at)}–${labels.clock(at + HOUR_MS)}`;
}

/** Start and end of a step, RFC 3339. */
export function bucketSpan(
  timeline: BanTimeline,
  index: number,
): { readonly from: string; readonly to: string } | undefined {
  const from = timeline.buckets[index];
  if (from === undefined) return undefined;
  const hourLater = new Date(Date.parse(from) + HOUR_MS).toISOString();
  return { from, to: timeline.step === 'hour' ? hourLater : (timeline.buckets[index + 1] ?? timeline.to) };
}

function totalAt(timeline: BanTimeline, index: number): number {
  return timeline.series.reduce((sum, { bans }) => sum + (bans[index] ?? 0), 0);
}
