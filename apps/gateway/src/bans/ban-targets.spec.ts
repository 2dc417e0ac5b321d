import { InvalidAddressError } from '@bailiff/ip';
import { describe, expect, it } from '@jest/globals';
import { banTargets, MAX_PAIRS, unbanTargets } from './ban-targets.js';
import { BanRequestError, NetworkTooWideError } from './ban.errors.js';

const many = (count: number) => Array.from({ length: count }, (_, n) => `198.51.${n >> 8}.${n & 255}`);
const jails = (count: number) => Array.from({ length: count }, (_, n) => `jail-${n}`);

describe(banTargets, () => {
  it('brings addresses into one form, each once', () => {
    expect(banTargets(['2001:DB8::1', '2001:db8:0::1', '::ffff:192.0.2.1', '192.0.2.9/24'], ['sshd'])).toEqual([
      '2001:db8::1',
      '192.0.2.1',
      '192.0.2.0/24',
    ]);
  });

  it.each(['192.0.0.0/15', '0.0.0.0/0', '2001::/31', '::/0'])('refuses %s as too wide', (network) => {
    expect(() => banTargets(['192.0.2.1', network], ['sshd'])).toThrow(NetworkTooWideError);
  });

  it.each(['192.0.0.0/16', '2001:db8::/32'])('takes %s', (network) => {
    expect(banTargets([network], ['sshd'])).toEqual([network]);
  });

  it('refuses what is no address', () => {
    expect(() => banTargets(['not-an-ip'], ['sshd'])).toThrow(InvalidAddressError);
  });

  it('refuses more than an agent could do in time', () => {
    expect(banTargets(many(500), jails(MAX_PAIRS / 500))).toHaveLength(500);
    expect(() => banTargets(many(500), jails(MAX_PAIRS / 500 + 1))).toThrow(BanRequestError);
  });
});

describe(unbanTargets, () => {
  it('keeps ban ids that are no addresses', () => {
    expect(unbanTargets(['2001:DB8::1', 'user@example', '2001:db8::1'], undefined)).toEqual([
      '2001:db8::1',
      'user@example',
    ]);
  });
});
