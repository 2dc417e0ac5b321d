import { describe, expect, it } from '@jest/globals';
import { readGeoResult } from './geo-result.js';

describe(readGeoResult, () => {
  it('takes entries with a country code or none', () => {
    const entries = [
      { address: '192.0.2.1', country: 'DE' },
      { address: '2001:db8::1', country: null },
    ];
    expect(readGeoResult({ v: 1, entries, dataDate: null })).toEqual(entries);
  });

  it.each([
    ['nothing', undefined],
    ['text', '{"v":1}'],
    ['another version', { v: 2, entries: [{ address: '192.0.2.1', country: 'DE' }] }],
    ['no list', { v: 1, entries: { length: 1 } }],
    ['a country that is none', { v: 1, entries: [{ address: '192.0.2.1', country: '<b>' }] }],
    ['an address that is none', { v: 1, entries: [{ address: "1' OR 1=1", country: 'DE' }] }],
    ['an address that is not canonical', { v: 1, entries: [{ address: '2001:DB8::1', country: 'DE' }] }],
    ['entries that are none', { v: 1, entries: [null, 1, []] }],
  ])('takes nothing of %s', (_what, value) => {
    expect(readGeoResult(value)).toEqual([]);
  });
});
