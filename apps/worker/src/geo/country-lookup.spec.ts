import { describe, expect, it } from '@jest/globals';
import { CountryLookup } from './country-lookup.js';

describe(CountryLookup.name, () => {
  const countries = new CountryLookup();

  it.each([
    ['8.8.8.8', 'US'],
    ['193.99.144.80', 'DE'],
    ['2001:4860:4860::8888', 'US'],
  ])('knows the country of %s', async (address, country) => {
    expect(await countries.countryOf(address)).toBe(country);
  });

  it.each(['192.0.2.1', '10.0.0.1', '2001:db8::1', 'fe80::1'])('has none for %s', async (address) => {
    expect(await countries.countryOf(address)).toBeNull();
  });
});
