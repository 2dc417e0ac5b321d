import { describe, expect, it } from '@jest/globals';
import { SCALE_COLOURS } from './colour-scale';
import { figuresOf } from './country-figure';
import { type FlatMapData, flatMapOption } from './flat-map-option';
import { flatten, loadWorld } from './geodata/world';

const world = await loadWorld();
const flat = flatten(world);
const colours = SCALE_COLOURS.light;
const paint = {
  land: '#ffffff',
  sea: '#eeeeee',
  border: '#cccccc',
  label: '#111111',
  halo: '#ffffff',
  lit: '#000000',
  chosen: '#3352cf',
  grid: '#dddddd',
  scale: colours,
  font: 'sans-serif',
};
const data = (changes: Partial<FlatMapData>): FlatMapData => ({
  world,
  flat,
  countries: [],
  thresholds: { low: 20, medium: 50, high: 100 },
  paint,
  chosen: undefined,
  format: String,
  ...changes,
});
const bans = (counts: Readonly<Record<string, number>>) =>
  figuresOf(
    Object.entries(counts).map(([code, n]) => ({ code, bans: n, topJails: [] })),
    1_000,
    0,
  ).countries;

/** What the option holds, as plain data. */
const read = (changes: Partial<FlatMapData>) => {
  const option = JSON.parse(JSON.stringify(flatMapOption(data(changes)))) as {
    geo: { regions: { name: string; selected?: boolean; itemStyle?: { areaColor: string } }[] };
    series: {
      id: string;
      data: { name: string; value: number[]; label?: { formatter: string; position?: string } }[];
    }[];
  };
  const series = (id: string) => option.series.find((each) => each.id === id)?.data ?? [];
  return { regions: option.geo.regions, dots: series('dots'), labels: series('labels') };
};

describe(flatMapOption.name, () => {
  it('fills by bans and leaves what has none without fill and label', () => {
    const { regions, labels } = read({ countries: bans({ CN: 100, DE: 20, FR: 50 }) });
    const fill = Object.fromEntries(regions.map(({ name, itemStyle }) => [name, itemStyle?.areaColor]));
    expect(fill).toMatchObject({ CN: colours.high, DE: colours.low, FR: colours.medium });
    expect(fill['BR']).toBeUndefined();
    expect(labels.map(({ name, label }) => [name, label?.formatter])).toEqual([
      ['CN', '100'],
      ['FR', '50'],
      ['DE', '20'],
    ]);
  });

  it('draws nothing but outlines for no bans', () => {
    expect(read({})).toMatchObject({ dots: [], labels: [] });
  });

  it('stands a dot for countries too small to be seen, and only for those', () => {
    const { dots } = read({ countries: bans({ SG: 3, TV: 1, CN: 2 }) });
    expect(dots.map(({ name }) => name).sort()).toEqual(['SG', 'TV']);
  });

  it('prints the counts of small islands beside them, inward at the eastern edge', () => {
    const { labels } = read({ countries: bans({ TV: 2, SC: 1 }) });
    expect(labels.map(({ name, label }) => [name, label?.position])).toEqual([
      ['TV', 'left'],
      ['SC', 'right'],
    ]);
  });

  it('places all 250 countries', () => {
    const all = Object.fromEntries([...world.places.keys()].map((code, i) => [code, i + 1]));
    const { labels } = read({ countries: bans(all) });
    expect(labels.length).toBe(250);
    expect(labels.every(({ value }) => value.length === 2 && value.every(Number.isFinite))).toBe(true);
  });

  it('marks the chosen country, also one without bans', () => {
    const chosen = read({ chosen: 'BR', countries: bans({ CN: 1 }) }).regions.filter(
      ({ selected }) => selected === true,
    );
    expect(chosen.map(({ name, itemStyle }) => [name, itemStyle?.areaColor])).toEqual([['BR', paint.land]]);
  });
});
