import type { GeometryCollection, Topology } from 'topojson-specification';

/** Where a country's count is printed. */
export interface Place {
  /** Longitude and latitude, degrees; inside the country's main part where it has an outline. */
  readonly at: readonly [number, number];
  /** Whether it is too small to be seen, or has no outline: a dot stands for it. */
  readonly isTiny: boolean;
}

/** `world.generated.json`, made by `geodata/make-world.mjs`. */
export interface WorldFile {
  /** Outlines; the id of each is its ISO 3166-1 alpha-2 code, empty for land that belongs to no country. */
  readonly topology: Topology<{ countries: GeometryCollection }>;
  /** All 250 countries by code. */
  readonly places: Readonly<Record<string, Place>>;
}
