import {
  createCipheriv,
  createDecipheriv,
  diffieHellman,
  hkdfSync,
  type KeyObject,
  randomBytes,
  sign,
  verify,
} from 'node:crypto';
import { EnvelopeError, MessageTooLargeError } from '../errors/envelope.error.js';
import type { PrivateKeys, PublicKeys } from '../keys/keys.js';
import { MAX_MESSAGE_BYTES } from '../messages/limits.js';
import type { Direction } from '../messages/message.js';

const ENVELOPE_VERSION = 1;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const SIGNATURE_BYTES = 64;
const HEADER_BYTES = 2 + IV_BYTES;
/** What an envelope adds to its JSON, bytes. */
export const ENVELOPE_OVERHEAD = HEADER_BYTES + SIGNATURE_BYTES + TAG_BYTES;

/** Header byte that names both sides' keys: the gateway's in the upper four bits, the agent's in the lower. */
function kidByte(gatewayKid: number, agentKid: number): number {
  return (gatewayKid << 4) | agentKid;
}

/** The two key ids of an envelope, or undefined when it is too short to have a header. */
export function peekKids(bytes: Buffer): { gatewayKid: number; agentKid: number } | undefined {
  const kid = bytes[1];
  return kid === undefined ? undefined : { gatewayKid: kid >> 4, agentKid: kid & 15 };
}

/** What the signature and the AAD begin with: binds an envelope to its direction, agent and keys. */
function channelContext(direction: Direction, agentId: string, kid: number): string {
  return `bailiff/1/${direction}/${agentId}/${kid}`;
}

/** AES key of one direction between a gateway and an agent key pair. Both sides derive the same. */
function deriveSealingKey(mine: KeyObject, theirs: KeyObject, direction: Direction, agentId: string): Buffer {
  const shared = diffieHellman({ privateKey: mine, publicKey: theirs });
  return Buffer.from(hkdfSync('sha256', shared, 'bailiff/1', `${direction}/${agentId}`, 32));
}

/** Everything one direction under one pair of keys needs, derived once. */
export interface SealingContext {
  readonly kid: number;
  readonly key: Buffer;
  /** Starts both signature input and AAD; ends in a line break, which no part of it can hold. */
  readonly prefix: Buffer;
}

/** Derives the context for messages between `mine` and `theirs`; `iAmGateway` says whose key id goes in which half of the byte. */
export function sealingContext(
  mine: PrivateKeys,
  theirs: PublicKeys,
  direction: Direction,
  agentId: string,
  iAmGateway: boolean,
): SealingContext {
  const kid = iAmGateway ? kidByte(mine.kid, theirs.kid) : kidByte(theirs.kid, mine.kid);
  return {
    kid,
    key: deriveSealingKey(mine.sealing, theirs.sealing, direction, agentId),
    prefix: Buffer.from(`${channelContext(direction, agentId, kid)}\n`),
  };
}

function aad(context: SealingContext): Buffer {
  return Buffer.concat([context.prefix, Buffer.from([ENVELOPE_VERSION, context.kid])]);
}

/**
 * Signs, then seals: `ver kid iv GCM(sig || json) tag`. Sealing alone would let a thief of the agent's key forge
 * commands to that agent; signing alone would show configuration files to Redis.
 * @param iv only for fixed test vectors; random otherwise
 * @throws {MessageTooLargeError} over 256 KiB
 */
export function seal(context: SealingContext, signingKey: KeyObject, json: Buffer, iv?: Buffer): Buffer {
  const total = json.length + ENVELOPE_OVERHEAD;
  if (total > MAX_MESSAGE_BYTES) throw new MessageTooLargeError(total, MAX_MESSAGE_BYTES);
  const nonce = iv ?? randomBytes(IV_BYTES);
  const signature = sign(null, Buffer.concat([context.prefix, json]), signingKey);
  const cipher = createCipheriv('aes-256-gcm', context.key, nonce);
  cipher.setAAD(aad(context));
  return Buffer.concat([
    Buffer.from([ENVELOPE_VERSION, context.kid]),
    nonce,
    cipher.update(signature),
    cipher.update(json),
    cipher.final(),
    cipher.getAuthTag(),
  ]);
}

/** Checks that bytes may be an envelope at all. @throws {EnvelopeError} `oversize`, `bad_header` */
export function checkFrame(bytes: Buffer): void {
  if (bytes.length > MAX_MESSAGE_BYTES) throw new EnvelopeError('oversize', `${bytes.length} bytes`);
  if (bytes.length < ENVELOPE_OVERHEAD + 2) throw new EnvelopeError('bad_header', 'too short for an envelope');
  if (bytes[0] !== ENVELOPE_VERSION) throw new EnvelopeError('bad_header', `unknown version ${bytes[0] ?? 0}`);
}

/**
 * Opens an envelope and returns the JSON bytes, which are authentic then. Nothing is parsed before the check.
 * @throws {EnvelopeError} `oversize`, `bad_header`, `unknown_kid`, `bad_seal`, `bad_signature`, in this order
 */
export function open(context: SealingContext, verifyingKey: KeyObject, bytes: Buffer): Buffer {
  checkFrame(bytes);
  if (bytes[1] !== context.kid) throw new EnvelopeError('unknown_kid', `key byte ${bytes[1] ?? 0}`);
  const decipher = createDecipheriv('aes-256-gcm', context.key, bytes.subarray(2, HEADER_BYTES));
  decipher.setAAD(aad(context));
  decipher.setAuthTag(bytes.subarray(bytes.length - TAG_BYTES));
  let plain: Buffer;
  try {
    plain = Buffer.concat([decipher.update(bytes.subarray(HEADER_BYTES, bytes.length - TAG_BYTES)), decipher.final()]);
  } catch (cause) {
    throw new EnvelopeError('bad_seal', 'not sealed for this direction, agent and key', { cause });
  }
  const json = plain.subarray(SIGNATURE_BYTES);
  const signed = Buffer.concat([context.prefix, json]);
  if (!verify(null, signed, verifyingKey, plain.subarray(0, SIGNATURE_BYTES))) {
    throw new EnvelopeError('bad_signature', 'not signed by the expected key');
  }
  return json;
}
