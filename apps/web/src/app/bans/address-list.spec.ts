import { describe, expect, it } from '@jest/globals';
import { readAddresses } from './address-list';

describe(readAddresses.name, () => {
  it('reads what people paste, each address once, in canonical form', () => {
    const list = readAddresses(' 192.0.2.7,192.0.2.7\n2001:0db8::0001; 198.51.100.77/24\t203.0.113.0/32 ');
    expect(list.addresses).toEqual(['192.0.2.7', '2001:db8::1', '198.51.100.0/24', '203.0.113.0']);
    expect(list.networks).toEqual(['198.51.100.0/24']);
    expect(list.invalid).toEqual([]);
  });

  it.each(['192.0.2.010', 'example.org', '192.0.2.7;id'.replace(';', '%3B'), '192.0.2.256', '<script>'])(
    'names %j as wrong',
    (word) => {
      expect(readAddresses(`192.0.2.7 ${word}`).invalid).toEqual([word]);
    },
  );

  it('is empty for nothing', () => {
    expect(readAddresses(' \n')).toEqual({ addresses: [], invalid: [], networks: [] });
  });
});
