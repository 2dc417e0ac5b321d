import countries from 'i18n-iso-countries';
import type { Polygon, Position } from 'geojson';
import { geoArea, geoAzimuthalEqualArea, geoCentroid } from 'd3-geo';
import polylabel from 'polylabel';
import { mergeArcs, quantize } from 'topojson-client';
import { presimplify, simplify, sphericalTriangleArea } from 'topojson-simplify';
import type { GeometryCollection, MultiPolygon, Topology } from 'topojson-specification';
import type { Place, WorldFile } from '../src/app/map/geodata/world-file.ts';
import { parts, splitOff } from './parts.ts';
import { OUTLINED_BY_NAME, PARTS, POINTS } from './exceptions.ts';

/** Detail kept: a corner whose triangle with its neighbours is smaller is left out, steradians (about 40 km²). */
const LEAST_CORNER_SR = 1e-6;
/** Islets smaller than this are left out, steradians (about 60 km²), unless they are a large part of their country. */
const LEAST_ISLET_SR = 1.5e-6;
const LEAST_ISLET_SHARE = 0.02;
/** Corners that every border keeps however small: tiny countries keep a shape. */
const LEAST_CORNERS = 6;
/** Grid of coordinates: about 900 m at the equator. */
const GRID = 44_000;
/** Countries whose main part is smaller (about 4,000 km²) get a dot as well: it could not be seen, nor hit. */
const TINY_SR = 1e-4;

/** Natural Earth's countries as `world-atlas` packs them. */
export type Atlas = Topology<{ countries: GeometryCollection<{ name: string }> }>;

/**
 * Makes what the map loads out of Natural Earth's outlines (`world-atlas`, countries-50m): keyed by ISO 3166-1 alpha-2, overseas
 * parts that have a code of their own split off, simplified, with a point for each country's label.
 */
export function buildWorld(atlas: Atlas): WorldFile {
  const byCode = new Map<string, MultiPolygon[]>();
  for (const geometry of atlas.objects.countries.geometries) {
    if (geometry.type !== 'Polygon' && geometry.type !== 'MultiPolygon') continue;
    const { properties, id } = geometry;
    const code = OUTLINED_BY_NAME[properties?.name ?? ''] ?? countries.numericToAlpha2(String(id)) ?? '';
    for (const [part, outline] of splitOff(atlas, geometry, PARTS[code] ?? []))
      byCode.set(part ?? code, [...(byCode.get(part ?? code) ?? []), outline]);
  }
  const geometries = [...byCode]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([id, outlines]) => ({
      type: 'MultiPolygon' as const,
      arcs: withoutIslets(atlas, mergeArcs(atlas, outlines)),
      id,
    }));
  const whole: Atlas = { ...atlas, objects: { countries: { type: 'GeometryCollection', geometries } } };
  const topology = quantize(simplified(whole), GRID);
  return { topology, places: placesOf(topology) };
}

/** The same shapes with fewer corners; borders stay shared. */
function simplified(atlas: Atlas): Atlas {
  const weighed = presimplify(atlas, sphericalTriangleArea);
  const arcs = weighed.arcs.map((arc) => {
    const weights = arc.map((corner) => corner[2] ?? 0).sort((a, b) => b - a);
    const least = weights[Math.min(LEAST_CORNERS, weights.length) - 1] ?? 0;
    return arc.map(([x = 0, y = 0, weight = 0]) => [x, y, weight >= least ? Infinity : weight]);
  });
  return simplify({ ...weighed, arcs }, LEAST_CORNER_SR);
}

function withoutIslets(atlas: Atlas, outline: MultiPolygon): MultiPolygon['arcs'] {
  const areas = parts(atlas, outline).map((part) => geoArea(part));
  const all = areas.reduce((sum, area) => sum + area, 0);
  const isKept = (area: number): boolean => area > LEAST_ISLET_SR || area > all * LEAST_ISLET_SHARE;
  return outline.arcs.filter((_, i) => isKept(areas[i] ?? 0));
}

/** Where each of the 250 countries is labelled, and whether a dot stands for it. */
function placesOf(topology: Atlas): Readonly<Record<string, Place>> {
  const outlined = new Map<string, Place>();
  for (const geometry of topology.objects.countries.geometries) {
    const code = String(geometry.id);
    if (geometry.type !== 'MultiPolygon' || code === '') continue;
    const main = parts(topology, geometry).reduce((most, part) => (geoArea(part) > geoArea(most) ? part : most));
    outlined.set(code, { at: rounded(labelPoint(main)), isTiny: geoArea(main) < TINY_SR });
  }
  return Object.fromEntries(
    Object.keys(countries.getAlpha2Codes())
      .sort()
      .map((code): [string, Place] => {
        const at = POINTS[code];
        const place = outlined.get(code) ?? (at === undefined ? undefined : { at, isTiny: true });
        if (place === undefined) throw new RangeError(`${code} has neither outline nor point: see exceptions.ts`);
        return [code, place];
      }),
  );
}

/** The middle of a part: its centroid where that is well inside, else the point farthest from every border. */
function labelPoint(part: Polygon): Position {
  const centroid = geoCentroid(part);
  // A plane of its own keeps distances true and knows no 180th meridian.
  const plane = geoAzimuthalEqualArea().rotate([-centroid[0], -centroid[1]]).scale(10_000).translate([0, 0]);
  const flat = ([x = 0, y = 0]: Position): [number, number] => plane([x, y]) ?? [0, 0];
  const rings = part.coordinates.map((ring) => ring.map(flat));
  const pole = polylabel(rings, 0.5);
  const isCentral = distanceInside(rings, [0, 0]) > 0.62 * pole.distance;
  return isCentral ? centroid : (plane.invert?.([pole[0], pole[1]]) ?? centroid);
}

/** Distance of a point to the nearest border; negative outside. */
function distanceInside(rings: readonly (readonly [number, number])[][], [x, y]: readonly [number, number]): number {
  let isInside = false;
  let nearest = Infinity;
  for (const ring of rings) {
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
      const [ax, ay] = ring[i] ?? [0, 0];
      const [bx, by] = ring[j] ?? [0, 0];
      if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) isInside = !isInside;
      const along = Math.max(
        0,
        Math.min(1, ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / ((bx - ax) ** 2 + (by - ay) ** 2 || 1)),
      );
      nearest = Math.min(nearest, Math.hypot(ax + along * (bx - ax) - x, ay + along * (by - ay) - y));
    }
  }
  return isInside ? nearest : -nearest;
}

const rounded = ([x = 0, y = 0]: Position): readonly [number, number] => [Number(x.toFixed(3)), Number(y.toFixed(3))];
