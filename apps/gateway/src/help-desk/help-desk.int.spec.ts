import { CommandError } from '@bailiff/agent-channel';
import type {
  BanResult,
  CreatedApiToken,
  CurrentSession,
  HelpDeskAccess,
  HelpDeskAnswer,
  Problem,
  SessionInfo,
} from '@bailiff/contracts/http';
import { eventually } from '@bailiff/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { FleetHarness } from '../../test/fleet-harness.spec.js';
import type { TestAgent } from '../../test/test-agent.spec.js';
import { openApiDocument } from '../openapi/openapi-document.js';

const digest = (password: string) => createHash('sha256').update(password).digest('hex');
const PASSWORD = digest('help the people at the door');
const MASTER = digest('correct horse battery staple');
const ADDRESS = '192.0.2.7';
const URL = `/api/v1/help-desk?address=${ADDRESS}`;
/** Everything a session of the help desk may ask. */
const ALLOWED = [
  'get /api/v1/help-desk',
  'post /api/v1/help-desk/unbans',
  'get /api/v1/session',
  'delete /api/v1/session',
];
/** Routes that check their callers themselves, or tell nobody anything. */
const PUBLIC = /^(get|post|head) \/api\/(health|setup|v1\/session$|enrol)/;

describe('help desk', () => {
  let fleet: FleetHarness;
  let agent: TestAgent;
  let cookie = '';
  const minuteAgo = Math.floor(Date.now() / 1000) * 1000 - 60_000;
  const line = `sshd[7]: Failed password for root from ${ADDRESS} <script>alert(1)</script>`;

  beforeAll(async () => {
    fleet = await FleetHarness.start();
    agent = await fleet.addAgent('web-1');
    agent.sendTickets(
      { address: ADDRESS, atMs: minuteAgo, matches: [line], failures: 5 },
      { address: ADDRESS, jail: 'nginx', atMs: minuteAgo },
      { address: '198.51.100.0/24', jail: 'manual', atMs: minuteAgo },
    );
    await agent.acknowledged();
    agent.handlers.set('bans.unban', (args) => {
      const { jails, addresses } = args as { jails: string[]; addresses: string[] };
      return { outcomes: jails.flatMap((jail) => addresses.map((address) => ({ jail, address, result: 'unbanned' }))) };
    });
  });
  afterAll(async () => {
    await agent.stop();
    await fleet[Symbol.asyncDispose]();
  });

  const browser = () => fleet.browserHeaders(cookie);
  const signIn = async (passwordDigest: string) => {
    const response = await fetch(`${fleet.baseUrl}/api/v1/session`, {
      method: 'POST',
      headers: { ...fleet.browserHeaders(''), 'content-type': 'application/json' },
      body: JSON.stringify({ passwordDigest }),
    });
    return response.ok ? (response.headers.getSetCookie()[0]?.split(';')[0] ?? '') : response.status;
  };
  const setPassword = (newDigest: string) => fleet.request<Problem>('PUT', '/api/v1/help-desk/password', { newDigest });
  const unban = (body: object) =>
    fleet.request<BanResult & Problem>('POST', '/api/v1/help-desk/unbans', body, browser());

  it('cannot sign in before it has a password', async () => {
    expect(await fleet.get<HelpDeskAccess>('/api/v1/help-desk/password')).toMatchObject({
      isSet: false,
      changedAt: null,
    });
    expect(await signIn(PASSWORD)).toBe(401);
  });

  it('gets a password from an administrator, which is not the master password', async () => {
    expect(await setPassword(MASTER)).toMatchObject({ status: 400, body: { code: 'request/invalid' } });
    expect(await setPassword('short')).toMatchObject({ status: 400 });
    expect((await setPassword(PASSWORD)).status).toBe(204);
    expect((await fleet.auditEntries())[0]).toMatchObject({
      action: 'help-desk.password-set',
      result: 'ok',
      after: null,
    });
    const stored = await fleet.database.read.settings.get('auth.helpdesk-password-hash');
    expect(stored).toMatch(/^\$argon2id\$/);
  });

  it('signs in as itself', async () => {
    const opened = await signIn(PASSWORD);
    expect(opened).toMatch(/=/);
    cookie = String(opened);
    const { body } = await fleet.request<CurrentSession>('GET', '/api/v1/session', undefined, browser());
    expect(body).toMatchObject({ actor: 'help desk', scopes: ['helpdesk'] });
    const { body: sessions } = await fleet.request<SessionInfo[]>(
      'GET',
      '/api/v1/sessions',
      undefined,
      fleet.browserHeaders(),
    );
    expect(sessions.map(({ role }) => role).sort()).toEqual(['helpdesk', 'operator']);
    expect((await fleet.auditEntries()).find(({ action }) => action === 'session.open')).toMatchObject({
      actor: 'help desk',
    });
  });

  it('is refused by every other route of the API', async () => {
    const document = openApiDocument(fleet.app);
    const operations = Object.entries(document.paths).flatMap(([path, item]) =>
      (['get', 'post', 'put', 'patch', 'delete'] as const)
        .filter((method) => item[method] !== undefined)
        .map((method) => ({ name: `${method} ${path}`, method, path })),
    );
    expect(operations.length).toBeGreaterThan(30);
    expect(operations.map(({ name }) => name)).toEqual(expect.arrayContaining(ALLOWED));
    const answers: string[] = [];
    for (const { name, method, path } of operations) {
      if (ALLOWED.includes(name) || PUBLIC.test(name)) continue;
      const url = path.replaceAll(/\{\w+\}/g, '00112233aabbccdd');
      const body = method === 'get' || method === 'delete' ? undefined : {};
      const { status, body: problem } = await fleet.request<Problem>(method.toUpperCase(), url, body, browser());
      if (status !== 403 || problem.code !== 'auth/insufficient-scope') answers.push(`${name}: ${String(status)}`);
    }
    expect(answers).toEqual([]);
  });

  it('hears nothing of the live feed', async () => {
    const socket = new WebSocket(`${fleet.baseUrl.replace('http', 'ws')}/api/live`, {
      headers: { cookie, origin: fleet.baseUrl },
    });
    const end = await new Promise<string>((resolve) => {
      socket.addEventListener('message', () => resolve('message'));
      socket.addEventListener('error', () => resolve('refused'));
      socket.addEventListener('close', ({ code }) => resolve(code === 1000 ? 'closed' : 'refused'));
    });
    expect(end).toBe('refused');
  });

  it('is told why an address is kept out', async () => {
    const { status, body } = await fleet.request<HelpDeskAnswer>('GET', URL, undefined, browser());
    expect(status).toBe(200);
    expect(body.bans).toHaveLength(2);
    expect(body.bans.find(({ jail }) => jail === 'sshd')).toMatchObject({
      hostName: 'web-1',
      isOnline: true,
      network: null,
      failures: 5,
      matches: [line],
    });
    expect(body.events).toHaveLength(2);
    const inside = await fleet.request<HelpDeskAnswer>(
      'GET',
      '/api/v1/help-desk?address=198.51.100.9',
      undefined,
      browser(),
    );
    expect(inside.body.bans).toMatchObject([{ network: '198.51.100.0/24', jail: 'manual' }]);
  });

  it.each(['', 'x', '192.0.2.0/24', '192.0.2.7;id', '10.1'])(
    'answers for single addresses only: %j',
    async (address) => {
      const url = `/api/v1/help-desk?address=${encodeURIComponent(address)}`;
      expect((await fleet.request('GET', url, undefined, browser())).status).toBe(400);
    },
  );

  it('does nothing without a reason, nor for a network, nor where nobody is banned', async () => {
    const before = agent.commands.length;
    for (const body of [
      { address: ADDRESS },
      { address: ADDRESS, reason: '   ' },
      { address: ADDRESS, reason: 'x'.repeat(201) },
      { address: '198.51.100.0/24', reason: 'customer called' },
      { address: ADDRESS, reason: 'customer called', everything: true },
      { address: ADDRESS, reason: 'customer called', places: [{ hostId: agent.id, jail: '-a' }] },
    ])
      expect(await unban(body)).toMatchObject({ status: 400 });
    expect(await unban({ address: '203.0.113.1', reason: 'customer called' })).toMatchObject({
      status: 409,
      body: { code: 'ban/not-banned' },
    });
    const inside = await unban({ address: '198.51.100.9', reason: 'customer called' });
    expect(inside.body.detail).toContain('198.51.100.0/24');
    expect(agent.commands).toHaveLength(before);
  });

  it('lets somebody in somewhere, or everywhere, and is written down with its reason', async () => {
    const places = [{ hostId: agent.id, jail: 'nginx' }];
    const one = await unban({ address: ADDRESS, places, reason: ' ticket 4711: customer called ' });
    expect(one).toMatchObject({ status: 200, body: { changed: 1 } });
    expect(agent.commands.at(-1)).toMatchObject({
      cmd: 'bans.unban',
      args: { jails: ['nginx'], addresses: [ADDRESS] },
    });
    expect((await fleet.auditEntries())[0]).toMatchObject({
      actor: 'help desk',
      action: 'ban.lift',
      hostName: 'web-1',
      result: 'ok',
      after: { reason: 'ticket 4711: customer called' },
    });
    expect(await unban({ address: ADDRESS, reason: 'customer called' })).toMatchObject({
      body: { changed: 2, failed: 0 },
    });
    expect(agent.commands.at(-1)?.args).toMatchObject({ jails: expect.arrayContaining(['sshd', 'nginx']) });
  });

  it('hears what the host said when it refuses', async () => {
    agent.handlers.set('bans.unban', () => {
      throw new CommandError('agent/policy-denied', 'ban is not granted');
    });
    expect(await unban({ address: ADDRESS, reason: 'customer called' })).toMatchObject({
      status: 403,
      body: { code: 'agent/policy-denied' },
    });
  });

  it('has a token scope of its own, and operators may do the same', async () => {
    const body = { name: 'chat bot', scopes: ['helpdesk'] };
    const { body: token } = await fleet.request<CreatedApiToken>('POST', '/api/v1/tokens', body);
    const headers = { authorization: `Bearer ${token.token}` };
    expect((await fleet.request('GET', URL, undefined, headers)).status).toBe(200);
    expect((await fleet.request('GET', '/api/v1/bans', undefined, headers)).status).toBe(403);
    expect((await fleet.request('GET', URL, undefined, fleet.browserHeaders())).status).toBe(200);
    const reader = await fleet.request<CreatedApiToken>('POST', '/api/v1/tokens', {
      name: 'r',
      scopes: ['read', 'ban'],
    });
    const bearer = { authorization: `Bearer ${reader.body.token}` };
    expect((await fleet.request('GET', URL, undefined, bearer)).status).toBe(403);
  });

  it('is signed out when its password changes or goes', async () => {
    await setPassword(digest('another one for everybody'));
    expect((await fleet.request('GET', URL, undefined, browser())).status).toBe(401);
    cookie = String(await signIn(digest('another one for everybody')));
    expect((await fleet.request('GET', URL, undefined, browser())).status).toBe(200);
    expect((await fleet.request('DELETE', '/api/v1/help-desk/password')).status).toBe(204);
    expect((await fleet.request('GET', URL, undefined, browser())).status).toBe(401);
    expect(await signIn(digest('another one for everybody'))).toBe(401);
    // The operator's own session and password are what they were.
    await eventually(async () => expect(await signIn(MASTER)).toMatch(/=/), { withinMs: 60_000, everyMs: 500 });
    expect((await fleet.request('GET', '/api/v1/session', undefined, fleet.browserHeaders())).status).toBe(200);
  });
});
