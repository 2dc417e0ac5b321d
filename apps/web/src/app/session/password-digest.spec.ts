import { describe, expect, it } from '@jest/globals';
import { passwordDigest } from './password-digest';

describe(passwordDigest.name, () => {
  it('is SHA-256 in lower-case hexadecimal', () => {
    // FIPS 180-4's example 'abc'.
    expect(passwordDigest('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });

  it('hashes text beyond ASCII as UTF-8', () => {
    expect(passwordDigest('pässwörd')).toBe(passwordDigest('pa\u0308sswo\u0308rd'));
    expect(passwordDigest('pässwörd')).not.toBe(passwordDigest('password'));
  });
});
