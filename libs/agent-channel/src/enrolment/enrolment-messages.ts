import { EnrolmentError } from '../errors/enrolment.error.js';
import { loadPublicKeys } from '../keys/key-serialisation.js';
import type { SerialisedPublicKeys } from '../keys/keys.js';
import { isAgentId } from '../messages/agent-id.js';
import { transcriptMac } from './transcript.js';

/** What an agent posts to `…/enrol`. Neither the token's secret nor the Redis password is in it. */
export interface EnrolmentRequest {
  v: 1;
  tokenId: string;
  /** 16 random bytes, hex. */
  nonce: string;
  hostName: string;
  keys: SerialisedPublicKeys;
  /** SHA-256 of the agent's Redis password, hex. */
  redisPasswordSha256: string;
  /** Proof of the token over everything above. */
  mac: string;
}

/** Redis as the agent reaches it. */
export interface EnrolmentRedis {
  url: string;
  /** PEM of the authority behind its certificate, when it is not a public one. */
  ca?: string;
}

/** What the gateway answers. */
export interface EnrolmentAnswer {
  v: 1;
  agentId: string;
  gateway: SerialisedPublicKeys[];
  redis: EnrolmentRedis;
  /** Proof of the token over the request and everything above. */
  mac: string;
}

const MAC = /^[A-Za-z0-9_-]{43}$/;
const hex =
  (length: number) =>
  (value: unknown): value is string =>
    typeof value === 'string' && value.length === length && /^[0-9a-f]+$/.test(value);
const keyFields = (prefix: string, keys: SerialisedPublicKeys): [string, string][] => [
  [`${prefix}.kid`, String(keys.kid)],
  [`${prefix}.ed25519`, keys.ed25519],
  [`${prefix}.x25519`, keys.x25519],
  [`${prefix}.validUntil`, String(keys.validUntil ?? '')],
];

/** Proof of the token in a request. */
export function requestMac(key: Buffer, request: Omit<EnrolmentRequest, 'mac'>): string {
  return transcriptMac(key, 'bailiff/1/enrol/request', [
    ['v', String(request.v)],
    ['tokenId', request.tokenId],
    ['nonce', request.nonce],
    ['hostName', request.hostName],
    ...keyFields('keys', request.keys),
    ['redisPasswordSha256', request.redisPasswordSha256],
  ]);
}

/** Proof of the token in an answer; the request's proof stands for the whole request. */
export function answerMac(key: Buffer, request: EnrolmentRequest, answer: Omit<EnrolmentAnswer, 'mac'>): string {
  return transcriptMac(key, 'bailiff/1/enrol/answer', [
    ['request', request.mac],
    ['v', String(answer.v)],
    ['agentId', answer.agentId],
    ['gateway', String(answer.gateway.length)],
    ...answer.gateway.flatMap((keys, index) => keyFields(`gateway.${index}`, keys)),
    ['redis.url', answer.redis.url],
    ['redis.ca', answer.redis.ca === undefined ? 'none' : `pem ${answer.redis.ca}`],
  ]);
}

function onlyFields(value: unknown, names: readonly string[]): Record<string, unknown> {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isObject || Object.keys(value).some((name) => !names.includes(name))) {
    throw new EnrolmentError('malformed', 'Unknown fields');
  }
  return value as Record<string, unknown>;
}

function checkKeys(value: unknown): void {
  onlyFields(value, ['kid', 'ed25519', 'x25519', 'validUntil']);
  try {
    loadPublicKeys(value);
  } catch (cause) {
    throw new EnrolmentError('malformed', 'Unusable keys', 'user', { cause });
  }
}

/** Checks the form of a request from the network. @throws {EnrolmentError} `malformed` */
export function parseEnrolmentRequest(input: unknown): EnrolmentRequest {
  const names = ['v', 'tokenId', 'nonce', 'hostName', 'keys', 'redisPasswordSha256', 'mac'];
  const { v, tokenId, nonce, hostName, keys, redisPasswordSha256, mac } = onlyFields(input, names);
  const isSound =
    v === 1 &&
    hex(16)(tokenId) &&
    hex(32)(nonce) &&
    typeof hostName === 'string' &&
    hostName.length >= 1 &&
    hostName.length <= 255 &&
    hex(64)(redisPasswordSha256) &&
    typeof mac === 'string' &&
    MAC.test(mac);
  if (!isSound) throw new EnrolmentError('malformed', 'Not an enrolment request');
  checkKeys(keys);
  return input as EnrolmentRequest;
}

/** Checks the form of an answer from the network. @throws {EnrolmentError} `malformed` */
export function parseEnrolmentAnswer(input: unknown): EnrolmentAnswer {
  const { v, agentId, gateway, redis, mac } = onlyFields(input, ['v', 'agentId', 'gateway', 'redis', 'mac']);
  const { url, ca } = onlyFields(redis, ['url', 'ca']);
  const isSound =
    v === 1 &&
    isAgentId(agentId) &&
    Array.isArray(gateway) &&
    gateway.length >= 1 &&
    gateway.length <= 15 &&
    typeof url === 'string' &&
    /^rediss?:\/\//.test(url) &&
    (ca === undefined || typeof ca === 'string') &&
    typeof mac === 'string' &&
    MAC.test(mac);
  if (!isSound) throw new EnrolmentError('malformed', 'Not an answer to an enrolment');
  gateway.forEach(checkKeys);
  return input as EnrolmentAnswer;
}
