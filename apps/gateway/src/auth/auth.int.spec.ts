import { HEADERS, SESSION_COOKIE } from '@bailiff/contracts/http';
import { eventually, type RedisInstance, startPostgres, startRedis } from '@bailiff/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import {
  cookieOf,
  digest,
  DIGEST,
  GatewayHarness,
  OWN_PAGE,
  type Reply,
  setCookieOf,
} from '../../test/gateway-harness.spec.js';

interface TokenAnswer {
  readonly id: string;
  readonly token: string;
}

/**
 * Guesses until one is not heard. Each wait is twice the one before, so however slow the machine, one comes too early.
 * The first three are always heard.
 */
async function untilRefused(guess: (attempt: number) => PromiseLike<Reply>): Promise<Reply> {
  for (let attempt = 0; attempt < 10; attempt += 1) {
    const answer = await guess(attempt);
    if (answer.status === 429) {
      expect(attempt).toBeGreaterThanOrEqual(3);
      return answer;
    }
    expect(answer.status).toBe(401);
  }
  throw new Error('ten guesses were heard');
}

describe('sign-in', () => {
  let gateway: GatewayHarness;
  let redis: Redis;
  beforeAll(async () => {
    gateway = await GatewayHarness.startReady({ trustedProxies: ['127.0.0.1'] });
    redis = new Redis(gateway.redis.url);
  });
  // Every test starts with no attempts on record.
  beforeEach(() => redis.flushall());
  afterAll(async () => {
    redis.disconnect();
    await gateway[Symbol.asyncDispose]();
  });
  const login = (passwordDigest: string, address = '198.51.100.7') =>
    gateway.request('post', '/api/v1/session').set('X-Forwarded-For', address).send({ passwordDigest });

  describe('POST /api/v1/session', () => {
    it('gives a cookie that scripts and other sites do not get', async () => {
      const plain = setCookieOf(await login(DIGEST).expect(204));
      expect(plain).toMatch(new RegExp(`^${SESSION_COOKIE}=[A-Za-z0-9_-]{43};`));
      expect(plain).toContain('HttpOnly');
      expect(plain).toContain('SameSite=Lax');
      expect(plain).not.toContain('Secure');
      const secure = setCookieOf(await login(DIGEST).set('X-Forwarded-Proto', 'https').expect(204));
      expect(secure).toContain('Secure');
    });

    it('stores only a hash of the token', async () => {
      const token = cookieOf(await login(DIGEST).expect(204)).split('=')[1] ?? '';
      const rows = await gateway.database.read.manager.query<unknown[]>('SELECT * FROM session');
      expect(JSON.stringify(rows)).not.toContain(token);
    });

    it('says of a wrong password only that it is wrong', async () => {
      const { body } = await login(digest('wrong')).expect(401);
      expect(body).toMatchObject({ code: 'auth/invalid-credentials', detail: 'The password is not right.' });
    });

    it('makes guessers of one address wait longer and longer, others not, and forgets at the right password', async () => {
      const attacker = '198.51.100.66';
      const refused = await untilRefused((attempt) => login(digest(`guess ${attempt}`), attacker));
      expect(Number(refused.headers['retry-after'])).toBeGreaterThanOrEqual(1);
      expect(refused.body).toMatchObject({ code: 'request/too-many' });
      // The right password does not get through either while the address waits: else guessing would go on unhindered.
      await login(DIGEST, attacker).expect(429);
      await login(DIGEST, '198.51.100.67').expect(204);
      await eventually(async () => expect(await redis.exists(`bailiff:counter:login-wait:${attacker}`)).toBe(0), {
        withinMs: 8_000,
      });
      await login(DIGEST, attacker).expect(204);
      await login(digest('typo'), attacker).expect(401);
    });

    it('gains nothing by guessing many at once', async () => {
      const guesses = Array.from({ length: 20 }, (_, index) => login(digest(`guess ${index}`), '198.51.100.68'));
      const statuses = (await Promise.all(guesses)).map(({ status }) => status);
      expect(statuses.filter((status) => status === 401).length).toBeLessThanOrEqual(6);
      expect(statuses.every((status) => status === 401 || status === 429)).toBe(true);
    });

    it('limits all addresses together', async () => {
      const statuses = [];
      // More than two minutes' worth, in case one minute ends meanwhile.
      for (let batch = 0; batch < 40; batch += 1) {
        const some = Array.from({ length: 4 }, (_, index) => login(digest('x'), `203.0.113.${batch * 4 + index + 1}`));
        statuses.push(...(await Promise.all(some)).map(({ status }) => status));
      }
      expect(statuses.filter((status) => status === 429).length).toBeGreaterThanOrEqual(20);
    });

    it('does not let one address use up what all have together', async () => {
      for (let batch = 0; batch < 35; batch += 1) {
        await Promise.all(Array.from({ length: 4 }, () => login(digest('x'), '203.0.113.250')));
      }
      await login(DIGEST, '198.51.100.69').expect(204);
    });

    it('goes on limiting, alone, while Redis is away', async () => {
      await using own = await GatewayHarness.startReady();
      await own.redis.stop();
      await untilRefused((attempt) =>
        own.request('post', '/api/v1/session').send({ passwordDigest: digest(`guess ${attempt}`) }),
      );
      await own.redis.start(); // its queue says goodbye to it
    });
  });

  describe('GET /api/v1/session', () => {
    it('says who asks and from where, past the trusted proxy', async () => {
      const cookie = cookieOf(await login(DIGEST).expect(204));
      const { body } = await gateway
        .request('get', '/api/v1/session')
        .set('Cookie', `other=1; ${cookie}; x=y`)
        .set('X-Forwarded-For', '203.0.113.99, 198.51.100.7')
        .expect(200);
      expect(body).toMatchObject({
        actor: 'operator',
        scopes: ['read', 'ban', 'config', 'helpdesk', 'admin'],
        clientAddress: '198.51.100.7',
        preferences: { timeZone: 'Europe/Zurich' },
      });
    });

    it('tells an ended session from none', async () => {
      const none = await gateway.request('get', '/api/v1/session').expect(401);
      expect(none.body).toMatchObject({ code: 'auth/required' });
      const madeUp = `${SESSION_COOKIE}=${'a'.repeat(43)}`;
      const ended = await gateway.request('get', '/api/v1/session').set('Cookie', madeUp).expect(401);
      expect(ended.body).toMatchObject({ code: 'auth/session-expired' });
    });

    it('ends a session when its time is over', async () => {
      const cookie = cookieOf(await login(DIGEST).expect(204));
      await gateway.database.withTransaction(({ manager }) =>
        manager.query(`UPDATE session SET expires_at_ms = ${Date.now() - 1}`),
      );
      const { body } = await gateway.request('get', '/api/v1/session').set('Cookie', cookie).expect(401);
      expect(body).toMatchObject({ code: 'auth/session-expired' });
    });
  });

  describe('DELETE /api/v1/session', () => {
    it('ends the session at once, though it was found good a moment ago', async () => {
      const cookie = cookieOf(await login(DIGEST).expect(204));
      await gateway.request('get', '/api/v1/session').set('Cookie', cookie).expect(200);
      const answer = await gateway.request('delete', '/api/v1/session').set('Cookie', cookie).set(OWN_PAGE).expect(204);
      expect(setCookieOf(answer)).toMatch(/Expires=Thu, 01 Jan 1970/);
      await gateway.request('get', '/api/v1/session').set('Cookie', cookie).expect(401);
    });
  });

  describe('a state-changing request that rides on the cookie', () => {
    let cookie: string;
    beforeAll(async () => (cookie = await gateway.signIn()));
    const patch = (headers: Record<string, string>) =>
      gateway.request('patch', '/api/v1/settings').set('Cookie', cookie).set(headers).send({ dateFormat: 'iso' });
    const own = () => `http://127.0.0.1`;

    it.each([
      ['nothing', {}],
      ['our header alone', { [HEADERS.request]: '1' }],
      ['another site', { [HEADERS.request]: '1', 'Sec-Fetch-Site': 'cross-site' }],
      ['a sibling', { [HEADERS.request]: '1', 'Sec-Fetch-Site': 'same-site', Origin: 'http://127.0.0.1' }],
      ['another origin', { [HEADERS.request]: '1', Origin: 'https://evil.example' }],
      ['a null origin', { [HEADERS.request]: '1', Origin: 'null' }],
      ['no header of ours', { 'Sec-Fetch-Site': 'same-origin' }],
    ])('is refused with %s', async (_what, headers) => {
      const { body } = await patch(headers).expect(403);
      expect(body).toMatchObject({ code: 'request/forbidden-origin' });
    });

    it('is heard from our own pages, by either proof', async () => {
      await patch(OWN_PAGE).expect(200);
      await patch({ [HEADERS.request]: '1', Origin: own(), Host: '127.0.0.1' }).expect(200);
      const forwarded = { 'X-Forwarded-Proto': 'https', 'X-Forwarded-Host': 'bans.example' };
      const behindProxy = { Origin: 'https://bans.example', Host: '10.0.0.5:8420', ...forwarded };
      await patch({ [HEADERS.request]: '1', ...behindProxy }).expect(200);
    });
  });

  describe('/api/v1/sessions', () => {
    it('lists sessions and revokes one', async () => {
      const mine = await gateway.signIn();
      const theirs = await gateway.signIn();
      const read = () => gateway.request('get', '/api/v1/sessions').set('Cookie', mine).expect(200);
      const before = (await read()).body as { id: string; current: boolean }[];
      expect(before.filter(({ current }) => current)).toHaveLength(1);
      const other = before.find(({ current }) => !current);
      const revoke = (id: string) =>
        gateway.request('delete', `/api/v1/sessions/${id}`).set('Cookie', mine).set(OWN_PAGE);
      await gateway.request('get', '/api/v1/session').set('Cookie', theirs).expect(200);
      for (const { id, current } of before) if (!current) await revoke(id).expect(204);
      await gateway.request('get', '/api/v1/session').set('Cookie', theirs).expect(401);
      await revoke(other?.id ?? '').expect(404);
    });
  });

  describe('PUT /api/v1/password', () => {
    it('changes it, keeps this session and ends all others', async () => {
      const mine = await gateway.signIn();
      const theirs = await gateway.signIn();
      const change = (currentDigest: string, newDigest: string) =>
        gateway.request('put', '/api/v1/password').set('Cookie', mine).set(OWN_PAGE).send({ currentDigest, newDigest });
      await change(digest('wrong'), digest('next')).expect(401);
      await change(DIGEST, digest('next')).expect(204);
      await gateway.request('get', '/api/v1/session').set('Cookie', mine).expect(200);
      await gateway.request('get', '/api/v1/session').set('Cookie', theirs).expect(401);
      await login(DIGEST).expect(401);
      await login(digest('next')).expect(204);
      await change(digest('next'), DIGEST).expect(204);
    });
  });

  describe('/api/v1/tokens', () => {
    const make = async (scopes: string[], extra: object = {}): Promise<TokenAnswer> => {
      const cookie = await gateway.signIn();
      const request = gateway.request('post', '/api/v1/tokens').set('Cookie', cookie).set(OWN_PAGE);
      return (await request.send({ name: 'ci', scopes, ...extra }).expect(201)).body as TokenAnswer;
    };
    const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });

    it('shows a token once, and lets it do what its scopes say, without our header', async () => {
      const { token } = await make(['read', 'config']);
      expect(token).toMatch(/^blf_[A-Za-z0-9_-]{43}$/);
      const { body } = await gateway.request('get', '/api/v1/session').set(bearer(token)).expect(200);
      expect(body).toMatchObject({ actor: 'ci', scopes: ['read', 'config'] });
      await gateway.request('patch', '/api/v1/settings').set(bearer(token)).send({ dateFormat: 'iso' }).expect(200);
      const refused = await gateway.request('get', '/api/v1/tokens').set(bearer(token)).expect(403);
      expect(refused.body).toMatchObject({ code: 'auth/insufficient-scope' });
      const cookie = await gateway.signIn();
      const listed = await gateway.request('get', '/api/v1/tokens').set('Cookie', cookie).expect(200);
      expect(JSON.stringify(listed.body)).not.toContain(token);
      expect((listed.body as { lastUsedAt: string | null }[]).some(({ lastUsedAt }) => lastUsedAt !== null)).toBe(true);
    });

    it('ends a revoked token at once and refuses an expired one', async () => {
      const { id, token } = await make(['admin'], { expiresInDays: 1 });
      await gateway.request('get', '/api/v1/tokens').set(bearer(token)).expect(200);
      await gateway.request('delete', `/api/v1/tokens/${id}`).set(bearer(token)).expect(204);
      await gateway.request('get', '/api/v1/tokens').set(bearer(token)).expect(401);
      const other = await make(['read'], { expiresInDays: 1 });
      await gateway.database.withTransaction(({ manager }) =>
        manager.query(`UPDATE api_token SET expires_at_ms = 5 WHERE id = '${other.id}'`),
      );
      await gateway.request('get', '/api/v1/session').set(bearer(other.token)).expect(401);
    });

    it('refuses a bad token even with a good cookie', async () => {
      const cookie = await gateway.signIn();
      const both = gateway.request('get', '/api/v1/session').set('Cookie', cookie);
      await both.set(bearer('blf_wrong')).expect(401);
    });

    it.each([[{ name: '', scopes: ['read'] }], [{ name: 'x', scopes: [] }], [{ name: 'x', scopes: ['root'] }]])(
      'refuses to make %j',
      async (body) => {
        const cookie = await gateway.signIn();
        await gateway.request('post', '/api/v1/tokens').set('Cookie', cookie).set(OWN_PAGE).send(body).expect(400);
      },
    );
  });

  it('writes everything that changed something into the audit log', async () => {
    const { items } = await gateway.database.read.audit.page({}, { limit: 500 });
    const actions = new Set(items.map(({ action }) => action));
    for (const action of [
      'session.open',
      'session.close',
      'session.revoke',
      'password.change',
      'token.create',
      'token.revoke',
    ]) {
      expect(actions).toContain(action);
    }
    expect(items.every(({ result }) => result !== 'pending')).toBe(true);
    expect(JSON.stringify(items)).not.toContain(DIGEST);
  });
});

describe('two gateways with one PostgreSQL and one Redis', () => {
  let redis: RedisInstance;
  beforeAll(async () => void (redis = await startRedis()));
  afterAll(() => redis.stop());

  it('know each other’s sign-ins, limits, sign-outs and preferences', async () => {
    await using server = await startPostgres();
    await using one = await GatewayHarness.startReady({ databaseUrl: server.url }, redis);
    await using two = await GatewayHarness.startReady({ databaseUrl: server.url }, redis);
    const cookie = await one.signIn();
    const onTwo = () => two.request('get', '/api/v1/session').set('Cookie', cookie);
    await onTwo().expect(200);
    await one
      .request('patch', '/api/v1/settings')
      .set('Cookie', cookie)
      .set(OWN_PAGE)
      .send({ timeZone: 'Asia/Tokyo' })
      .expect(200);
    await eventually(
      async () => expect((await onTwo()).body).toMatchObject({ preferences: { timeZone: 'Asia/Tokyo' } }),
      {
        withinMs: 3_000,
      },
    );
    await one.request('delete', '/api/v1/session').set('Cookie', cookie).set(OWN_PAGE).expect(204);
    await eventually(async () => expect((await onTwo()).status).toBe(401), { withinMs: 3_000 });
    await untilRefused((attempt) => {
      const gateway = attempt % 2 === 0 ? one : two;
      return gateway.request('post', '/api/v1/session').send({ passwordDigest: digest('wrong') });
    });
  });
});
