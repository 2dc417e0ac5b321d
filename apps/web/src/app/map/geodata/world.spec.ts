import { describe, expect, it } from '@jest/globals';
import { geoArea, geoContains } from 'd3-geo';
import type { MultiPolygon, Polygon } from 'geojson';
import iso from 'i18n-iso-countries';
import atlas from 'world-atlas/countries-50m.json' with { type: 'json' };
import { type Atlas, buildWorld } from '../../../../geodata/build-world';
import { flatten, loadWorld, type World } from './world';
import stored from './world.generated.json' with { type: 'json' };

const world: World = await loadWorld();
const byCode = new Map(world.outlines.map((outline) => [outline.code, outline]));
const at = (code: string): readonly [number, number] => world.places.get(code)?.at ?? [NaN, NaN];
const polygons = ({ geometry }: { geometry: MultiPolygon | Polygon }): Polygon[] =>
  (geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates).map((coordinates) => ({
    type: 'Polygon',
    coordinates,
  }));

describe('the outlines', () => {
  it('are what the generator makes of the installed atlas: run `pnpm --filter @bailiff/web geodata` when not', () => {
    expect(JSON.parse(JSON.stringify(buildWorld(atlas as object as Atlas)))).toEqual(stored);
  });

  it('cover all 250 countries, by outline or by dot', () => {
    const codes = Object.keys(iso.getAlpha2Codes());
    expect(codes.length).toBe(250);
    expect([...world.places.keys()].sort()).toEqual(codes.sort());
    const unseen = codes.filter((code) => !byCode.has(code) && world.places.get(code)?.isTiny !== true);
    expect(unseen).toEqual([]);
    expect(codes.filter((code) => !byCode.has(code))).toEqual(['BV', 'GI', 'TK', 'TV', 'UM']);
    const strangers = [...byCode.keys()].filter((code) => code !== '' && !world.places.has(code));
    expect(strangers).toEqual([]);
  });

  it('give a dot to what one could not see', () => {
    const dotted = ['SG', 'MT', 'BH', 'HK', 'VA', 'MC', 'MO', 'LI', 'SM', 'AD', 'GI', 'TV', 'MV'];
    expect(dotted.filter((code) => world.places.get(code)?.isTiny !== true)).toEqual([]);
    expect(
      ['FR', 'US', 'NO', 'CL', 'NL', 'CY', 'LB'].filter((code) => world.places.get(code)?.isTiny === true),
    ).toEqual([]);
  });

  it('have each label inside the largest part of its own country', () => {
    const outside = world.outlines
      .filter(({ code }) => code !== '')
      .filter(({ code, shape }) => {
        const main = polygons(shape).reduce((most, part) => (geoArea(part) > geoArea(most) ? part : most));
        return !geoContains(main, [...at(code)] as [number, number]);
      })
      .map(({ code }) => code);
    expect(outside).toEqual([]);
  });

  it.each([
    ['FR', [-1, 44, 6, 49]],
    ['US', [-110, 33, -85, 45]],
    ['NO', [6, 59, 13, 64]],
    ['CL', [-73, -42, -68, -20]],
    ['NL', [4.5, 51.3, 7, 53]],
    ['PT', [-9, 37, -6.5, 42]],
    ['RU', [60, 55, 120, 70]],
    ['NZ', [166, -47, 174, -40]],
    ['GF', [-55, 2, -51, 6]],
    ['SJ', [10, 76, 30, 81]],
  ] as const)('label %s on its main land', (code, [west, south, east, north]) => {
    const [longitude, latitude] = at(code);
    expect(longitude).toBeGreaterThan(west);
    expect(longitude).toBeLessThan(east);
    expect(latitude).toBeGreaterThan(south);
    expect(latitude).toBeLessThan(north);
  });

  it('split off what has a code of its own', () => {
    const holds = (code: string, point: [number, number]): boolean => {
      const outline = byCode.get(code);
      return outline !== undefined && geoContains(outline.shape, point);
    };
    const cayenne: [number, number] = [-53, 4];
    const [longitude, latitude] = at('SJ');
    const svalbard: [number, number] = [longitude, latitude];
    expect([holds('GF', cayenne), holds('FR', cayenne)]).toEqual([true, false]);
    expect([holds('SJ', svalbard), holds('NO', svalbard)]).toEqual([true, false]);
    expect(holds('XK', [20.9, 42.6])).toBe(true);
    expect(holds('CY', [33.4, 35.25])).toBe(true);
    expect(holds('SO', [45, 9.5])).toBe(true);
  });
});

describe(flatten.name, () => {
  const flat = flatten(world);
  const rings = flat.shapes.flatMap(({ code, polygons }) => polygons.flat().map((ring) => ({ code, ring })));

  it('draws no streaks: no border leaps across the world', () => {
    const lowest = Math.min(...rings.flatMap(({ ring }) => ring.map(([, y = 0]) => y)));
    const leaps = rings.filter(({ ring }) =>
      ring.some(([x = 0, y = 0], i) => {
        const [nextX = x, nextY = y] = ring[i + 1] ?? [];
        // The pole is a line here: Antarctica ends on it, from one side of the world to the other.
        return Math.abs(x - nextX) > 25 && Math.max(y, nextY) > lowest + 0.01;
      }),
    );
    expect(leaps.map(({ code }) => code)).toEqual([]);
  });

  it('keeps Russia and Fiji in one piece', () => {
    const width = (code: string): number => {
      const xs = rings.filter((each) => each.code === code).flatMap(({ ring }) => ring.map(([x = 0]) => x));
      return Math.max(...xs) - Math.min(...xs);
    };
    expect(width('FJ')).toBeLessThan(20);
    expect(width('RU')).toBeLessThan(450);
  });

  it('has finite coordinates only, on one plane', () => {
    const values = rings.flatMap(({ ring }) => ring.flat());
    expect(values.every((value) => Number.isFinite(value) && Math.abs(value) <= 1_000)).toBe(true);
    expect([...world.places.values()].every(({ at: place }) => flat.project(place).every(Number.isFinite))).toBe(true);
  });

  it('has north above south and west left of east', () => {
    expect(flat.project(at('NO'))[1]).toBeGreaterThan(flat.project(at('ZA'))[1]);
    expect(flat.project(at('US'))[0]).toBeLessThan(flat.project(at('JP'))[0]);
  });
});

describe('the coarse outlines', () => {
  it('have far fewer corners of the same countries', () => {
    const corners = (outlines: World['outlines']): number =>
      outlines.reduce(
        (sum, { shape }) => sum + polygons(shape).flatMap(({ coordinates }) => coordinates.flat()).length,
        0,
      );
    expect(world.coarse.map(({ code }) => code)).toEqual(world.outlines.map(({ code }) => code));
    expect(corners(world.coarse)).toBeLessThan(corners(world.outlines) / 2.5);
  });
});
