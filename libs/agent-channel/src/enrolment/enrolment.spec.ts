import { describe, expect, it } from '@jest/globals';
import {
  acceptEnrolmentAnswer,
  answerEnrolment,
  checkEnrolmentRequest,
  createAgentId,
  createEnrolmentRequest,
  createEnrolmentToken,
  enrolledPublicKeys,
  type EnrolmentAnswer,
  EnrolmentError,
  type EnrolmentRequest,
  type EnrolmentTokenRecord,
  ENROLMENT_TTL_MS,
  fingerprint,
  generateKeys,
  generateGatewayKeys,
  gatewayPublicKeys,
  MAX_WRONG_TRIES,
  publicKeysOf,
  serialisePublicKeys,
} from '../index.js';

const now = 1_790_000_000_000;
const gatewayKeys = gatewayPublicKeys(generateGatewayKeys());
const otherKeys = serialisePublicKeys(publicKeysOf(generateKeys()));
const redis = { url: 'rediss://redis.example:6379', ca: '-----BEGIN CERTIFICATE-----' };

/** The gateway's side, with the one statement that may succeed once. */
function enrol(store: { record: EnrolmentTokenRecord }, input: unknown, at = now): EnrolmentAnswer {
  const request = checkEnrolmentRequest({ record: store.record, request: input, now: at });
  store.record = { ...store.record, used: true };
  return answerEnrolment({ record: store.record, request, agentId: createAgentId(), gateway: gatewayKeys, redis });
}

function begin(): { store: { record: EnrolmentTokenRecord }; token: string } & ReturnType<
  typeof createEnrolmentRequest
> {
  const { token, record } = createEnrolmentToken({ now });
  return { store: { record }, token, ...createEnrolmentRequest({ token, hostName: 'web-1' }) };
}

const fault = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    if (error instanceof EnrolmentError) return error.fault;
    throw error;
  }
  return 'accepted';
};

/** Every string or number in a JSON value, as a path and a changed copy of the whole. */
function tampered<T>(value: T): { path: string; copy: T }[] {
  const found: { path: string; copy: T }[] = [];
  const walk = (node: unknown, path: string[]): void => {
    if (typeof node === 'object' && node !== null) {
      for (const [name, child] of Object.entries(node)) walk(child, [...path, name]);
      return;
    }
    const copy = structuredClone(value);
    let parent = copy as Record<string, unknown>;
    for (const name of path.slice(0, -1)) parent = parent[name] as Record<string, unknown>;
    const last = path.at(-1) ?? '';
    const old = parent[last];
    parent[last] = typeof old === 'string' ? swapFirst(old) : Number(old) + 1;
    found.push({ path: path.join('.'), copy });
  };
  walk(value, []);
  return found;
}

/** Another string of the same alphabet, so that the change gets past the form checks. */
const swapFirst = (text: string): string => {
  const at = text.startsWith('rediss://') ? 9 : 0;
  const letter = text[at] === 'a' ? 'b' : 'a';
  return text.slice(0, at) + letter + text.slice(at + 1);
};

describe('enrolment', () => {
  it('gives the agent an identity and the gateway its keys, without showing secret or password', () => {
    const { store, token, request, pending } = begin();
    const answer = enrol(store, JSON.parse(JSON.stringify(request)) as unknown);
    const enrolled = acceptEnrolmentAnswer({ pending, answer: JSON.parse(JSON.stringify(answer)) as unknown });
    expect(enrolled.identity.agentId).toBe(answer.agentId);
    expect(enrolled.redis).toEqual({ ...redis, username: `ag-${answer.agentId}`, password: pending.redisPassword });
    expect(enrolled.identity.gateway.map(fingerprint)).toEqual(gatewayKeys.map(fingerprint));
    expect(fingerprint(enrolledPublicKeys(request))).toBe(fingerprint(publicKeysOf(pending.keys)));
    const secret = token.split('.')[1] ?? '';
    const travelled = JSON.stringify([request, answer]);
    expect(travelled).not.toContain(secret);
    expect(travelled).not.toContain(pending.redisPassword);
    expect(JSON.stringify(store.record)).not.toContain(secret);
  });

  it('refuses a request in which any field was changed on the way', () => {
    const { store, request } = begin();
    const cases = [
      ...tampered(request),
      { path: 'keys (whole)', copy: { ...request, keys: otherKeys } },
      { path: 'keys.validUntil', copy: { ...request, keys: { ...request.keys, validUntil: 5 } } },
      { path: 'extra', copy: { ...request, extra: 1 } as EnrolmentRequest },
    ];
    expect(cases.length).toBeGreaterThan(10);
    for (const { path, copy } of cases) {
      expect({ path, fault: fault(() => enrol(store, copy)) }).not.toEqual({ path, fault: 'accepted' });
    }
    expect(fault(() => enrol(store, request))).toBe('accepted');
  });

  it('refuses an answer in which any field was changed on the way', () => {
    const { store, request, pending } = begin();
    const answer = enrol(store, request);
    const cases = [
      ...tampered(answer),
      { path: 'gateway (whole)', copy: { ...answer, gateway: [otherKeys] } },
      { path: 'gateway (added)', copy: { ...answer, gateway: [...answer.gateway, otherKeys] } },
      { path: 'redis.ca removed', copy: { ...answer, redis: { url: redis.url } } },
    ];
    for (const { path, copy } of cases) {
      expect({ path, fault: fault(() => acceptEnrolmentAnswer({ pending, answer: copy })) }).not.toEqual({
        path,
        fault: 'accepted',
      });
    }
    expect(fault(() => acceptEnrolmentAnswer({ pending, answer }))).toBe('accepted');
  });

  it('refuses an answer made for another request', () => {
    const { store, token, pending } = begin();
    const other = createEnrolmentRequest({ token, hostName: 'web-1' });
    const answer = enrol(store, other.request);
    expect(fault(() => acceptEnrolmentAnswer({ pending, answer }))).toBe('bad-answer');
  });

  it('refuses a second use, an expired token, a wrong secret and a sixth try', () => {
    const { store, token, request } = begin();
    const [id] = token.split('.');
    const guess = createEnrolmentRequest({ token: `${id ?? ''}.${'A'.repeat(43)}`, hostName: 'web-1' }).request;
    expect(fault(() => enrol(store, guess))).toBe('wrong-secret');
    const spent = { record: { ...store.record, wrongTries: MAX_WRONG_TRIES } };
    expect(fault(() => enrol(spent, request))).toBe('too-many-tries');
    expect(fault(() => enrol(store, request, now + ENROLMENT_TTL_MS))).toBe('expired');
    expect(fault(() => enrol(store, request))).toBe('accepted');
    expect(fault(() => enrol(store, request))).toBe('used');
  });

  it('lets exactly one of twenty racing hosts in', async () => {
    const { token, record } = createEnrolmentToken({ now });
    let used = false;
    const race = await Promise.all(
      Array.from({ length: 20 }, async (_, host) => {
        const { request } = createEnrolmentRequest({ token, hostName: `web-${host}` });
        checkEnrolmentRequest({ record, request, now });
        await new Promise((resolve) => setImmediate(resolve));
        if (used) return false; // UPDATE … WHERE used = false found no row
        used = true;
        return true;
      }),
    );
    expect(race.filter(Boolean)).toHaveLength(1);
  });

  it.each(['', 'x', 'abc.def', `${'0'.repeat(16)}.short`, `${'0'.repeat(16)} .${'A'.repeat(43)}`])(
    'refuses %j as a token',
    (token) => {
      expect(fault(() => createEnrolmentRequest({ token, hostName: 'web-1' }))).toBe('bad-token');
    },
  );
});
