import { eventually, type Fail2banInstance, startFail2ban } from '@bailiff/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ApiClient, ApiError } from '../harness/api-client.js';
import { BailiffStack, digest, PASSWORD } from '../harness/bailiff-stack.js';
import { ConsoleBrowser } from '../harness/console-browser.js';
import type { Person } from '../harness/person.js';
import { expireSessions } from '../harness/session-store.js';

const NEW_PASSWORD = 'a quite different horse, unstapled';
const hosts = { hostIds: ['0123456789abcdef'], jails: ['web'], addresses: ['192.0.2.1'] };

describe('setup and sign-in', () => {
  let fail2ban: Fail2banInstance;
  let bailiff: BailiffStack;
  let browser: ConsoleBrowser;
  let operator: Person;
  let sentBodies: string;

  beforeAll(async () => {
    fail2ban = await startFail2ban({ jails: { web: {} } });
    bailiff = await BailiffStack.start(fail2ban);
    browser = await ConsoleBrowser.start();
    operator = await browser.person(bailiff.url);
    sentBodies = '';
    operator.page.on('request', (request) => (sentBodies += request.postData() ?? ''));
  });

  afterAll(async () => {
    await browser[Symbol.asyncDispose]();
    await bailiff[Symbol.asyncDispose]();
    await fail2ban[Symbol.asyncDispose]();
  });

  /** What the API answers, as status and problem. */
  const refusal = async (request: Promise<unknown>): Promise<ApiError> => {
    const error: unknown = await request.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    if (error instanceof ApiError) return error;
    throw new Error('the request was not refused', { cause: error });
  };

  it('leads every page to the setup, and locks the API, until a setup is saved', async () => {
    for (const path of ['/', '/jails', '/history?kind=ban', '/login', '/no/such/page']) {
      await operator.open(path);
      await operator.isAt('/setup');
    }
    await operator.page.getByLabel('Setup token').waitFor();
    const api = new ApiClient(bailiff.url);
    for (const path of ['/api/v1/hosts', '/api/v1/session', '/api/v1/history']) {
      const { status, problem } = await refusal(api.get(path));
      expect([status, problem]).toEqual([423, expect.objectContaining({ setup_required: true })]);
    }
    expect((await refusal(api.post('/api/v1/bans', hosts))).status).toBe(423);
    await api.get('/api/health');
  });

  it('lets nobody set up without the token', async () => {
    const { page } = operator;
    await page.getByLabel('Setup token').fill('not-the-token');
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('alert').waitFor();
    expect(await page.getByLabel('Master password').count()).toBe(0);
    const proposal = await new ApiClient(bailiff.url).get<{ proposal?: unknown }>('/api/setup');
    expect(proposal.proposal).toBeUndefined();
  });

  it('is set up once, for good', async () => {
    await operator.setUp(bailiff.setupToken ?? '', PASSWORD);
    const api = new ApiClient(bailiff.url);
    const token = { 'X-Bailiff-Setup-Token': bailiff.setupToken ?? '' };
    expect((await refusal(api.get('/api/setup', token))).status).toBe(409);
    expect(
      (await refusal(api.post('/api/setup/database-test', { kind: 'sqlite', location: '/x' }, token))).status,
    ).toBe(409);
    const stranger = await browser.person(bailiff.url);
    await stranger.open(`/setup?token=${bailiff.setupToken ?? ''}`);
    await stranger.isAt('/login');
    await stranger[Symbol.asyncDispose]();
  });

  it('keeps the session in a cookie that scripts and other sites cannot use, and never sends the password', async () => {
    const [cookie, ...others] = await operator.cookies();
    expect(others).toEqual([]);
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Lax', path: '/', secure: false });
    expect(cookie?.value.length).toBeGreaterThanOrEqual(43); // 256 bits
    expect(await operator.page.evaluate(() => document.cookie)).toBe('');
    expect(sentBodies).toContain(digest(PASSWORD));
    expect(sentBodies).not.toContain(PASSWORD);
  });

  it('refuses requests that other sites could have made', async () => {
    const api = new ApiClient(bailiff.url);
    await api.signIn(digest(PASSWORD));
    const send = async (headers: Record<string, string>): Promise<number> => {
      const response = await fetch(`${bailiff.url}/api/v1/bans`, {
        method: 'POST',
        headers: { Cookie: api.sessionCookie, 'Content-Type': 'application/json', ...headers },
        body: JSON.stringify(hosts),
      });
      return response.status;
    };
    expect(await send({})).toBe(403);
    expect(await send({ Origin: bailiff.url })).toBe(403);
    expect(await send({ 'X-Bailiff-Request': '1' })).toBe(403);
    expect(await send({ 'X-Bailiff-Request': '1', Origin: 'https://attacker.example' })).toBe(403);
    expect(await send({ 'X-Bailiff-Request': '1', 'Sec-Fetch-Site': 'cross-site', Origin: bailiff.url })).toBe(403);
    // With both it is heard, and refused only for the host that does not exist.
    expect(await send({ 'X-Bailiff-Request': '1', Origin: bailiff.url })).toBe(404);
  });

  it('leads back to the page first asked for', async () => {
    const stranger = await browser.person(bailiff.url);
    await stranger.open('/history?kind=unban');
    await stranger.isAt('/login');
    await stranger.enterPassword(PASSWORD);
    await stranger.heading('History').waitFor();
    expect(stranger.path).toBe('/history?kind=unban');
    await stranger[Symbol.asyncDispose]();
  });

  it('asks for the password again when the session has expired, then goes on where one was', async () => {
    await operator.open('/history?kind=ban');
    await operator.seesLive(/^Live$/);
    expect(expireSessions(bailiff)).toBeGreaterThan(0);
    // Nobody touches the page: the live feed notices.
    await eventually(() => operator.path.startsWith('/login'), { withinMs: 30_000, what: 'the login page' });
    await operator.page.getByText('Your session has ended. Sign in to go on where you were.').waitFor();
    await operator.enterPassword(PASSWORD);
    await operator.heading('History').waitFor();
    expect(operator.path).toBe('/history?kind=ban');
    await operator.seesLive(/^Live$/);
  });

  it('ends every tab at logout', async () => {
    const tab = await operator.newTab();
    await tab.open('/jails');
    await tab.seesLive(/^Live$/);
    await operator.logOut();
    await operator.page.getByText('You are signed out.').waitFor();
    await eventually(() => tab.path.startsWith('/login'), { withinMs: 10_000, what: 'the other tab to end' });
    await operator.open('/jails');
    await operator.isAt('/login');
    await tab.page.close();
  });

  it('signs every other browser out when the password changes', async () => {
    const { page } = operator;
    await operator.enterPassword(PASSWORD);
    await operator.goTo('Access');
    const other = await browser.person(bailiff.url);
    await other.open('/');
    await other.enterPassword(PASSWORD);
    await other.seesLive(/^Live$/);

    await page.getByLabel('Current password').fill('not my password');
    await page.getByLabel('New password', { exact: true }).fill(NEW_PASSWORD);
    await page.getByLabel('Repeat the new password').fill(NEW_PASSWORD);
    await page.getByRole('button', { name: 'Change password' }).click();
    await page.getByText('The password is not right', { exact: true }).waitFor();
    await page.getByLabel('Current password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Change password' }).click();
    await operator.toldBy('Password changed; all other sessions were ended');

    await eventually(() => other.path.startsWith('/login'), { withinMs: 10_000, what: 'the other browser to end' });
    await other.enterPassword(PASSWORD);
    await other.page.getByText('That password is not right.').waitFor();
    await other.enterPassword(NEW_PASSWORD);
    await other.heading('Dashboard').waitFor();

    await operator.open('/access');
    const endOther = page.getByRole('button', { name: /^End the session from/ });
    await endOther.first().click();
    await operator.toldBy('Session ended');
    await eventually(() => other.path.startsWith('/login'), { withinMs: 10_000, what: 'the ended session to end' });
    await other[Symbol.asyncDispose]();
  });

  it('tells a guesser nothing, and makes guessing slow', async () => {
    const guesser = await browser.person(bailiff.url);
    await guesser.open('/login');
    const attempt = async (password: string): Promise<number> => {
      const [answer] = await Promise.all([
        guesser.page.waitForResponse((response) => response.request().method() === 'POST'),
        guesser.enterPassword(password),
      ]);
      return answer.status();
    };
    const statuses: number[] = [];
    while (statuses.length < 10 && statuses.at(-1) !== 429) {
      statuses.push(await attempt(`guess ${String(statuses.length)}`));
      const words =
        statuses.at(-1) === 429 ? /^Too many attempts\. Wait \d+ s and try again\.$/ : 'That password is not right.';
      await guesser.page.getByRole('alert').filter({ hasText: words }).waitFor();
    }
    expect(statuses).toEqual([401, 401, 401, 429]);
    const { status, problem } = await refusal(new ApiClient(bailiff.url).signIn(digest(NEW_PASSWORD)));
    expect([status, problem.code]).toEqual([429, 'request/too-many']);
    // The right password is taken once the wait is over.
    await eventually(async () => expect(await attempt(NEW_PASSWORD)).toBe(204), { withinMs: 30_000, everyMs: 2_000 });
    await guesser.heading('Dashboard').waitFor();
    await guesser[Symbol.asyncDispose]();
  });

  it('records what happened in the audit log', async () => {
    await operator.goTo('Audit log');
    await operator.seesRows(2, ['password.change']);
    await operator.seesRows(1, ['password.change', 'Failed']);
    await operator.seesRows(1, ['session.close']);
    await operator.seesRows(1, ['session.revoke']);
  });
});
