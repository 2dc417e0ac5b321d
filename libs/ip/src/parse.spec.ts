import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { InvalidAddressError } from './invalid-address.error.js';
import { isAddress, parseAddress, parseNetwork, tryParseAddress, tryParseNetwork } from './parse.js';

const ipv4 = fc.ipV4();
const ipv6 = fc.ipV6();

describe('parseNetwork', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['192.0.2.1/32', '192.0.2.1'],
    ['192.0.2.77/24', '192.0.2.0/24'],
    ['0.0.0.0/0', '0.0.0.0/0'],
    ['2001:0DB8::0001', '2001:db8::1'],
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['2001:db8::1/128', '2001:db8::1'],
    ['2001:db8::dead:beef/32', '2001:db8::/32'],
    ['::', '::'],
    ['::/0', '::/0'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['::FFFF:c000:0201', '192.0.2.1'],
    ['::ffff:192.0.2.1/120', '192.0.2.0/24'],
    ['2001:db8::192.0.2.1', '2001:db8::c000:201'],
  ])('reads %s as %s', (text, canonical) => {
    expect(parseNetwork(text)).toBe(canonical);
  });

  it.each([
    '',
    ' ',
    '192.0.2.1 ',
    ' 192.0.2.1',
    '192.0.2.1\n',
    '192.0.2.010',
    '192.0.2.256',
    '192.0.2',
    '192.0.2.1.',
    '0xc0.0.2.1',
    '3221225985',
    '192.0.2.1/33',
    '192.0.2.1/024',
    '192.0.2.1/24 ',
    '192.0.2.1/',
    '192.0.2.1/+8',
    '192.0.2.0/255.255.255.0',
    '192.0.2.1/24/8',
    '/24',
    '2001:db8::1%eth0',
    '2001:db8::1::',
    '2001:db8:::1',
    ':2001:db8::1',
    '2001:db8::12345',
    '2001:db8::/129',
    '[2001:db8::1]',
    '::ffff:192.0.2.010',
    '::ffff:192.0.2',
    '::ffff:192.0.2.1/64',
    'localhost',
    '１９２.0.2.1',
    '1'.repeat(10_000),
  ])('refuses %j', (text) => {
    expect(tryParseNetwork(text)).toBeUndefined();
    expect(() => parseNetwork(text)).toThrow(InvalidAddressError);
  });

  it('names its error for the problem table and keeps the message short', () => {
    let caught: unknown;
    try {
      parseNetwork('x'.repeat(5_000));
    } catch (error) {
      caught = error;
    }
    expect(caught).toMatchObject({ code: 'ip/invalid', kind: 'user', text: 'x'.repeat(5_000) });
    expect((caught as Error).message.length).toBeLessThan(200);
  });

  it('is idempotent: canonical text parses to itself', () => {
    fc.assert(
      fc.property(fc.oneof(ipv4, ipv6), fc.nat({ max: 128 }), (address, prefix) => {
        const network = tryParseNetwork(`${address}/${prefix}`);
        if (network !== undefined) expect(parseNetwork(network)).toBe(network);
        const host = parseAddress(address);
        expect(parseNetwork(host)).toBe(host);
      }),
      { numRuns: 500 },
    );
  });

  it('never throws anything but its own error', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(...'0123456789abcdef:./%x ') })), (text) => {
        try {
          const network = parseNetwork(text);
          expect(text.trim()).toBe(text);
          expect(parseNetwork(network)).toBe(network);
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidAddressError);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('agrees with the platform about canonical IPv6', () => {
    fc.assert(
      fc.property(ipv6, (text) => {
        const ours = parseAddress(text);
        if (ours.includes('.')) return; // IPv4-mapped: we go further than the URL standard
        expect(`[${ours}]`).toBe(new URL(`http://[${text}]/`).hostname);
      }),
      { numRuns: 500 },
    );
  });
});

describe('parseAddress', () => {
  it('takes addresses only', () => {
    expect(parseAddress('2001:DB8::1')).toBe('2001:db8::1');
    expect(() => parseAddress('192.0.2.0/24')).toThrow(InvalidAddressError);
    expect(tryParseAddress('192.0.2.1/32')).toBeUndefined();
  });
});

describe('isAddress', () => {
  it('tells addresses from networks', () => {
    expect(isAddress(parseNetwork('192.0.2.1/32'))).toBe(true);
    expect(isAddress(parseNetwork('192.0.2.0/31'))).toBe(false);
  });
});
