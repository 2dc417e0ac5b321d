/** Colours and type of a chart, as a canvas needs them: resolved, for the theme in use. */
export interface ChartLook {
  readonly isDark: boolean;
  readonly text: string;
  readonly text2: string;
  readonly text3: string;
  readonly line: string;
  readonly lineStrong: string;
  readonly surface: string;
  readonly raised: string;
  readonly inset: string;
  readonly hover: string;
  readonly accent: string;
  readonly ok: string;
  readonly warn: string;
  readonly danger: string;
  readonly failures: string;
  /** Seven colours that stay apart for every kind of colour vision. */
  readonly series: readonly string[];
  /** What is summed up beside them. */
  readonly other: string;
  /** One hue from little to much, in four steps. */
  readonly heat: readonly [string, string, string, string];
  readonly font: string;
}

/** Token of every colour of a {@link ChartLook}. */
export const LOOK_TOKENS = {
  text: '--text',
  text2: '--text-2',
  text3: '--text-3',
  line: '--line',
  lineStrong: '--line-strong',
  surface: '--surface',
  raised: '--raised',
  inset: '--inset',
  hover: '--hover',
  accent: '--accent',
  ok: '--ok',
  warn: '--warn',
  danger: '--danger',
  failures: '--series-failures',
  other: '--chart-other',
} as const;

export const SERIES_TOKENS = [1, 2, 3, 4, 5, 6, 7].map((n) => `--chart-${n}`);
export const HEAT_TOKENS = ['--heat-1', '--heat-2', '--heat-3', '--heat-4'] as const;
