import { describe, expect, it } from '@jest/globals';
import { isPublicAddress } from './public-address.js';

describe(isPublicAddress, () => {
  it.each(['8.8.8.8', '193.99.144.80', '2001:4860:4860::8888', '2a00:1450:4001::1', '::ffff:8.8.8.8'])(
    'takes %s',
    (address) => {
      expect(isPublicAddress(address)).toBe(true);
    },
  );

  it.each([
    ['loopback', '127.0.0.1'],
    ['loopback', '127.8.9.1'],
    ['loopback', '::1'],
    ['loopback, mapped', '::ffff:127.0.0.1'],
    ['loopback, mapped, in hexadecimal', '::ffff:7f00:1'],
    ['unspecified', '0.0.0.0'],
    ['unspecified', '::'],
    ['private', '10.0.0.1'],
    ['private', '172.31.255.255'],
    ['private', '192.168.1.1'],
    ['carrier-grade NAT', '100.64.0.1'],
    ['link-local, cloud metadata', '169.254.169.254'],
    ['link-local', 'fe80::1'],
    ['unique-local', 'fd00:ec2::254'],
    ['site-local', 'fec0::1'],
    ['multicast', '224.0.0.1'],
    ['multicast', 'ff02::1'],
    ['reserved', '240.0.0.1'],
    ['broadcast', '255.255.255.255'],
    ['benchmark', '198.18.0.1'],
    ['documentation', '192.0.2.1'],
    ['documentation', '2001:db8::1'],
    ['NAT64 to loopback', '64:ff9b::7f00:1'],
    ['6to4 to a private address', '2002:0a00:0001::1'],
    ['Teredo', '2001:0:7f00:1::1'],
    ['no address', 'localhost'],
    ['with a zone', 'fe80::1%eth0'],
    ['octal', '0177.0.0.1'],
  ])('refuses %s (%s)', (_what, address) => {
    expect(isPublicAddress(address)).toBe(false);
  });
});
