import { isIP } from 'node:net';

import { describe, expect, it } from '@jest/globals';

import { attackerAddress } from './addresses.ts';
import { Random } from './random.ts';

describe(Random.name, () => {
  it('gives the same for the same seed', () => {
    const [a, b, c] = [new Random(7), new Random(7), new Random(8)];
    const draw = (random: Random) => Array.from({ length: 20 }, () => random.between(1, 1_000_000));
    expect(draw(a)).toEqual(draw(b));
    expect(draw(c)).not.toEqual(draw(new Random(7)));
  });

  it('reaches both ends of a range and nothing beyond', () => {
    const random = new Random(1);
    const drawn = new Set(Array.from({ length: 1_000 }, () => random.between(3, 5)));
    expect([...drawn].sort()).toEqual([3, 4, 5]);
  });
});

describe(attackerAddress.name, () => {
  it('makes addresses of both families', () => {
    const random = new Random(1);
    const families = new Set(Array.from({ length: 1_000 }, () => isIP(attackerAddress(random))));
    expect([...families].sort()).toEqual([4, 6]);
  });
});
