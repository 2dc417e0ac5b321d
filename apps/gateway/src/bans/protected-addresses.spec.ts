import { NetworkSet, parseNetwork } from '@bailiff/ip';
import { describe, expect, it } from '@jest/globals';
import { findProtected, ProtectedAddresses } from './protected-addresses.js';

const gateway = new NetworkSet([parseNetwork('203.0.113.5'), parseNetwork('2001:db8::5')]);
const operator = parseNetwork('198.51.100.7');

describe(findProtected, () => {
  it.each([
    ['the operator’s own address', '198.51.100.7', 'operator'],
    ['a network around the operator', '198.51.100.0/24', 'operator'],
    ['the gateway’s address', '203.0.113.5', 'gateway'],
    ['a network around the gateway’s IPv6 address', '2001:db8::/64', 'gateway'],
  ])('finds %s', (_what, target, owner) => {
    expect(findProtected([parseNetwork('192.0.2.1'), parseNetwork(target)], operator, gateway)).toEqual({
      address: target,
      owner,
    });
  });

  it('finds the operator behind an IPv4-mapped address', () => {
    expect(findProtected([parseNetwork('198.51.100.7')], parseNetwork('::ffff:198.51.100.7'), gateway)?.owner).toBe(
      'operator',
    );
  });

  it('lets everybody else be banned', () => {
    expect(findProtected([parseNetwork('192.0.2.0/24'), parseNetwork('198.51.100.8')], operator, gateway)).toBe(
      undefined,
    );
  });
});

describe(ProtectedAddresses, () => {
  it('always protects the gateway’s loopback', () => {
    expect(new ProtectedAddresses().find([parseNetwork('127.0.0.0/24')], null)?.owner).toBe('gateway');
  });
});
