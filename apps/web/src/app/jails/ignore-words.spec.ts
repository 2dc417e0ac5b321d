import { describe, expect, it } from '@jest/globals';
import { readIgnoreWords } from './ignore-words';

describe(readIgnoreWords, () => {
  it('reads addresses in canonical form, networks and host names', () => {
    expect(readIgnoreWords(' 192.0.2.1, 2001:0DB8::1;198.51.100.0/24\ngate.example.org 192.0.2.1')).toEqual({
      entries: ['192.0.2.1', '2001:db8::1', '198.51.100.0/24', 'gate.example.org'],
      invalid: [],
    });
  });

  it.each(['1.2.3', '192.0.2.1/99', '-x', 'a..b', '<b>', '0.0.0.0/0', '::/0', '128.0.0.0/1', '2000::/3'])(
    'does not take %s',
    (word) => {
      expect(readIgnoreWords(word)).toEqual({ entries: [], invalid: [word] });
    },
  );
});
