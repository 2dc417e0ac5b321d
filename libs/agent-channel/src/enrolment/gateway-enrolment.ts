import { EnrolmentError } from '../errors/enrolment.error.js';
import { loadPublicKeys, serialisePublicKeys } from '../keys/key-serialisation.js';
import type { AgentPublicKeys, GatewayPublicKeys } from '../keys/keys.js';
import { assertAgentId } from '../messages/agent-id.js';
import {
  answerMac,
  type EnrolmentAnswer,
  type EnrolmentRedis,
  type EnrolmentRequest,
  parseEnrolmentRequest,
  requestMac,
} from './enrolment-messages.js';
import { type EnrolmentTokenRecord, MAX_WRONG_TRIES } from './enrolment-token.js';
import { macEquals } from './transcript.js';

/**
 * Checks a request against its token's record. Afterwards mark the token used in one statement that succeeds once
 * (`… SET used = true WHERE id = … AND used = false`), and only then make the agent and answer.
 * @param o.now milliseconds since the epoch
 * @throws {EnrolmentError} `malformed`, `bad-token`, `used`, `expired`, `too-many-tries`, `wrong-secret`; count a try for the last
 */
export function checkEnrolmentRequest(o: {
  record: EnrolmentTokenRecord;
  request: unknown;
  now: number;
}): EnrolmentRequest {
  const { record, now } = o;
  const request = parseEnrolmentRequest(o.request);
  if (request.tokenId !== record.id) throw new EnrolmentError('bad-token', 'The request names another token');
  if (record.used) throw new EnrolmentError('used', 'This token was used before');
  if (now >= record.expiresAt) throw new EnrolmentError('expired', 'This token has expired');
  if (record.wrongTries >= MAX_WRONG_TRIES) throw new EnrolmentError('too-many-tries', 'Too many wrong tries');
  const expected = requestMac(Buffer.from(record.verifierKey, 'base64url'), request);
  if (!macEquals(request.mac, expected)) throw new EnrolmentError('wrong-secret', 'The token’s secret is wrong');
  return request;
}

/** Answers a checked request whose token was marked used by this very call. */
export function answerEnrolment(o: {
  record: EnrolmentTokenRecord;
  request: EnrolmentRequest;
  agentId: string;
  gateway: readonly GatewayPublicKeys[];
  redis: EnrolmentRedis;
}): EnrolmentAnswer {
  assertAgentId(o.agentId);
  const unsigned = {
    v: 1 as const,
    agentId: o.agentId,
    gateway: o.gateway.map(serialisePublicKeys),
    redis: o.redis,
  };
  return { ...unsigned, mac: answerMac(Buffer.from(o.record.verifierKey, 'base64url'), o.request, unsigned) };
}

/** The agent's public keys in a checked request. */
export function enrolledPublicKeys(request: EnrolmentRequest): AgentPublicKeys {
  return loadPublicKeys(request.keys);
}
