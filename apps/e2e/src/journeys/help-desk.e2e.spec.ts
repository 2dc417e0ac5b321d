import type { AuditEntry, Page } from '@bailiff/contracts/http';
import { eventually, type Fail2banInstance, startFail2ban } from '@bailiff/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ApiClient, ApiClient as Client } from '../harness/api-client.js';
import { BailiffStack, digest } from '../harness/bailiff-stack.js';
import { ConsoleBrowser } from '../harness/console-browser.js';
import { bannedNow } from '../harness/fail2ban-truth.js';
import { axeViolations, sidewaysScroll } from '../harness/page-checks.js';
import type { Person } from '../harness/person.js';

const ADDRESS = '203.0.113.7';
const HELP = 'the people at the door need help';
const HOSTILE = '<img/src=x/onerror=alert(1)>';

describe('the help desk', () => {
  let fail2ban: Fail2banInstance;
  let bailiff: BailiffStack;
  let browser: ConsoleBrowser;
  let api: ApiClient;

  beforeAll(async () => {
    fail2ban = await startFail2ban({
      jails: {
        sshd: { filter: 'sshd', maxretry: 3 },
        web: { failregex: String.raw`^<HOST> - .*" 404 `, maxretry: 1 },
      },
    });
    bailiff = await BailiffStack.start(fail2ban, { env: { BAILIFF_LOG_LEVEL: 'debug' } });
    browser = await ConsoleBrowser.start();
    api = await bailiff.setUp();
    await eventually(async () => expect((await api.hosts())[0]?.state).toBe('online'), { withinMs: 60_000 });
    const id = (await api.hosts())[0]?.id ?? '';
    await api.patch(`/api/v1/hosts/${id}`, { name: 'web-1' });
    await fail2ban.appendFailures('sshd', ADDRESS, 3);
    await fail2ban.appendLines('web', [`${ADDRESS} - - [${clfDate()}] "GET /${HOSTILE} HTTP/1.1" 404 5`]);
    await eventually(async () => expect((await api.bans()).length).toBe(2), { withinMs: 60_000 });
  });

  afterAll(async () => {
    await browser[Symbol.asyncDispose]();
    await bailiff[Symbol.asyncDispose]();
    await fail2ban[Symbol.asyncDispose]();
  });

  const lookUp = async ({ page }: Person, address: string): Promise<void> => {
    await page.getByLabel('Their IP address').fill(address);
    await page.getByRole('button', { name: 'Look it up' }).click();
  };
  /** Signs in with the help desk's password, on the login page. */
  const helper = async (look: { width?: number; theme?: 'light' | 'dark' } = {}): Promise<Person> => {
    const client = new Client(bailiff.url);
    await client.signIn(digest(HELP));
    return browser.person(bailiff.url, { sessionCookie: client.sessionCookie, ...look });
  };

  it('gets its password in Access, which never leaves the browser', async () => {
    await using person = await browser.person(bailiff.url, { sessionCookie: api.sessionCookie });
    const { page } = person;
    let sent = '';
    page.on('request', (request) => (sent += request.postData() ?? ''));
    await person.open('/access');
    await page.getByText('Not set: nobody can sign in as help desk.').waitFor();
    await page.getByLabel('New help desk password').fill(HELP);
    await page.getByLabel('Repeat it').fill(HELP);
    await page.getByRole('button', { name: 'Set the password' }).click();
    await person.toldBy('Help desk password set');
    expect(sent).toContain(digest(HELP));
    expect(sent).not.toContain(HELP);
    await person.isQuiet();
    expect(await axeViolations(person)).toEqual([]);
    expect(person.complaints).toEqual([]);
  });

  it('sees one page and no other', async () => {
    await using person = await browser.person(bailiff.url);
    await person.open('/');
    await person.isAt('/login');
    await person.enterPassword(HELP);
    await person.isAt('/help-desk');
    await person.heading('Help desk').waitFor();
    for (const path of ['/', '/banned', '/access', `/addresses/${ADDRESS}`, '/settings', '/no/such']) {
      await person.open(path);
      await person.heading('Help desk').waitFor();
      await person.isAt('/help-desk');
    }
    expect(await person.page.getByRole('navigation').count()).toBe(0);
    expect(person.complaints).toEqual([]);
    await person.page.getByRole('button', { name: 'Log out' }).click();
    await person.heading('Sign in').waitFor();
  });

  it('hears in plain words why somebody is kept out, hostile lines as text', async () => {
    await using person = await helper();
    const { page } = person;
    const asked: string[] = [];
    page.on('dialog', (dialog) => {
      asked.push(dialog.message());
      void dialog.dismiss();
    });
    await person.open('/help-desk');
    await lookUp(person, '203.0.113.999');
    await page.getByText('This is not a single IP address.').waitFor();
    await lookUp(person, '198.51.100.1');
    await page.getByRole('heading', { name: '198.51.100.1 is not banned' }).waitFor();
    await lookUp(person, ` ${ADDRESS} `);
    await page.getByRole('heading', { name: `${ADDRESS} is banned in 2 places` }).waitFor();
    await page.getByText(/^Banned on web-1 since .* by sshd because of 3 failed attempts; it ends /).waitFor();
    await page.getByText(HOSTILE).waitFor();
    expect(await page.locator('img[src^="x"]').count()).toBe(0);
    expect(asked).toEqual([]);
    await person.isQuiet();
    expect(await axeViolations(person)).toEqual([]);
    expect(person.complaints).toEqual([]);
  });

  it('lets somebody in again, with a reason that the audit log keeps', async () => {
    await using person = await helper();
    const { page } = person;
    await person.open('/help-desk');
    await lookUp(person, ADDRESS);
    await page.getByRole('button', { name: 'Let in on web-1 (web)' }).click();
    await page.getByText('Say in a few words who asked and why.').waitFor();
    expect(await bannedNow(fail2ban)).toContain(`web ${ADDRESS}`);
    await page.getByLabel('Who asked, and why').fill('ticket 4711: Ms Doe forgot her password');
    await page.getByRole('button', { name: 'Let in on web-1 (web)' }).click();
    await page.getByText('1 ban lifted.').waitFor();
    await page.getByRole('heading', { name: `${ADDRESS} is banned in 1 place` }).waitFor();
    expect(await bannedNow(fail2ban)).toEqual([`sshd ${ADDRESS}`]);
    await page.getByRole('button', { name: 'Let them in again' }).click();
    await page.getByRole('heading', { name: `${ADDRESS} is not banned` }).waitFor();
    expect(await bannedNow(fail2ban)).toEqual([]);
    const { items } = await api.get<Page<AuditEntry>>('/api/v1/audit?action=ban.lift');
    expect(items).toHaveLength(2);
    for (const entry of items) {
      expect(entry).toMatchObject({ actor: 'help desk', result: 'ok', hostName: 'web-1' });
      expect(entry.after).toMatchObject({ reason: 'ticket 4711: Ms Doe forgot her password' });
    }
    expect(person.complaints).toEqual([]);
  });

  it.each([
    [390, 'dark'],
    [1440, 'light'],
  ] as const)('fits %i px, %s', async (width, theme) => {
    await using person = await helper({ width, theme });
    await person.open('/help-desk');
    await lookUp(person, ADDRESS);
    await person.page.getByRole('heading', { name: `${ADDRESS} is not banned` }).waitFor();
    await person.isQuiet();
    expect(await sidewaysScroll(person)).toEqual([]);
    expect(await axeViolations(person)).toEqual([]);
    expect(person.complaints).toEqual([]);
  });

  it.each([
    [1440, 'light'],
    [390, 'dark'],
  ] as const)(
    'is heard at work in the console of debug mode, which it does not see, at %i px, %s',
    async (width, theme) => {
      await using guest = await helper();
      await using person = await browser.person(bailiff.url, { sessionCookie: api.sessionCookie, width, theme });
      const { page } = person;
      await person.open('/banned');
      const toggle = page.getByRole('button', { name: /^Console/ });
      await toggle.waitFor();
      await person.tabTo(toggle);
      await page.keyboard.press('Enter');
      const log = page.getByRole('log', { name: 'Log lines' });
      await page.getByLabel('Filter lines').fill('/help-desk');
      await guest.open('/help-desk');
      await lookUp(guest, ADDRESS);
      await log.getByText('path=/api/v1/help-desk status=200').first().waitFor();
      expect(await guest.page.getByRole('button', { name: /^Console/ }).count()).toBe(0);
      await person.isQuiet();
      expect(await axeViolations(person)).toEqual([]);
      expect(await sidewaysScroll(person)).toEqual([]);
      // The first empties the filter.
      await page.keyboard.press('Escape');
      await page.keyboard.press('Escape');
      await log.waitFor({ state: 'detached' });
      expect(await toggle.evaluate((button) => button === document.activeElement)).toBe(true);
      expect(person.complaints).toEqual([]);
      expect(guest.complaints).toEqual([]);
    },
  );

  it('is a page of the operator’s as well, who can end help desk’s sessions', async () => {
    await using guest = await helper();
    await guest.open('/help-desk');
    await guest.heading('Help desk').waitFor();
    await using person = await browser.person(bailiff.url, { sessionCookie: api.sessionCookie });
    const { page } = person;
    await person.open('/');
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Help desk' }).click();
    await person.heading('Help desk').waitFor();
    await lookUp(person, ADDRESS);
    await page.getByRole('link', { name: 'Open its page' }).click();
    await person.heading(ADDRESS).waitFor();
    await person.open('/access');
    await person.seesRows(1, [{ cell: 'Operator' }]);
    await page.getByRole('button', { name: 'Remove', exact: true }).click();
    await person.toldBy('Removed; nobody can sign in as help desk');
    await guest.open('/help-desk');
    await guest.isAt('/login');
    expect(person.complaints).toEqual([]);
  });
});

/** Now as access logs write it. */
function clfDate(): string {
  const at = new Date();
  const month = at.toLocaleString('en', { month: 'short', timeZone: 'UTC' });
  const [day = '', clock = ''] = [at.toISOString().slice(8, 10), at.toISOString().slice(11, 19)];
  return `${day}/${month}/${at.getUTCFullYear()}:${clock} +0000`;
}
