import type { MapThresholds } from '@bailiff/contracts/http';

/** A colour in OKLab, where equal distances look equally far apart. */
type Lab = readonly [lightness: number, a: number, b: number];

/** Colours of the scale: what a single ban begins with, and what the thresholds stand for. `#rrggbb`. */
export interface ScaleColours {
  readonly first: string;
  readonly low: string;
  readonly medium: string;
  readonly high: string;
}

/**
 * In light the scale darkens from end to end, in dark it leaves the ground the same way; the green is bluish, so that it
 * stays apart from yellow and red for those who see no green. `colour-scale.spec.ts` measures both.
 */
export const SCALE_COLOURS: Readonly<Record<'light' | 'dark', ScaleColours>> = {
  light: { first: '#e2f1ea', low: '#93d5b4', medium: '#efb21f', high: '#c4303c' },
  dark: { first: '#1f4a46', low: '#2b9b8a', medium: '#e9b93a', high: '#e5484d' },
};

/** Colour of a country with `bans` bans, `#rrggbb`; undefined when there is none. Exact at each threshold, red above. */
export function banColour(bans: number, thresholds: MapThresholds, colours: ScaleColours): string | undefined {
  if (!(bans > 0)) return undefined;
  const { low, medium, high } = thresholds;
  if (bans >= high) return colours.high;
  if (bans >= medium) return mix(colours.medium, colours.high, (bans - medium) / (high - medium));
  if (bans >= low) return mix(colours.low, colours.medium, (bans - low) / (medium - low));
  return mix(colours.first, colours.low, Math.max(0, bans - 1) / (low - 1));
}

/** Where a count stands on a legend that gives each threshold a quarter of its length, 0 to 1. */
export function legendPosition(bans: number, { low, medium, high }: MapThresholds): number {
  const marks = [1, low, medium, high, high * 2];
  const above = marks.findIndex((mark) => bans < mark);
  if (above === 0) return 0;
  if (above < 0) return 1;
  const [from = 0, to = 1] = [marks[above - 1], marks[above]];
  return (above - 1 + (bans - from) / (to - from)) / 4;
}

/** CSS colours along {@link legendPosition}, evenly spaced. */
export function legendColours(thresholds: MapThresholds, colours: ScaleColours, steps = 24): string[] {
  const { low, medium, high } = thresholds;
  const marks = [1, low, medium, high, high * 2];
  return Array.from({ length: steps + 1 }, (_, i) => {
    const place = (i / steps) * 4;
    const section = Math.min(3, Math.floor(place));
    const [from = 1, to = 1] = [marks[section], marks[section + 1]];
    return banColour(from + (to - from) * (place - section), thresholds, colours) ?? colours.first;
  });
}

/** The colour `share` of the way from one to another, as the eye sees it. */
export function mix(from: string, to: string, share: number): string {
  const [a, b] = [toLab(from), toLab(to)];
  const at = (i: 0 | 1 | 2): number => a[i] + (b[i] - a[i]) * share;
  return toHex([at(0), at(1), at(2)]);
}

/** @see https://bottosson.github.io/posts/oklab/ */
export function toLab(hex: string): Lab {
  const [r, g, b] = toLinear(hex);
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

/** Linear red, green and blue, 0 to 1. */
export function toLinear(hex: string): readonly [number, number, number] {
  const channel = (from: number): number => {
    const value = Number.parseInt(hex.slice(from, from + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [channel(1), channel(3), channel(5)];
}

/** `#rrggbb` of linear red, green and blue. */
export function fromLinear(rgb: readonly number[]): string {
  const channels = rgb.map((value) => {
    const encoded = value <= 0.0031308 ? 12.92 * value : 1.055 * value ** (1 / 2.4) - 0.055;
    const byte = Math.round(255 * Math.min(1, Math.max(0, encoded)));
    return byte.toString(16).padStart(2, '0');
  });
  return `#${channels.join('')}`;
}

function toHex([lightness, a, b]: Lab): string {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return fromLinear([
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ]);
}
