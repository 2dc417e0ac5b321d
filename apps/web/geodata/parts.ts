import type { Polygon } from 'geojson';
import { feature } from 'topojson-client';
import type { MultiPolygon, Polygon as TopoPolygon, Topology } from 'topojson-specification';

/** A part of a country with a code of its own, by a box that holds it: west, south, east, north. */
export interface Part {
  readonly code: string;
  readonly box: readonly [number, number, number, number];
}

/** The pieces of land of a country, in the order of its arcs. */
export function parts(topology: Topology, outline: MultiPolygon): Polygon[] {
  return outline.arcs.map((arcs) => feature(topology, { type: 'Polygon', arcs }).geometry);
}

/** A country's outline and those of its parts that have a code of their own. */
export function splitOff(
  topology: Topology,
  outline: TopoPolygon | MultiPolygon,
  wanted: readonly Part[],
): [code: string | undefined, outline: MultiPolygon][] {
  const all = outline.type === 'Polygon' ? [outline.arcs] : outline.arcs;
  const shapes = parts(topology, { type: 'MultiPolygon', arcs: all });
  const codes = shapes.map(({ coordinates }) => {
    const [x = 0, y = 0] = coordinates[0]?.[0] ?? [];
    return wanted.find(({ box: [west, south, east, north] }) => x >= west && x <= east && y >= south && y <= north)
      ?.code;
  });
  return [...new Set(codes)].map((code) => [
    code,
    { type: 'MultiPolygon', arcs: all.filter((_, i) => codes[i] === code) },
  ]);
}
