import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { EnvelopeError, MessageTooLargeError } from '../errors/envelope.error.js';
import { generateKeys, publicKeysOf } from '../keys/key-serialisation.js';
import type { PrivateKeys } from '../keys/keys.js';
import { MAX_MESSAGE_BYTES } from '../messages/limits.js';
import { ENVELOPE_OVERHEAD, open, seal, sealingContext } from './envelope.js';

const agentId = '00112233445566aa';

/** Key pair from fixed 32-byte secrets (PKCS#8 framing of RFC 8410). */
function fixedKeys(kid: number, byte: number): PrivateKeys {
  const key = (oid: string, fill: number): KeyObject =>
    createPrivateKey({
      key: Buffer.from(`302e020100300506032b65${oid}04220420${Buffer.alloc(32, fill).toString('hex')}`, 'hex'),
      format: 'der',
      type: 'pkcs8',
    });
  return { kid, signing: key('70', byte), sealing: key('6e', byte + 1) };
}

const gateway = fixedKeys(1, 0x11);
const agent = fixedKeys(2, 0x33);
const down = sealingContext(gateway, publicKeysOf(agent), 'g2a', agentId, true);
const downAtAgent = sealingContext(agent, publicKeysOf(gateway), 'g2a', agentId, false);
const up = sealingContext(agent, publicKeysOf(gateway), 'a2g', agentId, false);
const json = Buffer.from('{"t":"ack"}');

const faultOf = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    if (error instanceof EnvelopeError) return error.fault;
    throw error;
  }
  return 'opened';
};
const openAtAgent = (bytes: Buffer): Buffer => open(downAtAgent, publicKeysOf(gateway).signing, bytes);

describe('envelope', () => {
  it('matches the fixed vectors', () => {
    expect(down.kid).toBe(0x12);
    expect(down.key.toString('hex')).toMatchInlineSnapshot(
      `"3e66c205d69672194b95eaa7fcc74d1af4b08299bf649806e6c667e50d9d51a6"`,
    );
    expect(up.key.toString('hex')).toMatchInlineSnapshot(
      `"38066058b499890c77961341b3cdd2421faf99ffdfce6b1a51d9c588bf8f5645"`,
    );
    const iv = Buffer.from('000102030405060708090a0b', 'hex');
    expect(seal(down, gateway.signing, json, iv).toString('hex')).toMatchInlineSnapshot(
      `"0112000102030405060708090a0bab0bf729998ea6d8e02e3dbdf664bcfa9262261a6afdec8876c476a875f5a033008cf2606b826a0ba123ec756fd2e79d4b351226cb2c3fcfff66eea2e4f422af6349647ef79fccc8a37ebb2b8b3844d79c6915c9d1d9f0b495d3d9"`,
    );
    expect(seal(up, agent.signing, json, iv).toString('hex')).toMatchInlineSnapshot(
      `"0112000102030405060708090a0b92f367565e7fed278c2256ad05250e180962f13a48df0dd9f2abee4692a0cfa7637bd8d7c2102dd401082cdba1e4d6e9bc377b5634b099d5a2c9ca5e5d05c90242f140301c19ad827901cfbfb882c36d4e85f438b6bddd7f3ff16b"`,
    );
  });

  it('derives the same key on both sides and another for each direction', () => {
    expect(downAtAgent.key.equals(down.key)).toBe(true);
    expect(up.key.equals(down.key)).toBe(false);
  });

  it('opens what was sealed, whatever it holds', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 2, maxLength: 4_000 }), (bytes) => {
        const message = Buffer.from(bytes);
        expect(openAtAgent(seal(down, gateway.signing, message)).equals(message)).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  it('never uses an iv twice', () => {
    const ivs = Array.from({ length: 200 }, () => seal(down, gateway.signing, json).subarray(2, 14).toString('hex'));
    expect(new Set(ivs).size).toBe(200);
  });

  it('refuses an envelope in which any single bit was flipped', () => {
    const bytes = seal(down, gateway.signing, json);
    for (let at = 0; at < bytes.length; at += 1) {
      const flipped = Buffer.from(bytes);
      flipped[at] = (flipped[at] ?? 0) ^ (1 << (at % 8));
      expect(faultOf(() => openAtAgent(flipped))).toMatch(/^(bad_header|unknown_kid|bad_seal)$/);
    }
  });

  it('refuses every cut and every extension', () => {
    const bytes = seal(down, gateway.signing, json);
    for (let length = 0; length < bytes.length; length += 1) {
      expect(faultOf(() => openAtAgent(bytes.subarray(0, length)))).toMatch(/^(bad_header|bad_seal)$/);
    }
    expect(faultOf(() => openAtAgent(Buffer.concat([bytes, Buffer.alloc(1)])))).toBe('bad_seal');
  });

  it('refuses a message sealed for another agent, or sent back in the other direction', () => {
    const other = sealingContext(gateway, publicKeysOf(agent), 'g2a', 'ffffffffffffffff', true);
    expect(faultOf(() => openAtAgent(seal(other, gateway.signing, json)))).toBe('bad_seal');
    expect(faultOf(() => openAtAgent(seal(up, agent.signing, json)))).toBe('bad_seal');
  });

  it('refuses a command forged by a thief of the agent’s keys, who can seal but not sign', () => {
    expect(faultOf(() => openAtAgent(seal(downAtAgent, agent.signing, json)))).toBe('bad_signature');
  });

  it('refuses a command forged with fresh keys', () => {
    const forger = generateKeys(1);
    const context = sealingContext(forger, publicKeysOf(agent), 'g2a', agentId, true);
    expect(faultOf(() => openAtAgent(seal(context, forger.signing, json)))).toBe('bad_seal');
  });

  it('binds the signature itself to the agent, not only the seal', () => {
    // Same key and AAD as the honest context, but signed for another agent: only the signature can tell.
    const honest = down.prefix;
    const context = {
      ...down,
      get prefix(): Buffer {
        prefixes += 1;
        return prefixes === 1 ? Buffer.from(`bailiff/1/g2a/ffffffffffffffff/${down.kid}\n`) : honest;
      },
    };
    let prefixes = 0;
    expect(faultOf(() => openAtAgent(seal(context, gateway.signing, json)))).toBe('bad_signature');
  });

  it('accepts exactly 256 KiB and nothing beyond', () => {
    const largest = Buffer.alloc(MAX_MESSAGE_BYTES - ENVELOPE_OVERHEAD, 0x20);
    expect(openAtAgent(seal(down, gateway.signing, largest)).length).toBe(largest.length);
    expect(() => seal(down, gateway.signing, Buffer.alloc(largest.length + 1))).toThrow(MessageTooLargeError);
    expect(faultOf(() => openAtAgent(Buffer.alloc(MAX_MESSAGE_BYTES + 1, 1)))).toBe('oversize');
  });

  it('opens nothing out of random bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        expect(faultOf(() => openAtAgent(Buffer.from([1, 0x12, ...bytes])))).toMatch(/^(bad_header|bad_seal)$/);
      }),
      { numRuns: 200 },
    );
  });

  it('derives no key from a point of small order', () => {
    const zero = createPublicKey({
      key: { kty: 'OKP', crv: 'X25519', x: Buffer.alloc(32).toString('base64url') },
      format: 'jwk',
    });
    const theirs = { ...publicKeysOf(gateway), sealing: zero };
    expect(() => sealingContext(agent, theirs, 'g2a', agentId, false)).toThrow();
  });
});
