import { describe, expect, it } from '@jest/globals';
import { type BanBurst, BurstJoiner } from './ban-bursts.js';

const line = (jail: string, kind: BanBurst['kind'], atMs: number): BanBurst => ({
  jail,
  kind,
  firstMs: atMs,
  lastMs: atMs,
  lines: 1,
});

describe(BurstJoiner, () => {
  it('joins what comes one after another in one jail, and nothing across a pause', () => {
    const over: BanBurst[] = [];
    const joiner = new BurstJoiner((burst) => over.push(burst));
    for (let n = 0; n < 5; n += 1) joiner.add(line('web', 'restore', 1_000 + n * 20));
    joiner.add(line('mail', 'restore', 1_050));
    joiner.add({ jail: 'web', kind: 'restore', firstMs: 1_100, lastMs: 1_200, lines: 6 });
    joiner.add(line('web', 'lift', 500));
    joiner.add(line('web', 'lift', 60_000));
    expect(over).toEqual([line('web', 'lift', 500)]);
    expect(joiner.take()).toEqual([
      { jail: 'web', kind: 'restore', firstMs: 1_000, lastMs: 1_200, lines: 11 },
      line('mail', 'restore', 1_050),
      line('web', 'lift', 60_000),
    ]);
    expect(joiner.take()).toEqual([]);
    joiner.stop();
  });
});
