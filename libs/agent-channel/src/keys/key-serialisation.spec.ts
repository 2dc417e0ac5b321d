import { describe, expect, it } from '@jest/globals';
import { KeyError } from '../errors/envelope.error.js';
import {
  fingerprint,
  gatewayPublicKeys,
  generateGatewayKeys,
  generateKeys,
  loadGatewayKeys,
  loadPrivateKeys,
  loadPublicKeys,
  publicKeysOf,
  serialiseGatewayKeys,
  serialisePrivateKeys,
  serialisePublicKeys,
} from './key-serialisation.js';

const json = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe('keys as JSON', () => {
  it('come back as they were', () => {
    const keys = generateKeys(3);
    const publicKeys = { ...publicKeysOf(keys), validUntil: 5 };
    expect(serialisePublicKeys(loadPublicKeys(json(serialisePublicKeys(publicKeys))))).toEqual(
      serialisePublicKeys(publicKeys),
    );
    const loaded = loadPrivateKeys(json(serialisePrivateKeys(keys)));
    expect(fingerprint(publicKeysOf(loaded))).toBe(fingerprint(publicKeysOf(keys)));
    const gateway = { current: 2, all: [...generateGatewayKeys().all, generateKeys(2)] };
    const back = loadGatewayKeys(json(serialiseGatewayKeys(gateway)));
    expect(gatewayPublicKeys(back).map((pair) => pair.kid)).toEqual([2, 1]);
  });

  it('have a fingerprint people can compare', () => {
    expect(fingerprint(publicKeysOf(generateKeys()))).toMatch(/^([0-9a-f]{4}-){7}[0-9a-f]{4}$/);
  });

  const good = serialisePublicKeys(publicKeysOf(generateKeys()));
  it.each([
    ['nothing', null],
    ['kid 0', { ...good, kid: 0 }],
    ['kid 16', { ...good, kid: 16 }],
    ['a short key', { ...good, ed25519: 'AAAA' }],
    ['standard base64', { ...good, x25519: `${good.x25519.slice(0, 42)}+` }],
    ['a point of small order', { ...good, x25519: Buffer.alloc(32).toString('base64url') }],
    ['a textual validUntil', { ...good, validUntil: 'never' }],
  ])('refuses public keys with %s', (_, input) => {
    expect(() => loadPublicKeys(input)).toThrow(KeyError);
  });

  it('refuses swapped, broken and doubled private keys', () => {
    const { kid, ed25519, x25519 } = serialisePrivateKeys(generateKeys());
    expect(() => loadPrivateKeys({ kid, ed25519: x25519, x25519: ed25519 })).toThrow(KeyError);
    expect(() => loadPrivateKeys({ kid, ed25519: 'x', x25519 })).toThrow(KeyError);
    const one = { kid, ed25519, x25519 };
    expect(() => loadGatewayKeys({ current: 1, all: [one, one] })).toThrow(KeyError);
    expect(() => loadGatewayKeys({ current: 2, all: [one] })).toThrow(KeyError);
    expect(() => generateKeys(16)).toThrow(KeyError);
  });
});
