import { describe, expect, it } from '@jest/globals';
import { encodeRequest } from '../codec/request-writer.js';
import { fuzzDecoder } from './fuzz-decoder.js';

describe('fuzzDecoder', () => {
  it('finds nothing in a short run that is the same every time', () => {
    const seeds = [
      encodeRequest(['status', 'sshd']),
      encodeRequest([['Filter', [['Currently failed', 1]]], { sshd: [1.5, true, null] }]),
      Buffer.concat([
        Buffer.from(
          '\x80\x05K\x00]\x94(\x8c\x08builtins\x94\x8c\x03str\x94\x93\x94\x8c\x09192.0.2.1\x94\x85\x94R\x94h\x03\x8c\x09192.0.2.2\x94\x85\x94R\x94e\x86\x94.',
          'latin1',
        ),
        Buffer.from('<F2B_END_COMMAND>'),
      ]),
    ];
    const { decoded } = fuzzDecoder(seeds, 5_000);
    expect(decoded).toBeGreaterThan(50);
    expect(decoded).toBeLessThan(4_950);
  });
});
