import { describe, expect, it } from '@jest/globals';
import { ManualBans } from './manual-bans.js';

describe(ManualBans, () => {
  it('knows what was asked for, on that host and jail, for five minutes', () => {
    const manual = new ManualBans();
    manual.expect('a', ['sshd'], ['192.0.2.1'], 0);
    expect(manual.isExpected('a', 'sshd', '192.0.2.1', 299_999)).toBe(true);
    expect(manual.isExpected('a', 'sshd', '192.0.2.1', 300_000)).toBe(false);
    expect(manual.isExpected('b', 'sshd', '192.0.2.1', 1)).toBe(false);
    expect(manual.isExpected('a', 'nginx', '192.0.2.1', 1)).toBe(false);
  });
});
