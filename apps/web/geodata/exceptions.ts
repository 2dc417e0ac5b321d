import type { Part } from './parts.ts';

/**
 * Outlines that world-atlas gives no ISO code. Northern Cyprus and Somaliland have none and are counted by geo databases as
 * Cyprus and Somalia; `XK` is the code in use for Kosovo. The Siachen Glacier belongs to nobody here: it is drawn, never filled.
 */
export const OUTLINED_BY_NAME: Readonly<Record<string, string>> = {
  Kosovo: 'XK',
  'N. Cyprus': 'CY',
  Somaliland: 'SO',
  'Siachen Glacier': '',
  'Indian Ocean Ter.': 'CX',
};

/** Overseas parts that world-atlas draws with their state and that geo databases count by their own code. */
export const PARTS: Readonly<Record<string, readonly Part[]>> = {
  FR: [
    { code: 'GF', box: [-55, 2, -51, 6] },
    { code: 'MQ', box: [-61.3, 14.3, -60.7, 15] },
    { code: 'GP', box: [-62, 15.7, -61, 16.6] },
    { code: 'RE', box: [55, -21.5, 56, -20.7] },
    { code: 'YT', box: [45, -13.1, 45.4, -12.5] },
  ],
  NO: [{ code: 'SJ', box: [-10, 70.7, 36, 81] }],
  NL: [{ code: 'BQ', box: [-69, 12, -62, 18] }],
  CX: [{ code: 'CC', box: [96, -13, 98, -11] }],
};

/** Countries without an outline: where their dot stands, longitude and latitude. */
export const POINTS: Readonly<Record<string, readonly [number, number]>> = {
  BV: [3.36, -54.42],
  GI: [-5.35, 36.14],
  TK: [-171.85, -9.17],
  TV: [179.2, -8.52],
  UM: [166.65, 19.28],
};
