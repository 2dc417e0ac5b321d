import {
  createHash,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  type KeyObject,
} from 'node:crypto';
import { KeyError } from '../errors/envelope.error.js';
import type {
  GatewayKeys,
  GatewayPublicKeys,
  PrivateKeys,
  PublicKeys,
  SerialisedGatewayKeys,
  SerialisedPrivateKeys,
  SerialisedPublicKeys,
} from './keys.js';

/** Largest key id: it shares one byte of the header with the other side's. */
const MAX_KID = 15;
const RAW_KEY = /^[A-Za-z0-9_-]{43}$/;
/** Secret to nobody's benefit: only shows whether a public key works. */
const probe = generateKeyPairSync('x25519').privateKey;

/** Whether `kid` is an integer from 1 to 15. */
export function isKid(kid: unknown): kid is number {
  return typeof kid === 'number' && Number.isInteger(kid) && kid >= 1 && kid <= MAX_KID;
}

/** Fresh Ed25519 and X25519 pairs. @throws {KeyError} when `kid` is not 1 to 15. */
export function generateKeys(kid = 1): PrivateKeys {
  if (!isKid(kid)) throw new KeyError('A key id is an integer from 1 to 15');
  return {
    kid,
    signing: generateKeyPairSync('ed25519').privateKey,
    sealing: generateKeyPairSync('x25519').privateKey,
  };
}

/** The public half of `keys`. */
export function publicKeysOf(keys: PrivateKeys): PublicKeys {
  return { kid: keys.kid, signing: createPublicKey(keys.signing), sealing: createPublicKey(keys.sealing) };
}

/** Fresh gateway keys with one pair, `kid` 1. */
export function generateGatewayKeys(): GatewayKeys {
  return { current: 1, all: [generateKeys(1)] };
}

/** The public halves of every key pair the gateway holds, the current one first: what an agent pins. */
export function gatewayPublicKeys(keys: GatewayKeys): GatewayPublicKeys[] {
  const isCurrent = (pair: PrivateKeys): number => (pair.kid === keys.current ? 0 : 1);
  return [...keys.all].sort((a, b) => isCurrent(a) - isCurrent(b)).map(publicKeysOf);
}

function rawPublic(key: KeyObject, crv: 'Ed25519' | 'X25519'): string {
  const jwk = key.export({ format: 'jwk' });
  if (jwk.crv !== crv || typeof jwk.x !== 'string') throw new KeyError(`Not an ${crv} key`);
  return jwk.x;
}

function loadRawPublic(x: unknown, crv: 'Ed25519' | 'X25519'): KeyObject {
  if (typeof x !== 'string' || !RAW_KEY.test(x)) throw new KeyError(`An ${crv} public key is 32 bytes in base64url`);
  try {
    return createPublicKey({ key: { kty: 'OKP', crv, x }, format: 'jwk' });
  } catch (cause) {
    throw new KeyError(`Not an ${crv} public key`, { cause });
  }
}

/** Loads an X25519 key that a shared secret can be made with: not every 32 bytes are one. */
function loadSealingKey(x: unknown): KeyObject {
  const key = loadRawPublic(x, 'X25519');
  try {
    diffieHellman({ privateKey: probe, publicKey: key });
  } catch (cause) {
    throw new KeyError('The X25519 public key is a point of small order', { cause });
  }
  return key;
}

/** Public keys as JSON. */
export function serialisePublicKeys(keys: PublicKeys): SerialisedPublicKeys {
  return {
    kid: keys.kid,
    ed25519: rawPublic(keys.signing, 'Ed25519'),
    x25519: rawPublic(keys.sealing, 'X25519'),
    ...(keys.validUntil === undefined ? {} : { validUntil: keys.validUntil }),
  };
}

/** Reads what `serialisePublicKeys` wrote; input may come from anywhere. @throws {KeyError} when malformed. */
export function loadPublicKeys(input: unknown): PublicKeys {
  if (typeof input !== 'object' || input === null) throw new KeyError('Public keys are an object');
  const { kid, ed25519, x25519, validUntil } = input as Partial<Record<keyof SerialisedPublicKeys, unknown>>;
  if (!isKid(kid)) throw new KeyError('A key id is an integer from 1 to 15');
  if (validUntil !== undefined && !Number.isSafeInteger(validUntil))
    throw new KeyError('validUntil is in milliseconds');
  return {
    kid,
    signing: loadRawPublic(ed25519, 'Ed25519'),
    sealing: loadSealingKey(x25519),
    ...(typeof validUntil === 'number' ? { validUntil } : {}),
  };
}

/** Private keys as JSON. The result is a secret. */
export function serialisePrivateKeys(keys: PrivateKeys): SerialisedPrivateKeys {
  const pem = (key: KeyObject): string => key.export({ format: 'pem', type: 'pkcs8' }).toString();
  return { kid: keys.kid, ed25519: pem(keys.signing), x25519: pem(keys.sealing) };
}

function loadPem(pem: unknown, type: 'ed25519' | 'x25519'): KeyObject {
  if (typeof pem !== 'string') throw new KeyError('A private key is PEM text');
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch {
    // The cause is left out on purpose: it could quote the key.
    throw new KeyError(`Not an ${type} private key`);
  }
  if (key.asymmetricKeyType !== type) throw new KeyError(`Not an ${type} private key`);
  return key;
}

/** Reads what `serialisePrivateKeys` wrote. @throws {KeyError} when malformed. */
export function loadPrivateKeys(input: unknown): PrivateKeys {
  if (typeof input !== 'object' || input === null) throw new KeyError('Private keys are an object');
  const { kid, ed25519, x25519 } = input as Partial<Record<keyof SerialisedPrivateKeys, unknown>>;
  if (!isKid(kid)) throw new KeyError('A key id is an integer from 1 to 15');
  return { kid, signing: loadPem(ed25519, 'ed25519'), sealing: loadPem(x25519, 'x25519') };
}

/** Gateway keys as JSON. The result is a secret. */
export function serialiseGatewayKeys(keys: GatewayKeys): SerialisedGatewayKeys {
  return { current: keys.current, all: keys.all.map(serialisePrivateKeys) };
}

/** Reads what `serialiseGatewayKeys` wrote. @throws {KeyError} when malformed or without the current pair. */
export function loadGatewayKeys(input: unknown): GatewayKeys {
  if (typeof input !== 'object' || input === null) throw new KeyError('Gateway keys are an object');
  const { current, all } = input as Partial<Record<keyof SerialisedGatewayKeys, unknown>>;
  if (!Array.isArray(all)) throw new KeyError('Gateway keys hold a list of pairs');
  const pairs = all.map(loadPrivateKeys);
  if (new Set(pairs.map((pair) => pair.kid)).size !== pairs.length) throw new KeyError('Two pairs share a key id');
  if (!isKid(current) || !pairs.some((pair) => pair.kid === current)) throw new KeyError('The current pair is missing');
  return { current, all: pairs };
}

/**
 * What two people compare to be sure they see the same agent: 128 bits of SHA-256 over both public keys,
 * as eight groups of four hexadecimal digits.
 */
export function fingerprint(keys: PublicKeys): string {
  const { ed25519, x25519 } = serialisePublicKeys(keys);
  const digest = createHash('sha256').update(`bailiff/1/fingerprint\n${ed25519}\n${x25519}`).digest('hex');
  return (digest.slice(0, 32).match(/.{4}/g) ?? []).join('-');
}
