import { describe, expect, it } from '@jest/globals';
import { readGeoResult } from './geo-result.js';

const entry = { address: '192.0.2.1', country: 'DE', asn: 64_500, rir: 'RIPE NCC' };
const result = { v: 1, entries: [entry], asNames: [{ asn: 64_500, name: 'Example' }], dataVersion: '0123456789abcdef' };

describe(readGeoResult, () => {
  it('takes entries with facts or none', () => {
    const whole = { ...result, entries: [entry, { address: '2001:db8::1', country: null, asn: null, rir: null }] };
    expect(readGeoResult(whole)).toEqual(whole);
  });

  it.each([
    ['nothing', undefined],
    ['text', '{"v":1}'],
    ['another version', { ...result, v: 2 }],
    ['no list', { ...result, entries: { length: 1 } }],
    ['no names', { ...result, asNames: undefined }],
    ['no version of the data', { ...result, dataVersion: "'; --" }],
  ])('takes nothing of %s', (_what, value) => {
    expect(readGeoResult(value)).toBeUndefined();
  });

  it.each([
    ['a country that is none', { ...entry, country: '<b>' }],
    ['an address that is none', { ...entry, address: "1' OR 1=1" }],
    ['an address that is not canonical', { ...entry, address: '2001:DB8::1' }],
    ['a number that is none', { ...entry, asn: 4_294_967_296 }],
    ['a number in text', { ...entry, asn: '1' }],
    ['a registry that is none', { ...entry, rir: 'IANA' }],
    ['something else', null],
    ['a list', []],
  ])('leaves out %s', (_what, broken) => {
    expect(readGeoResult({ ...result, entries: [broken, entry] })?.entries).toEqual([entry]);
  });

  it('leaves out names that are none, and shortens long ones', () => {
    const names = [{ asn: 0, name: 'x' }, { asn: 1, name: 7 }, null, { asn: 2, name: 'y'.repeat(500) }];
    expect(readGeoResult({ ...result, asNames: names })?.asNames).toEqual([{ asn: 2, name: 'y'.repeat(200) }]);
  });
});
