import { eventually, type Fail2banInstance, startFail2ban } from '@bailiff/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ApiClient } from '../harness/api-client.js';
import { BailiffStack } from '../harness/bailiff-stack.js';
import { ConsoleBrowser } from '../harness/console-browser.js';
import { bannedNow } from '../harness/fail2ban-truth.js';
import { LookupServer } from '../harness/lookup-server.js';
import { axeViolations, sidewaysScroll } from '../harness/page-checks.js';
import type { Person } from '../harness/person.js';

const ADDRESS = '203.0.113.7';
const PUBLIC = '8.8.8.8';

describe('the page of an address', () => {
  let fail2ban: Fail2banInstance;
  let lookups: LookupServer;
  let bailiff: BailiffStack;
  let browser: ConsoleBrowser;
  let api: ApiClient;
  let hostId: string;

  beforeAll(async () => {
    fail2ban = await startFail2ban({
      jails: {
        sshd: { filter: 'sshd', maxretry: 2 },
        web: { failregex: String.raw`^<HOST> - .*" 404 `, maxretry: 1 },
      },
    });
    lookups = await LookupServer.start();
    bailiff = await BailiffStack.start(fail2ban, { env: lookups.env });
    browser = await ConsoleBrowser.start();
    api = await bailiff.setUp();
    await eventually(async () => expect((await api.hosts())[0]?.state).toBe('online'), { withinMs: 60_000 });
    hostId = (await api.hosts())[0]?.id ?? '';
    await fail2ban.appendFailures('sshd', ADDRESS, 2);
    await fail2ban.appendFailures('sshd', '203.0.113.9', 2);
    await fail2ban.appendFailures('sshd', '2001:db8::7', 2);
    await fail2ban.appendLines('web', [
      `${ADDRESS} - - [${clfDate()}] "GET /<img/src=x/onerror=alert(1)> HTTP/1.1" 404 5`,
    ]);
    await eventually(async () => expect((await api.bans()).length).toBe(4), { withinMs: 60_000 });
  });

  afterAll(async () => {
    await browser[Symbol.asyncDispose]();
    await bailiff[Symbol.asyncDispose]();
    await lookups[Symbol.asyncDispose]();
    await fail2ban[Symbol.asyncDispose]();
  });

  const signedIn = (look: { width?: number; theme?: 'light' | 'dark' } = {}): Promise<Person> =>
    browser.person(bailiff.url, { sessionCookie: api.sessionCookie, ...look });

  it('opens from a list and from the command palette', async () => {
    await using person = await signedIn();
    const { page } = person;
    await person.open('/banned');
    await person.rows(ADDRESS).first().getByRole('link', { name: ADDRESS }).click();
    await person.heading(ADDRESS).waitFor();
    expect(person.path).toBe(`/addresses/${ADDRESS}`);
    await page.keyboard.press('/');
    await page.getByRole('combobox', { name: 'Search and commands' }).waitFor();
    await page.keyboard.type('2001:DB8:0::7');
    await page.keyboard.press('Enter');
    await person.heading('2001:db8::7').waitFor();
    await person.open(`/addresses/203.0.113.0/24`);
    await person.heading('203.0.113.0/24').waitFor();
    await page.getByText('3 bans inside this network now').waitFor();
    expect(person.complaints).toEqual([]);
  });

  it('tells where it is banned, its past and its lines, hostile ones as text', async () => {
    await using person = await signedIn();
    const { page } = person;
    const asked: string[] = [];
    page.on('dialog', (dialog) => {
      asked.push(dialog.message());
      void dialog.dismiss();
    });
    await person.open(`/addresses/${ADDRESS}`);
    await page.getByText('Banned now in 2 jails on 1 host').waitFor();
    await page.getByText('1 other address is banned now').waitFor();
    const lines = page.getByRole('list', { name: 'Log lines' });
    await lines.getByText('onerror=alert(1)').first().waitFor();
    const marked = await lines.locator('mark').allTextContents();
    expect(marked.filter((text) => text === ADDRESS).length).toBeGreaterThanOrEqual(3);
    await page.getByText('Not asked: the address is not public.').first().waitFor();
    await person.isQuiet();
    expect(await page.locator('img[src="x"], img[src^="x/"]').count()).toBe(0);
    expect(asked).toEqual([]);
    expect(await axeViolations(person)).toEqual([]);
    expect(person.complaints).toEqual([]);
  });

  it('names the jails that ignore it, for now or for good', async () => {
    await fail2ban.client('set', 'sshd', 'addignoreip', '203.0.113.0/28');
    await using person = await signedIn();
    const { page } = person;
    await person.open(`/addresses/${ADDRESS}`);
    const match = page.getByRole('listitem').filter({ hasText: '203.0.113.0/28' });
    await match.getByText('in force until a reload').waitFor();
    await match.getByRole('link', { name: /^Ignore list of sshd/ }).click();
    await person.heading('sshd').waitFor();
    await page.getByText('203.0.113.0/28').waitFor();
    await fail2ban.client('set', 'sshd', 'delignoreip', '203.0.113.0/28');
    await person.open(`/addresses/${ADDRESS}`);
    await page.getByText('No jail of 1 host ignores it.').waitFor();
    expect(person.complaints).toEqual([]);
  });

  it('unbans and bans there, as fail2ban itself says, and hears of it live', async () => {
    await using person = await signedIn();
    const { page } = person;
    await person.open(`/addresses/${ADDRESS}`);
    await page.getByRole('button', { name: `Unban ${ADDRESS} in web on` }).click();
    await person.toldBy(`Unbanned ${ADDRESS}`);
    await page.getByText('Banned now in 1 jail on 1 host').waitFor();
    expect(await bannedNow(fail2ban)).not.toContain(`web ${ADDRESS}`);
    expect(await bannedNow(fail2ban)).toContain(`sshd ${ADDRESS}`);
    // Somebody else bans it again: the page says so by itself.
    await api.post('/api/v1/bans', { hostIds: [hostId], jails: ['web'], addresses: [ADDRESS] });
    await page.getByText('Banned now in 2 jails on 1 host').waitFor();
    await page.getByRole('button', { name: 'Unban everywhere…' }).click();
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /^Unban/ })
      .click();
    await page.getByText('Not banned anywhere').waitFor();
    expect((await bannedNow(fail2ban)).filter((ban) => ban.endsWith(` ${ADDRESS}`))).toEqual([]);
    expect(person.complaints).toEqual([]);
  });

  it('asks others through the worker, once, and shows what they say as text', async () => {
    await using person = await signedIn();
    const { page } = person;
    await person.open(`/addresses/${PUBLIC}`);
    const registration = page.getByRole('region', { name: 'Registration' });
    await registration.getByText('Example Networks LLC').waitFor({ timeout: 60_000 });
    await registration.getByText('<img src=x onerror=alert(1)>').waitFor();
    await page
      .getByRole('region', { name: 'AbuseIPDB' })
      .getByText('87% sure that it is abusive')
      .waitFor({ timeout: 60_000 });
    await page.getByRole('region', { name: 'Names' }).getByText('Switched off.').waitFor();
    await page.getByRole('region', { name: 'AlienVault OTX' }).getByText('No key is set in the worker.').waitFor();
    expect(lookups.asked.toSorted()).toEqual([
      `/api/v2/check?ipAddress=${PUBLIC}&maxAgeInDays=90`,
      '/ipv4.json',
      `/rdap/ip/${PUBLIC}`,
    ]);
    await person.open(`/addresses/${PUBLIC}`);
    await registration.getByText('Example Networks LLC').waitFor();
    await person.isQuiet();
    expect(lookups.asked).toHaveLength(3);
    expect(await page.locator('img[src="x"]').count()).toBe(0);
    expect(await axeViolations(person)).toEqual([]);
    expect(person.complaints).toEqual([]);
  });

  it('says which look-ups are made, and that the key is set but not what it is', async () => {
    await using person = await signedIn();
    const { page } = person;
    await person.open('/settings');
    await page.getByText('key not set').waitFor();
    await page.getByText('key set', { exact: true }).waitFor();
    expect(await page.content()).not.toContain('key-of-the-suite');
    const names = page.getByRole('switch', { name: 'Look names up (reverse DNS)' });
    expect(await names.isChecked()).toBe(false);
    await names.click();
    await eventually(async () => {
      const settings = await api.get<{ reverseDns: boolean }>('/api/v1/lookups/settings');
      expect(settings.reverseDns).toBe(true);
    });
    await names.click();
    expect(person.complaints).toEqual([]);
  });

  it.each([
    ['/addresses/203.0.113.999', '203.0.113.999'],
    ['/addresses/203.0.113.0/99', '203.0.113.0/99'],
    ['/addresses/%3Cimg%20src%3Dx%20onerror%3Dalert%281%29%3E', '<img src=x onerror=alert(1)>'],
  ])('is a clear page for %s', async (path, text) => {
    await using person = await signedIn();
    const { page } = person;
    await person.open(path);
    await page.getByRole('heading', { name: 'This is not an IP address or network' }).waitFor();
    await page.getByText(`“${text}”`).waitFor();
    await page.getByRole('textbox', { name: 'Another address or network' }).fill('198.51.100.77');
    await page.getByRole('button', { name: 'Open' }).click();
    await person.heading('198.51.100.77').waitFor();
    await page.getByText('Never banned, as far as the archive goes.').waitFor();
    expect(await axeViolations(person)).toEqual([]);
    expect(person.complaints).toEqual([]);
  });

  it.each([
    [390, 'light'],
    [834, 'dark'],
    [1440, 'dark'],
  ] as const)('fits %i px, %s', async (width, theme) => {
    await using person = await signedIn({ width, theme });
    for (const path of [ADDRESS, '2001:db8::7', PUBLIC, '203.0.113.0/24']) {
      await person.open(`/addresses/${path}`);
      await person.heading(path).waitFor();
      await person.isQuiet();
      expect(await sidewaysScroll(person)).toEqual([]);
      expect(await axeViolations(person)).toEqual([]);
    }
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
