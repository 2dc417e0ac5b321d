import { describe, expect, it } from '@jest/globals';
import type { GeoSource, GeoStatus } from '@bailiff/contracts/http';
import { ageInDays, geoSign } from './geo-sign';
import { networkText } from './network-text';
import { placed } from './placed';

const NOW = Date.parse('2026-03-31T12:00:00Z');

const source = (changes: Partial<GeoSource> = {}): GeoSource => ({
  name: 'data',
  kind: 'embedded',
  facts: ['country'],
  builtAt: '2026-03-01',
  entries: null,
  credit: 'Somebody',
  creditUrl: null,
  state: 'used',
  problem: null,
  ...changes,
});
const status = (sources: GeoSource[], state: GeoStatus['state'] = 'live'): GeoStatus => ({
  state,
  reportedAt: null,
  sources,
  addresses: { known: 0, waiting: 0 },
});

describe(geoSign, () => {
  it.each([
    ['fresh data', status([source()]), undefined],
    ['no worker ever', status([], 'none'), { kind: 'none' }],
    ['no worker now', status([source()], 'silent'), { kind: 'silent' }],
    [
      'a broken file',
      status([source(), source({ name: 'x.mmdb', state: 'broken' })]),
      { kind: 'broken', source: 'x.mmdb' },
    ],
    ['a broken update', status([source({ name: 'x.mmdb', problem: 'cut off' })]), { kind: 'broken', source: 'x.mmdb' }],
    ['networks alone', status([source({ facts: ['asn'] })]), { kind: 'missing' }],
    ['data of 60 days', status([source({ builtAt: '2026-01-30T12:00:00Z' })]), undefined],
    ['data of 61 days', status([source({ builtAt: '2026-01-29T12:00:00Z' })]), { kind: 'old', days: 61 }],
    [
      'old data that are replaced',
      status([source(), source({ builtAt: '2020-01-01', state: 'overridden' })]),
      undefined,
    ],
    ['old registries', status([source(), source({ facts: ['rir'], builtAt: '2020-01-01' })]), undefined],
    ['data of unknown age', status([source({ builtAt: null })]), undefined],
  ])('%s', (_what, given, expected) => {
    expect(geoSign(given, NOW)).toEqual(expected);
  });
});

describe(ageInDays, () => {
  it('counts whole days, and none for a clock that is behind', () => {
    const ages = ['2026-03-31T13:00:00Z', '2026-03-31', '2026-03-30', null];
    expect(ages.map((builtAt) => ageInDays({ builtAt }, NOW))).toEqual([0, 0, 1, null]);
  });
});

describe(placed, () => {
  const row = { address: '192.0.2.1', country: null as string | null, id: 1 };
  const known = { address: '192.0.2.1', country: 'CH', asn: 64_500, asName: 'Example' };

  it('gives a row what is known now, and takes nothing away', () => {
    expect(placed(row, known)).toEqual({ ...row, country: 'CH', asn: 64_500, asName: 'Example' });
    expect(placed({ ...row, country: 'CH' }, { ...known, country: null, asn: null, asName: null }).country).toBe('CH');
    expect(placed(row, undefined)).toBe(row);
  });
});

describe(networkText, () => {
  it.each([
    [{}, ''],
    [{ asn: null }, ''],
    [{ asn: 64_500 }, 'AS64500'],
    [{ asn: 64_500, asName: 'Example' }, 'AS64500 Example'],
  ])('%j is %j', (row, text) => {
    expect(networkText(row)).toBe(text);
  });
});
