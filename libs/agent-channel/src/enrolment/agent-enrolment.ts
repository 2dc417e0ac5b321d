import { randomBytes } from 'node:crypto';
import { agentUserName, passwordSha256 } from '../edge/acl.js';
import { EnrolmentError } from '../errors/enrolment.error.js';
import { generateKeys, loadPublicKeys, publicKeysOf, serialisePublicKeys } from '../keys/key-serialisation.js';
import type { AgentIdentity, AgentKeys } from '../keys/keys.js';
import {
  answerMac,
  type EnrolmentAnswer,
  type EnrolmentRequest,
  parseEnrolmentAnswer,
  requestMac,
} from './enrolment-messages.js';
import { parseEnrolmentToken } from './enrolment-token.js';
import { macEquals } from './transcript.js';

/** What an agent must remember until the answer comes. Secret; never leaves the process. */
export interface PendingEnrolment {
  readonly request: EnrolmentRequest;
  readonly keys: AgentKeys;
  readonly redisPassword: string;
  readonly verifierKey: Buffer;
}

/** An enrolled agent: who it is and how it reaches Redis. */
export interface EnrolledAgent {
  readonly identity: AgentIdentity;
  readonly redis: {
    readonly url: string;
    readonly username: string;
    readonly password: string;
    readonly ca?: string;
  };
}

/**
 * Makes an agent's keys and Redis password, and the request that proves the token without showing it.
 * @throws {EnrolmentError} `bad-token`
 */
export function createEnrolmentRequest(o: { token: string; hostName: string }): {
  request: EnrolmentRequest;
  pending: PendingEnrolment;
} {
  const { id, verifierKey } = parseEnrolmentToken(o.token);
  const keys = generateKeys();
  const redisPassword = randomBytes(32).toString('base64url');
  const unsigned = {
    v: 1 as const,
    tokenId: id,
    nonce: randomBytes(16).toString('hex'),
    hostName: o.hostName,
    keys: serialisePublicKeys(publicKeysOf(keys)),
    redisPasswordSha256: passwordSha256(redisPassword),
  };
  const request: EnrolmentRequest = { ...unsigned, mac: requestMac(verifierKey, unsigned) };
  return { request, pending: { request, keys, redisPassword, verifierKey } };
}

/**
 * Pins the gateway's keys, only if whoever answered knows the token too: a proxy that ends TLS cannot swap them.
 * @throws {EnrolmentError} `bad-answer`, `malformed`
 */
export function acceptEnrolmentAnswer(o: { pending: PendingEnrolment; answer: unknown }): EnrolledAgent {
  const { pending } = o;
  const answer: EnrolmentAnswer = parseEnrolmentAnswer(o.answer);
  if (!macEquals(answer.mac, answerMac(pending.verifierKey, pending.request, answer))) {
    throw new EnrolmentError('bad-answer', 'The answer does not come from the gateway that made the token');
  }
  const { agentId, gateway, redis } = answer;
  return {
    identity: { agentId, keys: pending.keys, gateway: gateway.map(loadPublicKeys) },
    redis: { ...redis, username: agentUserName(agentId), password: pending.redisPassword },
  };
}
