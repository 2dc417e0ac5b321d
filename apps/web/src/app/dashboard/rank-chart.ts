import type { BarSeriesOption } from 'echarts/charts';
import type { GridComponentOption, TooltipComponentOption } from 'echarts/components';
import type { ComposeOption } from 'echarts/core';
import type { ChartOptionBuilder } from '../charts/chart-canvas';
import type { ChartTable } from '../charts/chart-table';
import { tipElement } from '../charts/chart-tip';
import type { ChartWords } from './timeline-chart';

type Option = ComposeOption<BarSeriesOption | GridComponentOption | TooltipComponentOption>;

/** One of those that have the most bans. */
export interface Ranked {
  /** What the list is filtered by. */
  readonly value: string;
  /** May be untrusted. */
  readonly label: string;
  readonly bans: number;
  /** Part of all, from 0 to 1. */
  readonly share: number;
  /** ISO code whose flag stands before the label. */
  readonly country?: string;
}

/** Bars drawn; the table has all. */
export const RANKS_SHOWN = 7;
const COUNT_PX = 64;
const FLAG_PX = 26;

/** The few that have most, as bars under their names. Their names are no markup: only flags are made from rich text. */
export function rankOption(
  rows: readonly Ranked[],
  chosen: string | undefined,
  { m, format }: Pick<ChartWords, 'm' | 'format'>,
): ChartOptionBuilder {
  const shown = rows.slice(0, RANKS_SHOWN);
  const most = Math.max(1, ...shown.map(({ bans }) => bans));
  const blanks = Array.from({ length: RANKS_SHOWN - shown.length }, () => '');
  return (look, width): Option => ({
    grid: { left: 0, right: 0, top: 0, bottom: 0, outerBoundsMode: 'none' },
    xAxis: { type: 'value', show: false, max: most },
    yAxis: {
      type: 'category',
      inverse: true,
      position: 'right',
      // As many rows whatever there is, so that bars keep their height.
      data: [...shown.map(({ value }) => value), ...blanks],
      axisLine: { show: false },
      axisTick: { show: false },
      axisLabel: {
        inside: true,
        interval: 0,
        margin: 8,
        color: look.text2,
        fontSize: 12,
        formatter: (_, i) => (shown[i] === undefined ? '' : format.onMap(shown[i].bans)),
      },
      z: 5,
    },
    tooltip: {
      trigger: 'axis',
      axisPointer: { type: 'shadow', shadowStyle: { color: look.hover, opacity: 1 }, z: -1 },
      formatter: (params) => {
        const row = shown[Array.isArray(params) ? (params[0]?.dataIndex ?? -1) : params.dataIndex];
        if (row === undefined) return '';
        return tipElement({
          title: row.label,
          rows: [
            { label: m.bans, value: format.number(row.bans) },
            { label: m.share, value: format.percent(row.share) },
          ],
          note: m.pickOnly,
        });
      },
    },
    series: [
      {
        id: 'ranks',
        type: 'bar',
        barWidth: 24,
        barMinHeight: 3,
        cursor: 'pointer',
        emphasis: { disabled: true },
        data: shown.map(({ bans, value, country, label }, i) => ({
          value: bans,
          itemStyle: {
            color: chosen === value ? look.heat[1] : look.heat[0],
            borderRadius: 4,
            ...(chosen === value ? { borderColor: look.accent, borderWidth: 1 } : {}),
          },
          label: {
            show: true,
            position: 'insideLeft',
            distance: 8,
            color: look.text,
            fontSize: 13,
            align: 'left',
            ...(country === undefined
              ? { formatter: label.replaceAll('{', '❴'), width: width - COUNT_PX, overflow: 'truncate' }
              : {
                  formatter: `{flag|}{name|${label}}`,
                  rich: {
                    flag: { width: 18, height: 13, backgroundColor: { image: `flags/${country.toLowerCase()}.svg` } },
                    name: {
                      padding: [0, 0, 0, 8],
                      color: look.text,
                      fontSize: 13,
                      width: width - COUNT_PX - FLAG_PX,
                      overflow: 'truncate',
                    },
                  },
                }),
          },
          z2: i,
        })),
      },
    ],
  });
}

/** All of them with their figures. */
export function rankTable(
  rows: readonly Ranked[],
  heading: string,
  { m, format }: Pick<ChartWords, 'm' | 'format'>,
): ChartTable {
  return {
    columns: [{ label: heading }, { label: m.bans, end: true }, { label: m.share, end: true }],
    rows: rows.map(({ label, bans, share }) => ({
      cells: [label, format.number(bans), format.percent(share)],
      sort: [label, bans, share],
    })),
  };
}
