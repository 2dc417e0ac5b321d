import { describe, expect, it } from '@jest/globals';
import { banColour, fromLinear, legendColours, legendPosition, SCALE_COLOURS, toLab, toLinear } from './colour-scale';

const thresholds = { low: 20, medium: 50, high: 100 };
const THEMES = ['light', 'dark'] as const;
const distance = (a: string, b: string): number => {
  const [x, y] = [toLab(a), toLab(b)];
  return Math.hypot(x[0] - y[0], x[1] - y[1], x[2] - y[2]);
};
/** What people without green (deuteranopia) or red (protanopia) cones see. Viénot, Brettel, Mollon 1999. */
const SEEN_BY = {
  deuteranopia: [0.29275, 0.70725, 0, 0.29275, 0.70725, 0, -0.02234, 0.02234, 1],
  protanopia: [0.10889, 0.89111, 0, 0.10889, 0.89111, 0, 0.00447, -0.00447, 1],
};
const seenBy = (who: keyof typeof SEEN_BY, hex: string): string => {
  const m = SEEN_BY[who];
  const rgb = toLinear(hex);
  const row = (i: number): number => [0, 1, 2].reduce((sum, j) => sum + (m[i * 3 + j] ?? 0) * (rgb[j] ?? 0), 0);
  return fromLinear([row(0), row(1), row(2)]);
};

describe.each(THEMES)('the colours of bans in %s', (theme) => {
  const colours = SCALE_COLOURS[theme];
  const of = (bans: number): string => banColour(bans, thresholds, colours) ?? '';

  it('are none for no bans', () => {
    expect(banColour(0, thresholds, colours)).toBeUndefined();
    expect(banColour(-3, thresholds, colours)).toBeUndefined();
    expect(banColour(NaN, thresholds, colours)).toBeUndefined();
  });

  it('are exact at one ban, at each threshold, and red from the highest on', () => {
    expect([1, 20, 50, 100, 101, 5_000_000].map(of)).toEqual([
      colours.first,
      colours.low,
      colours.medium,
      colours.high,
      colours.high,
      colours.high,
    ]);
  });

  it('never jump: a ban more is never a step that one could see', () => {
    const steps = Array.from({ length: 120 }, (_, i) => distance(of(i + 1), of(i + 2)));
    expect(Math.max(...steps)).toBeLessThan(0.02);
  });

  it('go one way: ever more colour up to green, then round by yellow to red', () => {
    const lch = (bans: number): { chroma: number; hue: number } => {
      const [, a, b] = toLab(of(bans));
      return { chroma: Math.hypot(a, b), hue: ((Math.atan2(b, a) * 180) / Math.PI + 360) % 360 };
    };
    // Rounded to 8 bits a channel, neighbours may be the same.
    for (let bans = 2; bans <= 20; bans += 1)
      expect(lch(bans).chroma).toBeGreaterThanOrEqual(lch(bans - 1).chroma - 0.003);
    for (let bans = 21; bans <= 100; bans += 1) expect(lch(bans).hue).toBeLessThanOrEqual(lch(bans - 1).hue + 0.7);
    expect(lch(20).hue - lch(100).hue).toBeGreaterThan(100);
  });

  it.each(['deuteranopia', 'protanopia'] as const)('keep the thresholds apart with %s', (who) => {
    const seen = [colours.low, colours.medium, colours.high].map((hex) => seenBy(who, hex));
    for (const [i, a] of seen.entries()) for (const b of seen.slice(i + 1)) expect(distance(a, b)).toBeGreaterThan(0.1);
  });

  it('follow changed thresholds, also where they lie as close as can be', () => {
    const tight = { low: 1, medium: 2, high: 3 };
    expect([1, 2, 3].map((bans) => banColour(bans, tight, colours))).toEqual([
      colours.low,
      colours.medium,
      colours.high,
    ]);
  });
});

describe('the legend', () => {
  it('gives each threshold a quarter', () => {
    expect([1, 20, 50, 100, 200, 9_999].map((bans) => legendPosition(bans, thresholds))).toEqual([
      0, 0.25, 0.5, 0.75, 1, 1,
    ]);
    expect(legendPosition(35, thresholds)).toBe(0.375);
  });

  it('shows the colours of the map', () => {
    const colours = SCALE_COLOURS.light;
    const shown = legendColours(thresholds, colours, 4);
    expect(shown).toEqual([colours.first, colours.low, colours.medium, colours.high, colours.high]);
  });
});
