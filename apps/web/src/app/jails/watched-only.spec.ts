import { describe, expect, it } from '@jest/globals';
import { JAIL_NAME } from '@bailiff/contracts/http';
import { isWatchedOnly } from './watched-only';

describe('isWatchedOnly', () => {
  it('is true of the names that no act may carry', () => {
    for (const name of ['sshd', 'x_1.y-z', 'x'.repeat(64), '-x', 'two words', 'a, b', 'ü', "it's", 'x'.repeat(65), ''])
      expect(isWatchedOnly(name)).toBe(!JAIL_NAME.test(name));
    expect(isWatchedOnly('two words')).toBe(true);
    expect(isWatchedOnly('sshd')).toBe(false);
  });
});
