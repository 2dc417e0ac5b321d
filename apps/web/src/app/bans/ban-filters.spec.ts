import { describe, expect, it } from '@jest/globals';
import { ban } from '../../testing/rows';
import { fitsAddress, fitsBanFilters } from './ban-filters';

describe(fitsAddress.name, () => {
  it.each([
    ['192.0.2.7', '', true],
    ['192.0.2.7', '0.2', true],
    ['192.0.2.7', '192.0.2.0/24', true],
    ['192.0.2.0/24', '192.0.2.7', true],
    ['192.0.2.7', '198.51.100.0/24', false],
    ['2001:db8::7', '2001:DB8::/32', true],
    ['2001:db8::7', '192.0.2.0/24', false],
    ['192.0.2.7', 'nonsense', false],
  ])('%s for %j: %s', (address, q, fits) => {
    expect(fitsAddress(address, q)).toBe(fits);
  });
});

describe(fitsBanFilters.name, () => {
  it('wants every filter that is set to fit', () => {
    const row = ban(1, { jail: 'sshd', country: 'CH', origin: 'manual' });
    expect(fitsBanFilters(row, '', {})).toBe(true);
    expect(fitsBanFilters(row, '', { jail: 'sshd', country: 'CH', origin: 'manual' })).toBe(true);
    expect(fitsBanFilters(row, '', { jail: 'sshd', country: 'DE' })).toBe(false);
    expect(fitsBanFilters(row, '192.0.2.', { jail: 'postfix' })).toBe(false);
  });
});
