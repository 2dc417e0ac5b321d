// eslint-disable-next-line no-restricted-imports -- the tokens are a style sheet, which jsdom cannot resolve: their source is read
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';

type Triple = readonly [number, number, number];

/** How eyes see: normal, and without one kind of cone (Machado, Oliveira, Fernandes 2009, severity 1.0). */
const VISIONS: Readonly<Record<string, readonly [Triple, Triple, Triple]>> = {
  normal: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};
/** CIE76; from about 10 on two areas side by side are told apart at a glance. */
const LEAST_DIFFERENCE = 15;

const tokens = readFileSync(new URL('../../styles/_tokens.scss', import.meta.url), 'utf8');

/** The two colours of a token: light, dark. */
function token(name: string): readonly [string, string] {
  const found = new RegExp(`--${name}: light-dark\\((#[0-9a-f]{6}), (#[0-9a-f]{6})\\)`).exec(tokens);
  if (found?.[1] === undefined || found[2] === undefined) throw new RangeError(`no token ${name}`);
  return [found[1], found[2]];
}

const linear = (colour: string): Triple => {
  const at = (i: number): number => {
    const c = parseInt(colour.slice(i, i + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  };
  return [at(1), at(3), at(5)];
};
const dot = (a: Triple, b: Triple): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];

function contrast(a: string, b: string): number {
  const [low = 0, high = 0] = [a, b].map((c) => dot([0.2126, 0.7152, 0.0722], linear(c))).sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

function lab(colour: string, vision: readonly [Triple, Triple, Triple]): Triple {
  const rgb = linear(colour);
  const see = (row: Triple): number => Math.min(1, Math.max(0, dot(row, rgb)));
  const seen: Triple = [see(vision[0]), see(vision[1]), see(vision[2])];
  const f = (t: number): number => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116);
  const x = f(dot([0.4124, 0.3576, 0.1805], seen) / 0.95047);
  const y = f(dot([0.2126, 0.7152, 0.0722], seen));
  const z = f(dot([0.0193, 0.1192, 0.9505], seen) / 1.08883);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

describe.each([
  ['light', 0],
  ['dark', 1],
] as const)('the series colours of the %s theme', (_, theme) => {
  const series = [1, 2, 3, 4, 5, 6, 7].map((n) => token(`chart-${n}`)[theme]);
  const other = token('chart-other')[theme];
  const surface = token('surface')[theme];

  it.each(Object.entries(VISIONS))('stay apart for %s vision', (_name, vision) => {
    const seen = [...series, other].map((colour) => lab(colour, vision));
    const differences = seen.flatMap((a, i) =>
      seen.slice(i + 1).map((b) => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2])),
    );
    expect(Math.min(...differences)).toBeGreaterThan(LEAST_DIFFERENCE);
  });

  it('stand out from a card', () => {
    for (const colour of series) expect(contrast(colour, surface)).toBeGreaterThanOrEqual(3);
    expect(contrast(other, surface)).toBeGreaterThanOrEqual(2);
  });
});
