import { createEnrolmentRequest } from '@bailiff/agent-channel';
import type { CreatedEnrolmentToken, EnrolmentTokenStatus, HostInfo, Problem } from '@bailiff/contracts/http';
import { eventually } from '@bailiff/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { stat } from 'node:fs/promises';
import { FleetHarness } from '../../test/fleet-harness.spec.js';
import { TestAgent } from '../../test/test-agent.spec.js';
import { RATE } from './enrolment-rate.js';
import { HELLO_WITHIN_MS, PendingHosts } from './pending-hosts.js';

describe('enrolment of a host', () => {
  let fleet: FleetHarness;
  let caller = 0;
  beforeAll(async () => {
    fleet = await FleetHarness.start();
  });
  afterAll(() => fleet[Symbol.asyncDispose]());

  const makeToken = async () => (await fleet.request<CreatedEnrolmentToken>('POST', '/api/v1/enrolment-tokens')).body;
  /** Each call from an address of its own: the rate limit has its own test. */
  const enrol = (body: unknown, from = `203.0.113.${(caller += 1)}`) =>
    fleet.request<Problem>('POST', '/api/enrol', body, { 'x-forwarded-for': from });
  const lastAct = async (action: string) => (await fleet.auditEntries()).find((entry) => entry.action === action);

  it('goes from an open token over pending to online with the first signed hello', async () => {
    const token = await makeToken();
    expect(token.command).toBe(`sudo bailiff-agent enrol ${fleet.baseUrl}`);
    const status = () => fleet.get<EnrolmentTokenStatus>(`/api/v1/enrolment-tokens/${token.id}`);
    expect(await status()).toMatchObject({ state: 'open', host: null });
    await using agent = await TestAgent.enrol(fleet.baseUrl, token.token, 'web-7');
    expect(await status()).toMatchObject({ state: 'pending', host: { id: agent.id, state: 'pending', name: 'web-7' } });
    await agent.start();
    await eventually(async () => expect((await status()).host?.state).toBe('online'));
    expect((await status()).state).toBe('enrolled');
    const host = await fleet.get<HostInfo>(`/api/v1/hosts/${agent.id}`);
    expect(host).toMatchObject({ agentVersion: '0.1.0', groups: ['read', 'ban'], alarms: 0 });
    expect(host.fingerprint).toMatch(/^([0-9a-f]{4}-){7}[0-9a-f]{4}$/);
    expect(await lastAct('host.enrol')).toMatchObject({ actor: 'system', result: 'ok', hostId: agent.id });
    expect(await lastAct('enrolment.create-token')).toMatchObject({ actor: 'suite', address: fleet.operatorAddress });
  });

  it('gives two hosts of one host name names that can be told apart', async () => {
    const names: string[] = [];
    for (let n = 0; n < 3; n += 1) {
      await using agent = await TestAgent.enrol(fleet.baseUrl, (await makeToken()).token, 'clone');
      names.push((await fleet.get<HostInfo>(`/api/v1/hosts/${agent.id}`)).name);
    }
    expect(names).toEqual(['clone', 'clone (2)', 'clone (3)']);
    const hosts = await fleet.get<HostInfo[]>('/api/v1/hosts');
    expect(hosts.filter(({ hostname }) => hostname === 'clone')).toHaveLength(3);
  });

  it('takes a token once, even when several ask at the same time', async () => {
    const { token } = await makeToken();
    const tries = await Promise.all(
      Array.from({ length: 8 }, () => enrol(createEnrolmentRequest({ token, hostName: 'race' }).request)),
    );
    expect(tries.filter(({ status }) => status === 200)).toHaveLength(1);
    const refused = tries.filter(({ status }) => status !== 200);
    expect(refused.map(({ body }) => body.code)).toEqual(Array(7).fill('enrolment/token-invalid'));
    const users = await fleet.asRedisOwner((redis) => redis.call('ACL', 'USERS') as Promise<string[]>);
    const hosts = await fleet.get<HostInfo[]>('/api/v1/hosts');
    expect(users.filter((user) => user.startsWith('ag-')).sort()).toEqual(hosts.map(({ id }) => `ag-${id}`).sort());
  });

  it('refuses a wrong secret, and after five of them the right one too', async () => {
    const { token, id } = await makeToken();
    const wrong = `${id}.${'A'.repeat(43)}`;
    for (let i = 0; i < 5; i += 1) {
      const { status, body } = await enrol(createEnrolmentRequest({ token: wrong, hostName: 'x' }).request);
      expect([status, body.code]).toEqual([403, 'enrolment/token-invalid']);
    }
    expect(await lastAct('host.enrol')).toMatchObject({ result: 'failed', target: `token ${id}, wrong secret` });
    const { request } = createEnrolmentRequest({ token, hostName: 'x' });
    expect((await enrol(request)).body.code).toBe('enrolment/token-invalid');
  });

  it.each([
    ['nothing', null],
    ['a list', []],
    ['a token that is none', { tokenId: '../../etc' }],
    ['half a request', { tokenId: '0123456789abcdef', v: 1 }],
  ])('refuses %s', async (_what, body) => {
    const answer = await enrol(body);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
  });

  it('keeps the token while the agents’ Redis is away', async () => {
    const { token } = await makeToken();
    const { request } = createEnrolmentRequest({ token, hostName: 'patient' });
    await fleet.edge.kill();
    const away = await enrol(request);
    expect([away.status, away.body.code]).toEqual([503, 'edge/unavailable']);
    await fleet.edge.start();
    await eventually(async () => expect((await enrol(request)).status).toBe(200), { withinMs: 20_000 });
  });

  it('shuts a host out that never says hello', async () => {
    const { token, id } = await makeToken();
    const agent = await TestAgent.enrol(fleet.baseUrl, token, 'silent');
    await fleet.app.get(PendingHosts).expire(Date.now() + HELLO_WITHIN_MS - 1_000);
    expect((await fleet.get<HostInfo>(`/api/v1/hosts/${agent.id}`)).state).toBe('pending');
    await fleet.app.get(PendingHosts).expire(Date.now() + HELLO_WITHIN_MS);
    expect(await fleet.get<HostInfo>(`/api/v1/hosts/${agent.id}`)).toMatchObject({ state: 'revoked', alarms: 1 });
    expect((await fleet.get<EnrolmentTokenStatus>(`/api/v1/enrolment-tokens/${id}`)).state).toBe('expired');
    const users = await fleet.asRedisOwner((redis) => redis.call('ACL', 'USERS') as Promise<string[]>);
    expect(users).not.toContain(`ag-${agent.id}`);
  });

  it('offers the agent of this machine a token in a private file, until it has enrolled', async () => {
    const token = await fleet.localToken();
    expect((await stat(fleet.localTokenFile)).mode & 0o777).toBe(0o600);
    await fleet.stopGateway();
    await fleet.startGateway();
    const fresh = await fleet.localToken();
    expect(fresh).not.toBe(token);
    await using agent = await TestAgent.enrol(fleet.baseUrl, fresh, 'this-machine');
    await (await agent.start()).welcomed();
    await fleet.stopGateway();
    await fleet.startGateway();
    await expect(fleet.localToken()).rejects.toThrow('ENOENT');
  });

  it('lets nobody without admin make tokens or revoke hosts', async () => {
    const { body } = await fleet.request<{ token: string }>(
      'POST',
      '/api/v1/tokens',
      { name: 'reader', scopes: ['read', 'ban'] },
      fleet.browserHeaders(),
    );
    const headers = { authorization: `Bearer ${body.token}` };
    const [host] = await fleet.get<HostInfo[]>('/api/v1/hosts');
    for (const [method, path] of [
      ['POST', '/api/v1/enrolment-tokens'],
      ['DELETE', `/api/v1/hosts/${host?.id ?? ''}`],
      ['PATCH', `/api/v1/hosts/${host?.id ?? ''}`],
    ] as const) {
      expect((await fleet.request(method, path, {}, headers)).status).toBe(403);
      expect((await fleet.request(method, path, {}, {})).status).toBe(401);
    }
    expect((await fleet.request('GET', '/api/v1/hosts', undefined, headers)).status).toBe(200);
  });

  it('renames and tags a host, and audits it', async () => {
    const host = (await fleet.get<HostInfo[]>('/api/v1/hosts'))[0];
    const path = `/api/v1/hosts/${host?.id ?? ''}`;
    const changed = await fleet.request<HostInfo>('PATCH', path, { name: 'renamed', tags: ['edge', 'eu'] });
    expect(changed.body).toMatchObject({ name: 'renamed', tags: ['edge', 'eu'] });
    expect(await lastAct('host.change')).toMatchObject({ before: { name: host?.name }, after: { name: 'renamed' } });
    expect((await fleet.request('PATCH', path, { tags: ['A b'] })).status).toBe(400);
    expect((await fleet.request('PATCH', '/api/v1/hosts/%2e%2e', { name: 'x' })).status).toBe(404);
  });

  it('is slowed down for whoever asks too often', async () => {
    const statuses: number[] = [];
    for (let i = 0; i <= RATE.perAddress; i += 1) statuses.push((await enrol({}, '198.51.100.9')).status);
    expect(statuses.at(-2)).not.toBe(429);
    expect(statuses.at(-1)).toBe(429);
  });
});
