import { parseNetwork } from '@bailiff/ip';
import { describe, expect, it } from '@jest/globals';
import { findGuarded, type Guarded } from './find-guarded.js';

const guarded: readonly Guarded[] = [
  { network: parseNetwork('203.0.113.0/28'), owner: 'protected', note: 'office' },
  { network: parseNetwork('203.0.113.5'), owner: 'gateway', note: null },
  { network: parseNetwork('2001:db8::5'), owner: 'gateway', note: null },
  { network: parseNetwork('::ffff:198.51.100.7'), owner: 'operator', note: null },
  { network: parseNetwork('198.51.100.9'), owner: 'session', note: null },
];
const find = (...texts: string[]) => findGuarded(texts.map(parseNetwork), guarded);

describe(findGuarded, () => {
  it.each([
    ['the operator’s own address', '198.51.100.7', 'operator'],
    ['a network around the operator, who comes before others in it', '198.51.100.0/24', 'operator'],
    ['somebody else who is signed in', '198.51.100.9', 'session'],
    ['the gateway’s address', '203.0.113.5', 'gateway'],
    ['a network around the gateway’s IPv6 address', '2001:db8::/64', 'gateway'],
    ['an address inside a protected network', '203.0.113.3', 'protected'],
  ])('finds %s', (_what, target, owner) => {
    expect(find('192.0.2.1', target)).toMatchObject([{ address: target, owner }]);
  });

  it('says what it is about', () => {
    expect(find('203.0.113.3')[0]?.detail).toBe(
      '203.0.113.3 touches 203.0.113.0/28, which is on the protected list (office)',
    );
  });

  it('lets everybody else be banned, also 100,000 at once', () => {
    const many = Array.from({ length: 100_000 }, (_, n) => `100.${n >> 16}.${(n >> 8) & 255}.${n & 255}`);
    expect(find('192.0.2.0/24', '198.51.100.8', '2001:db8:1::/48', ...many)).toEqual([]);
  });
});
