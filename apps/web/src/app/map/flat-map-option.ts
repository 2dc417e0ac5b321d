import type { MapThresholds } from '@bailiff/contracts/http';
import type { ScatterSeriesOption } from 'echarts/charts';
import type { GeoComponentOption } from 'echarts/components';
import type { ComposeOption } from 'echarts/core';
import { banColour } from './colour-scale';
import type { CountryFigure } from './country-figure';
import type { FlatWorld, World } from './geodata/world';
import type { MapPaint } from './map-paint';
import { MAX_ZOOM } from './map-view';

export type FlatMapOption = ComposeOption<GeoComponentOption | ScatterSeriesOption>;

/** Name under which ECharts keeps the outlines. */
export const MAP_NAME = 'bailiff-world';
/** Land that belongs to no country has no code; ECharts wants a name. */
export const NOBODY = '-';

/** Counts of small islands farther east than this would run out of the picture: they stand on the other side. */
const EAST_EDGE = 950;

export interface FlatMapData {
  readonly world: World;
  readonly flat: FlatWorld;
  readonly countries: readonly CountryFigure[];
  readonly thresholds: MapThresholds;
  readonly paint: MapPaint;
  readonly chosen: string | undefined;
  readonly format: (bans: number) => string;
}

/** The whole drawing. Zoom and position are not part of it: they stay as they are when new data is drawn. */
export function flatMapOption(data: FlatMapData): FlatMapOption {
  return { animation: false, geo: geoOption(data), series: [dots(data), labels(data)] };
}

function geoOption({ countries, thresholds, paint, chosen }: FlatMapData): GeoComponentOption {
  const { border, land, lit } = paint;
  return {
    id: 'world',
    map: MAP_NAME,
    aspectScale: 1,
    preserveAspect: 'contain',
    left: 12,
    top: 12,
    right: 12,
    bottom: 12,
    roam: true,
    // Also beside the world, which fills the page in one direction only.
    roamTrigger: 'global',
    scaleLimit: { min: 0.9, max: MAX_ZOOM },
    selectedMode: 'single',
    label: { show: false },
    itemStyle: { areaColor: land, borderColor: border, borderWidth: 0.7 },
    emphasis: { label: { show: false }, itemStyle: { areaColor: 'inherit', borderColor: lit, borderWidth: 1.5 } },
    select: {
      label: { show: false },
      itemStyle: { areaColor: 'inherit', borderColor: paint.chosen, borderWidth: 2.5 },
    },
    regions: [
      { name: NOBODY, silent: true },
      ...[...new Set([...countries.map(({ code }) => code), ...(chosen === undefined ? [] : [chosen])])].map((code) => {
        const bans = countries.find((figure) => figure.code === code)?.bans ?? 0;
        const areaColor = banColour(bans, thresholds, paint.scale) ?? land;
        return {
          name: code,
          selected: code === chosen,
          itemStyle: { areaColor },
          select: { itemStyle: { areaColor } },
        };
      }),
    ],
  };
}

/** Countries too small to be seen. */
function dots({ world, flat, countries, thresholds, paint, chosen }: FlatMapData): ScatterSeriesOption {
  return {
    id: 'dots',
    type: 'scatter',
    coordinateSystem: 'geo',
    symbolSize: 9,
    cursor: 'pointer',
    itemStyle: { borderColor: paint.border, borderWidth: 1, opacity: 1 },
    emphasis: { scale: 1.3, itemStyle: { borderColor: paint.lit, borderWidth: 1.5 } },
    data: countries.flatMap(({ code, bans }) => {
      const place = world.places.get(code);
      const color = banColour(bans, thresholds, paint.scale);
      if (place?.isTiny !== true || color === undefined) return [];
      const isChosen = code === chosen;
      const itemStyle = { color, ...(isChosen ? { borderColor: paint.chosen, borderWidth: 2.5 } : {}) };
      return [{ name: code, value: flat.project(place.at), itemStyle }];
    }),
  };
}

/** The counts. Where they would lie on one another the higher one stays; its rank is the size of an unseen symbol. */
function labels({ world, flat, countries, paint, format }: FlatMapData): ScatterSeriesOption {
  const rank = countries.length;
  return {
    id: 'labels',
    type: 'scatter',
    coordinateSystem: 'geo',
    silent: true,
    symbol: 'circle',
    // Not transparent by `opacity`, which the labels would share.
    itemStyle: { color: 'transparent', opacity: 1 },
    labelLayout: { hideOverlap: true },
    label: {
      show: true,
      position: 'inside',
      color: paint.label,
      textBorderColor: paint.halo,
      textBorderWidth: 2.5,
      fontFamily: paint.font,
      fontSize: 11,
      fontWeight: 600,
      padding: [1, 2],
    },
    data: countries.flatMap(({ code, bans }, i) => {
      const place = world.places.get(code);
      if (place === undefined) return [];
      const value = flat.project(place.at);
      const position = value[0] > EAST_EDGE ? ('left' as const) : ('right' as const);
      return [
        {
          name: code,
          value,
          symbolSize: 1 + (8 * (rank - i)) / rank,
          label: { formatter: format(bans), ...(place.isTiny ? { position, distance: 4 } : {}) },
        },
      ];
    }),
  };
}
