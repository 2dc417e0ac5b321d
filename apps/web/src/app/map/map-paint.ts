import type { ChartLook } from '../charts/chart-look';
import { SCALE_COLOURS, type ScaleColours } from './colour-scale';

/** Colours of the map and the globe for a look. */
export interface MapPaint {
  /** Land without bans: the plain ground, no colour of the scale. */
  readonly land: string;
  /** Of the globe; on the flat map it is the ground the page gives. */
  readonly sea: string;
  readonly border: string;
  readonly label: string;
  /** Around labels, so that they read on every colour. */
  readonly halo: string;
  readonly lit: string;
  readonly chosen: string;
  readonly grid: string;
  readonly scale: ScaleColours;
  readonly font: string;
}

export function mapPaint(look: ChartLook): MapPaint {
  return {
    land: look.isDark ? look.line : look.raised,
    sea: look.isDark ? look.surface : look.line,
    border: look.lineStrong,
    label: look.text,
    halo: look.surface,
    lit: look.text,
    chosen: look.accent,
    grid: look.isDark ? look.line : look.lineStrong,
    scale: SCALE_COLOURS[look.isDark ? 'dark' : 'light'],
    font: look.font,
  };
}
