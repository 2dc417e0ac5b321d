import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { HEADERS } from '@bailiff/contracts/http';
import { startPostgres } from '@bailiff/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DIGEST, GatewayHarness, setupRequest } from '../../test/gateway-harness.spec.js';
import { hostRow } from '../../test/host-row.spec.js';

describe('/api before setup', () => {
  let gateway: GatewayHarness;
  beforeAll(async () => (gateway = await GatewayHarness.start()), 30_000);
  afterAll(() => gateway[Symbol.asyncDispose]());
  const token = () => gateway.setupToken ?? '';

  it.each(['/api/v1/session', '/api/v1/hosts', '/api/nope', '/api', '/api/docs', '/api/docs/openapi.json'])(
    'answers 423 on %s',
    async (path) => {
      const { body, headers } = await gateway.request('get', path).expect(423);
      expect(headers['content-type']).toContain('application/problem+json');
      expect(body).toMatchObject({ code: 'setup/required', setup_required: true, instance: path });
    },
  );

  it('answers 423 to a sign-in', async () => {
    await gateway.request('post', '/api/v1/session').send({ passwordDigest: DIGEST }).expect(423);
  });

  it('answers on health, setup and enrolment', async () => {
    await gateway.request('get', '/api/health').expect(200);
    await gateway.request('get', '/api/health/live').expect(200);
    const { body } = await gateway.request('get', '/api/setup').expect(200);
    expect(body).toEqual({ state: 'required' });
    await gateway.request('post', '/api/enrol').send({}).expect(400);
  });

  it('shows the proposal to the holder of the setup token only', async () => {
    const wrong = await gateway.request('get', '/api/setup').set(HEADERS.setupToken, `${token()}x`).expect(200);
    expect(wrong.body).toEqual({ state: 'required' });
    const { body } = await gateway.request('get', '/api/setup').set(HEADERS.setupToken, token()).expect(200);
    const database = { kind: 'sqlite', location: join(gateway.dir.path, 'bailiff.db'), readOnly: false };
    expect(body).toMatchObject({ state: 'required', proposal: { database, localHost: null } });
  });

  it('refuses setup without the token', async () => {
    const { body } = await gateway.request('post', '/api/setup').send(setupRequest(gateway)).expect(401);
    expect(body).toMatchObject({ code: 'setup/token-invalid' });
    await gateway
      .request('post', '/api/setup/database-test')
      .send({ kind: 'sqlite', location: '/etc/passwd' })
      .expect(401);
  });

  it('refuses what makes no sense, and names the field', async () => {
    const { preferences } = setupRequest(gateway);
    const send = (overrides: object) =>
      gateway
        .request('post', '/api/setup')
        .set(HEADERS.setupToken, token())
        .send({ ...setupRequest(gateway), ...overrides })
        .expect(400);
    const pointers = async (overrides: object) => {
      const { body } = (await send(overrides)) as { body: { errors: { pointer: string }[] } };
      return body.errors.map(({ pointer }) => pointer);
    };
    expect(await pointers({ passwordDigest: 'hunter2' })).toEqual(['/passwordDigest']);
    expect(await pointers({ preferences: { ...preferences, timeZone: 'Mars/Olympus' } })).toEqual([
      '/preferences/timeZone',
    ]);
    const thresholds = { low: 5, medium: 5, high: 9 };
    expect(await pointers({ preferences: { ...preferences, mapThresholds: thresholds } })).toEqual([
      '/preferences/mapThresholds',
    ]);
    expect(await pointers({ database: { kind: 'sqlite', location: 'relative' } })).toEqual(['/database/location']);
    expect(await pointers({ database: { kind: 'postgres', location: '/a/file' } })).toEqual(['/database/location']);
    expect(await pointers({ more: 1 })).toEqual(['/more']);
  });

  it('keeps its data private', async () => {
    expect((await stat(gateway.dir.path)).mode & 0o777).toBe(0o700);
  });
});

describe('POST /api/setup', () => {
  it('asks for the token before it looks at what is sent', async () => {
    await using gateway = await GatewayHarness.start();
    for (const path of ['/api/setup', '/api/setup/database-test']) {
      const { body } = await gateway.request('post', path).send({ nonsense: true }).expect(401);
      expect(body).toMatchObject({ code: 'setup/token-invalid' });
    }
  });

  it('sets up once, of several at once, and never again, also after a restart', async () => {
    await using gateway = await GatewayHarness.start();
    const token = gateway.setupToken ?? '';
    const send = () => gateway.request('post', '/api/setup').set(HEADERS.setupToken, token).send(setupRequest(gateway));
    const statuses = (await Promise.all([send(), send(), send()])).map(({ status }) => status).sort();
    expect(statuses).toEqual([204, 409, 409]);
    await gateway.request('get', '/api/setup').set(HEADERS.setupToken, token).expect(409);
    await gateway.request('post', '/api/setup').send({}).expect(409);
    await gateway.signIn();
    await gateway.close();
    await gateway.open();
    expect(gateway.setupToken).toBeNull();
    const { body } = await send().expect(409);
    expect(body).toMatchObject({ code: 'setup/already-complete' });
    await gateway.signIn();
    const health = await gateway.request('get', '/api/health').expect(200);
    expect(health.body).toMatchObject({ setup: 'complete' });
  });

  it('can be run again after it was cut short, with a new token', async () => {
    await using gateway = await GatewayHarness.start();
    const first = gateway.setupToken ?? '';
    await gateway.database.withTransaction(({ settings }) => settings.set('setup.state', 'in_progress', Date.now()));
    await gateway.close();
    await gateway.open();
    await gateway.request('post', '/api/setup').set(HEADERS.setupToken, first).send(setupRequest(gateway)).expect(401);
    const second = gateway.setupToken ?? '';
    await gateway.request('post', '/api/setup').set(HEADERS.setupToken, second).send(setupRequest(gateway)).expect(204);
    await gateway.signIn();
  });

  it('moves to PostgreSQL with the hosts that enrolled before, and stays there', async () => {
    await using server = await startPostgres();
    await using gateway = await GatewayHarness.start();
    const token = gateway.setupToken ?? '';
    const host = hostRow({ isLocal: true, name: 'this machine', state: 'active' });
    await gateway.database.withTransaction(({ hosts }) => hosts.insert(host));
    const test = (location: string) =>
      gateway
        .request('post', '/api/setup/database-test')
        .set(HEADERS.setupToken, token)
        .send({ kind: 'postgres', location })
        .expect(200);
    expect((await test(server.url)).body).toMatchObject({ ok: true });
    const nowhere = await test('postgres://x:secret@127.0.0.1:1/x');
    expect(nowhere.body).toEqual({ ok: false, detail: 'Nothing answers at that host and port.' });

    const send = (location: string) =>
      gateway
        .request('post', '/api/setup')
        .set(HEADERS.setupToken, token)
        .send(setupRequest(gateway, { database: { kind: 'postgres', location } }));
    const { body } = await send('postgres://x:secret@127.0.0.1:1/x').expect(422);
    expect(body).toMatchObject({ code: 'setup/database-unusable' });
    expect(JSON.stringify(body)).not.toContain('secret');
    await send(server.url).expect(204);
    expect(gateway.database.kind).toBe('postgres');
    expect((await stat(join(gateway.dir.path, 'database.json'))).mode & 0o777).toBe(0o600);
    await gateway.signIn();
    await gateway.close();
    await gateway.open();
    expect(gateway.database.kind).toBe('postgres');
    await gateway.signIn();
    expect((await gateway.database.read.hosts.list()).map(({ name }) => name)).toEqual(['this machine']);
  });

  it('leaves the agent of this machine out when asked to', async () => {
    await using gateway = await GatewayHarness.start();
    await gateway.database.withTransaction(({ hosts }) => hosts.insert(hostRow({ isLocal: true })));
    await gateway
      .request('post', '/api/setup')
      .set(HEADERS.setupToken, gateway.setupToken ?? '')
      .send(setupRequest(gateway, { useLocalHost: false }))
      .expect(204);
    expect((await gateway.database.read.hosts.listUsable()).length).toBe(0);
  });

  it('does not let DATABASE_URL be overruled', async () => {
    await using server = await startPostgres();
    await using gateway = await GatewayHarness.start({ databaseUrl: server.url });
    const token = gateway.setupToken ?? '';
    const { body } = await gateway.request('get', '/api/setup').set(HEADERS.setupToken, token).expect(200);
    const { proposal } = body as { proposal: { database: { kind: string; location: string; readOnly: boolean } } };
    expect(proposal.database).toMatchObject({ kind: 'postgres', readOnly: true });
    const { password } = new URL(server.url);
    if (password !== '') expect(proposal.database.location).not.toContain(password);
    const send = (database: { kind: 'sqlite' | 'postgres'; location: string }) =>
      gateway.request('post', '/api/setup').set(HEADERS.setupToken, token).send(setupRequest(gateway, { database }));
    await send({ kind: 'sqlite', location: '/tmp/other.db' }).expect(400);
    const { kind, location } = proposal.database;
    await send({ kind: kind === 'postgres' ? 'postgres' : 'sqlite', location }).expect(204);
    await gateway.signIn();
  });
});
