import { describe, expect, it } from '@jest/globals';
import { secondsOf } from './duration-seconds';

describe(secondsOf, () => {
  it.each([
    ['1', 'minutes', 60],
    ['1.5', 'hours', 5_400],
    ['1,5', 'hours', 5_400],
    [' 30 ', 'days', 2_592_000],
  ] as const)('reads %s %s', (number, unit, seconds) => {
    expect(secondsOf(number, unit)).toBe(seconds);
  });

  it.each(['', ' ', '0', '-1', 'x', '99999999', 'Infinity'])('refuses "%s"', (number) => {
    expect(secondsOf(number, 'days')).toBeNull();
  });
});
