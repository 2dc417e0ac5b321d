import { describe, expect, it } from '@jest/globals';
import { NetworkSet, parseNetwork } from '@bailiff/ip';
import { BanGuard } from './ban-guard.js';

const guard = new BanGuard(
  ['198.51.100.7', '2001:db8::7'].map(parseNetwork),
  new NetworkSet(['203.0.113.0/28'].map(parseNetwork)),
  ['192.0.2.240/28'].map(parseNetwork),
);
const judge = (network: string, force = false) => guard.judge(parseNetwork(network), force)?.code;

describe(BanGuard.name, () => {
  it.each(['192.0.2.1', '198.18.0.0/16', '2001:db8:1::/48', '2001:db8:1::1', '203.0.113.16'])(
    'lets %s through',
    (text) => {
      expect(judge(text)).toBeUndefined();
    },
  );

  it.each([
    ['127.0.0.1', 'this host speaking to itself'],
    ['::1', 'the same'],
    ['::ffff:127.0.0.1', 'the same in disguise'],
    ['198.51.100.7', 'an own address'],
    ['198.51.0.0/16', 'a network around an own address'],
    ['2001:db8::/32', 'a network around an own address'],
    ['203.0.113.5', 'inside a protected network'],
    ['203.0.113.0/24', 'around a protected network'],
    ['192.0.2.241', 'on the allow list'],
  ])('protects %s (%s) unless forced', (text) => {
    expect(judge(text)).toBe('ban/protected-address');
    expect(judge(text, true)).toBeUndefined();
  });

  it.each(['0.0.0.0/0', '10.0.0.0/8', '192.0.0.0/15', '::/0', '2001:c00::/31'])(
    'never bans %s, forced or not',
    (text) => {
      expect(judge(text)).toBe('ban/too-wide');
      expect(judge(text, true)).toBe('ban/too-wide');
    },
  );
});
