import { parseNetwork } from '@bailiff/ip';
import { describe, expect, it } from '@jest/globals';
import { addressNumber, type AddressRange } from '../address-number.js';
import { bannableNetworks } from './bannable-networks.js';

const range = (from: string, to: string): AddressRange => {
  const { family, value } = addressNumber(from);
  return { family, first: value, last: addressNumber(to).value };
};

describe(bannableNetworks, () => {
  it('merges what touches', () => {
    const ranges = [
      range('192.0.2.128', '192.0.2.255'),
      range('192.0.2.0', '192.0.2.127'),
      range('2001:db8::', '2001:db8::'),
    ];
    expect(bannableNetworks(ranges, 10)).toEqual({ networks: ['192.0.2.0/24', '2001:db8::'], isTruncated: false });
  });

  it('cuts what is wider than a ban may be, also where it only became so by merging', () => {
    const ranges = [
      range('198.18.0.0', '198.18.255.255'),
      range('198.19.0.0', '198.19.255.255'),
      range('2001:db8::', '2001:dbb:ffff:ffff:ffff:ffff:ffff:ffff'),
    ];
    expect(bannableNetworks(ranges, 10)).toEqual({
      networks: [
        '198.18.0.0/16',
        '198.19.0.0/16',
        '2001:db8::/32',
        '2001:db9::/32',
        '2001:dba::/32',
        '2001:dbb::/32',
      ].map(parseNetwork),
      isTruncated: false,
    });
  });

  it('stops at the most there may be, however wide the range', () => {
    const everything = range('::', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff');
    expect(bannableNetworks([everything], 2)).toEqual({ networks: ['::/32', '0:1::/32'], isTruncated: true });
    expect(bannableNetworks([range('192.0.2.0', '192.0.2.2')], 2)).toMatchObject({ isTruncated: false });
  });
});
