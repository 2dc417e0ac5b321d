import type { Feature, MultiPolygon, Polygon } from 'geojson';
import { geoNaturalEarth1, type GeoStream } from 'd3-geo';
import { feature } from 'topojson-client';
import type { Topology } from 'topojson-specification';
import type { Place, WorldFile } from './world-file';

/** One country's outline, in longitude and latitude. */
export interface Outline {
  /** ISO 3166-1 alpha-2; empty for land that belongs to no country. */
  readonly code: string;
  readonly shape: Feature<MultiPolygon | Polygon>;
}

/** The world as the map and the globe draw it. */
export interface World {
  readonly outlines: readonly Outline[];
  /** The same with far fewer corners, for a globe in motion. */
  readonly coarse: readonly Outline[];
  /** Where each of the 250 countries is labelled, by code. */
  readonly places: ReadonlyMap<string, Place>;
}

/** Corners nearer than this to the one before are left out of the coarse outlines, degrees. */
const COARSE_DEGREES = 0.7;
/** Width of the flat world, in its own units. */
const FLAT_WIDTH = 1_000;

let loading: Promise<World> | undefined;

/** Loads the outlines; once, however often it is called. */
export function loadWorld(): Promise<World> {
  loading ??= import('./world.generated.json', { with: { type: 'json' } }).then(
    // JSON has no literal types: what TypeScript makes of the file is wider than what it is.
    ({ default: file }) => readWorld(file as object as WorldFile),
    (error: unknown) => {
      loading = undefined;
      throw error;
    },
  );
  return loading;
}

/** Unpacks the file. */
export function readWorld({ topology, places }: WorldFile): World {
  return {
    outlines: outlinesOf(topology),
    coarse: outlinesOf(thinned(topology)),
    places: new Map(Object.entries(places)),
  };
}

/** One country on the plane: polygons of closed rings. */
export interface FlatShape {
  readonly code: string;
  readonly polygons: [number, number][][][];
}

/** The flat world: outlines on a plane whose y grows to the north, and where a point of the globe lies on it. */
export interface FlatWorld {
  readonly shapes: readonly FlatShape[];
  project(at: readonly [number, number]): [number, number];
}

/**
 * Lays the world flat (Natural Earth projection: familiar, areas and shapes both nearly right). It is cut at 169° W, through the
 * Bering Strait, so that neither Russia nor Fiji falls in two; what still crosses the cut is clipped on the sphere.
 */
export function flatten(world: World): FlatWorld {
  const projection = geoNaturalEarth1().rotate([-11, 0]).fitWidth(FLAT_WIDTH, { type: 'Sphere' }).precision(0.3);
  return {
    shapes: world.outlines.map(({ code, shape }) => ({
      code,
      polygons: flatRings(shape, (sink) => projection.stream(sink)),
    })),
    project: ([longitude, latitude]) => {
      const [x, y] = projection([longitude, latitude]) ?? [0, 0];
      return [x, -y];
    },
  };
}

/** The rings of a shape after projection and clipping. */
function flatRings(
  shape: Feature<MultiPolygon | Polygon>,
  through: (sink: GeoStream) => GeoStream,
): [number, number][][][] {
  const polygons: [number, number][][][] = [];
  let ring: [number, number][] = [];
  const sink: GeoStream = {
    polygonStart: () => polygons.push([]),
    polygonEnd: () => undefined,
    lineStart: () => (ring = []),
    lineEnd: () => {
      const [first] = ring;
      if (first !== undefined && ring.length > 2) polygons.at(-1)?.push([...ring, first]);
    },
    point: (x, y) => ring.push([x, -y]),
    sphere: () => undefined,
  };
  const stream = through(sink);
  const { geometry } = shape;
  for (const rings of geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates) {
    stream.polygonStart();
    for (const corners of rings) {
      stream.lineStart();
      // A ring of GeoJSON repeats its first corner at the end, one of a stream does not.
      for (const [longitude = 0, latitude = 0] of corners.slice(0, -1)) stream.point(longitude, latitude);
      stream.lineEnd();
    }
    stream.polygonEnd();
  }
  return polygons.filter((rings) => rings.length > 0);
}

function outlinesOf(topology: WorldFile['topology']): Outline[] {
  return feature(topology, topology.objects.countries).features.flatMap(({ id, geometry, properties }) =>
    geometry.type === 'MultiPolygon' || geometry.type === 'Polygon'
      ? [{ code: String(id ?? ''), shape: { type: 'Feature' as const, geometry, properties } }]
      : [],
  );
}

/** Leaves corners out of the borders, not of the countries: neighbours go on sharing them. */
function thinned(topology: WorldFile['topology']): WorldFile['topology'] {
  const { scale = [1, 1], translate = [0, 0] } = topology.transform ?? {};
  const arcs = topology.arcs.map((arc) => {
    let [x, y] = [0, 0];
    const corners = arc.map(([dx = 0, dy = 0]): [number, number] => {
      x += dx;
      y += dy;
      return [x * scale[0] + translate[0], y * scale[1] + translate[1]];
    });
    let kept = corners[0] ?? [0, 0];
    return corners.filter((corner, i) => {
      const isEnd = i === 0 || i === corners.length - 1;
      if (!isEnd && Math.hypot(corner[0] - kept[0], corner[1] - kept[1]) < COARSE_DEGREES) return false;
      kept = corner;
      return true;
    });
  });
  const { transform: _, ...rest } = topology;
  return { ...(rest as Topology<WorldFile['topology']['objects']>), arcs };
}
