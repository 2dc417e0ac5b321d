import { eventually, type Fail2banInstance, startFail2ban } from '@bailiff/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Locator } from 'playwright-core';
import type { ApiClient } from '../harness/api-client.js';
import { BailiffStack, PASSWORD } from '../harness/bailiff-stack.js';
import { ConsoleBrowser } from '../harness/console-browser.js';
import { addressPage, type ConsolePage, consolePages, jailPages, visit } from '../harness/console-pages.js';
import { bannedNow } from '../harness/fail2ban-truth.js';
import { unbanList } from '../harness/finished-list.js';
import { LookupServer } from '../harness/lookup-server.js';
import { axeViolations, sidewaysScroll } from '../harness/page-checks.js';
import type { Person } from '../harness/person.js';
import { areScreenshotsAskedFor } from '../harness/screenshots.js';
import { ShowCase } from '../harness/show-case.js';

const THEMES = ['light', 'dark'] as const;
const LONG_JAIL = 'a-jail-whose-name-takes-forty-characters';
const HOSTILE_HOST = '<img src=x onerror=alert(1)> \u202Egnp.exe & "host"';
const MARKUP = '<script>alert(1)</script><img src=x onerror=alert(2)><b>bold</b> {{7*7}}';
const RIGHT_TO_LEFT = 'user=\u202Egnp.exe \u05E9\u05DC\u05D5\u05DD \u0645\u0631\u062D\u0628\u0627';
const LONG_WORD = 'x'.repeat(2_048);
const ATTACKER = '203.0.113.66';
/** In the address data, and with answers from registries. */
const PUBLIC = '8.8.8.8';

describe('every page', () => {
  let fail2ban: Fail2banInstance;
  let lookups: LookupServer;
  let bailiff: BailiffStack;
  let api: ApiClient;
  let browser: ConsoleBrowser;
  let pages: readonly ConsolePage[];

  beforeAll(async () => {
    const failregex = String.raw`^\s*(?:\S+ )?fail from <HOST>(?: .*)?$`;
    fail2ban = await startFail2ban({ jails: { [LONG_JAIL]: { failregex }, web: { bantime: -1 } } });
    lookups = await LookupServer.start();
    bailiff = await BailiffStack.start(fail2ban, { env: lookups.env });
    browser = await ConsoleBrowser.start();
  });

  afterAll(async () => {
    await browser[Symbol.asyncDispose]();
    await bailiff[Symbol.asyncDispose]();
    await lookups[Symbol.asyncDispose]();
    await fail2ban[Symbol.asyncDispose]();
  });

  /** Somebody signed in who sits at a screen of this size. */
  const signedIn = (options: { theme?: 'light' | 'dark'; width?: number } = {}): Promise<Person> =>
    browser.person(bailiff.url, { sessionCookie: api.sessionCookie, ...options });

  /** Opens each page, waits until it shows its rows, and looks at it. */
  const atEachPage = async (person: Person, look: (name: string) => Promise<void>): Promise<void> => {
    for (const page of pages) {
      await visit(person, page);
      await look(page.name);
    }
  };

  describe('before anything is set up', () => {
    it.each(THEMES)(
      'has a wizard without fault in %s',
      async (theme) => {
        const person = await browser.person(bailiff.url, { theme, width: 390 });
        const { page } = person;
        await person.open(`/setup?token=${bailiff.setupToken ?? ''}`);
        const found: string[] = [];
        const look = async (): Promise<void> => {
          found.push(...(await axeViolations(person)), ...(await sidewaysScroll(person)));
        };
        await page.getByLabel('Master password').fill('weak');
        await page.getByLabel('Repeat the password').fill('other');
        await look();
        await page.getByLabel('Master password').fill(PASSWORD);
        await page.getByLabel('Repeat the password').fill(PASSWORD);
        await page.getByRole('button', { name: 'Continue' }).click();
        await page.getByText(fail2ban.socketPath).waitFor();
        await look();
        await page.getByRole('button', { name: 'Continue' }).click();
        await page.getByRole('heading', { name: 'Preferences' }).waitFor();
        await look();
        expect(found).toEqual([]);
        expect(person.complaints).toEqual([]);
        await person[Symbol.asyncDispose]();
      },
      300_000,
    );
  });

  describe('with nothing to show', () => {
    it('leads to adding a host where there is none', async () => {
      await using hostless = await BailiffStack.start(fail2ban);
      const { sessionCookie } = await hostless.setUp({ useLocalHost: false });
      await using person = await browser.person(hostless.url, { sessionCookie });
      const { page } = person;
      await person.open('/');
      await page.getByRole('link', { name: /No hosts yet/ }).click();
      await page.getByRole('heading', { name: 'Add your first host' }).waitFor();
      expect(await axeViolations(person)).toEqual([]);
      await person.goTo('Jails');
      await page.getByRole('heading', { name: 'No jails yet' }).waitFor();
      await person.goTo('Banned now');
      await page.getByRole('heading', { name: 'Nobody is banned' }).waitFor();
      expect(person.complaints).toEqual([]);
    });

    it('says so, and what to do', async () => {
      api = await bailiff.setUp();
      await eventually(async () => expect((await api.hosts())[0]?.state).toBe('online'), { withinMs: 30_000 });
      const person = await signedIn();
      const { page } = person;
      await person.open('/');
      await page.getByRole('heading', { name: 'No bans in this range' }).waitFor();
      await person.goTo('Banned now');
      await page.getByRole('heading', { name: 'Nobody is banned' }).waitFor();
      await person.goTo('History');
      await page.getByRole('heading', { name: 'The archive is empty' }).waitFor();
      expect(await axeViolations(person)).toEqual([]);
      await person.search('192.0.2.1');
      await page.getByRole('heading', { name: 'Nothing matches' }).waitFor();
      await person.goTo('Access');
      await page.getByRole('heading', { name: 'No API tokens' }).waitFor();
      await person.open('/no/such/page');
      await page.getByRole('link', { name: 'Go to the dashboard' }).click();
      await person.heading('Dashboard').waitFor();
      expect(person.complaints).toEqual([]);
      await person[Symbol.asyncDispose]();
    });
  });

  describe('with the ugliest data', () => {
    beforeAll(async () => {
      const [host] = await api.hosts();
      await api.patch(`/api/v1/hosts/${host?.id ?? ''}`, { name: HOSTILE_HOST, tags: ['edge', 'eu-west'] });
      const now = new Date().toISOString().replace(/\.\d+/, '');
      const lines = [MARKUP, RIGHT_TO_LEFT, LONG_WORD].map((text) => `${now} fail from ${ATTACKER} ${text}`);
      await fail2ban.appendLines(LONG_JAIL, lines);
      const many = Array.from({ length: 80 }, (_, n) => `198.51.100.${String(n + 1)}`);
      await fail2ban.client('set', 'web', 'banip', ...many, '2001:db8:ffff:ffff:ffff:ffff:ffff:ffff', '192.0.2.0/24');
      await api.post('/api/v1/tokens', { name: `<i>${'token '.repeat(9)}</i>`, scopes: ['read'], expiresInDays: 30 });
      await eventually(async () => expect((await api.bans()).length).toBe(83), { withinMs: 30_000 });
      await bailiff.letLogsBeRead(fail2ban.dir);
      const hostId = host?.id ?? '';
      const listId = await unbanList(api, { hostId, jail: 'web', name: `${HOSTILE_HOST}.txt` }, [
        ...[MARKUP, RIGHT_TO_LEFT, LONG_WORD],
        ...['192.0.2.201', '2001:db8::201'],
      ]);
      pages = [
        ...consolePages({ hostId, jail: 'web', address: ATTACKER, network: '198.51.100.0/24', listId }),
        ...jailPages(hostId, LONG_JAIL, 'long-jail').filter(({ name }) => /overview|actions|log$/.test(name)),
        addressPage('2001:db8:ffff:ffff:ffff:ffff:ffff:ffff', 'address-ipv6'),
        addressPage(PUBLIC, 'address-public'),
      ];
    });

    it.each(THEMES)(
      'passes axe in %s',
      async (theme) => {
        const person = await signedIn({ theme });
        const found: string[] = [];
        await atEachPage(person, async (name) => {
          found.push(...(await axeViolations(person)).map((violation) => `${name}: ${violation}`));
        });
        expect(found).toEqual([]);
        expect(person.complaints).toEqual([]);
        await person[Symbol.asyncDispose]();
      },
      300_000,
    );

    it.each(THEMES)(
      'passes axe in %s where something is open over it',
      async (theme) => {
        const person = await signedIn({ theme });
        const { page } = person;
        const found: string[] = [];
        const look = async (name: string): Promise<void> => {
          await person.isQuiet();
          found.push(...(await axeViolations(person)).map((violation) => `${name}: ${violation}`));
          await page.keyboard.press('Escape');
        };
        await person.open('/jails');
        await page.getByRole('button', { name: 'Ban', exact: true }).click();
        await page.getByRole('dialog', { name: 'Ban addresses' }).waitFor();
        await look('ban dialog');
        await page.getByRole('button', { name: 'Actions for web' }).click();
        await page.getByRole('menu').waitFor();
        await look('menu');
        await page.getByRole('button', { name: /^Choose hosts/ }).click();
        await page.getByRole('dialog', { name: 'Choose hosts' }).waitFor();
        await look('host switcher');
        await page.keyboard.press('/');
        await page.getByRole('combobox', { name: 'Search and commands' }).waitFor();
        await look('command palette');
        await person.goTo('History');
        await person.search(ATTACKER);
        await person.rows(ATTACKER).click();
        await page.getByRole('complementary', { name: 'Details' }).waitFor();
        await look('details');
        await person.goTo('Banned now');
        await page.getByRole('checkbox', { name: 'Select row' }).first().click();
        await page.getByRole('region', { name: '1 selected' }).waitFor();
        await look('selection');
        await person.goTo('Hosts');
        await page.getByRole('button', { name: 'Add host' }).click();
        await page.getByRole('dialog', { name: 'Add a host' }).getByText('Waiting for the agent').waitFor();
        await look('add host');
        await visit(person, addressPage(PUBLIC));
        await page.getByRole('button', { name: 'Ban its networks' }).click();
        await page.getByRole('dialog').getByRole('list').waitFor();
        await look('networks of an operator');
        expect(found).toEqual([]);
        await person[Symbol.asyncDispose]();
      },
      300_000,
    );

    it.each([390, 834])(
      'never scrolls sideways at %i px',
      async (width) => {
        const person = await signedIn({ width });
        const found: string[] = [];
        await atEachPage(person, async (name) => {
          found.push(...(await sidewaysScroll(person)).map((what) => `${name}: ${what}`));
          if (width === 390) found.push(...(await axeViolations(person)).map((violation) => `${name}: ${violation}`));
        });
        expect(found).toEqual([]);
        expect(person.complaints).toEqual([]);
        await person[Symbol.asyncDispose]();
      },
      300_000,
    );

    it('folds very long log lines, and keeps the tabs of the history in place on a phone', async () => {
      const person = await signedIn({ width: 390 });
      const { page } = person;
      await visit(person, addressPage(ATTACKER));
      const lines = page.getByRole('list', { name: 'Log lines' });
      const long = lines
        .getByRole('listitem')
        .filter({ hasText: 'x'.repeat(500) })
        .first();
      const folded = (await long.boundingBox())?.height ?? 0;
      await long.getByRole('button', { name: /^Show all 2,\d\d\d characters$/ }).click();
      await long.getByRole('button', { name: 'Show less' }).waitFor();
      expect((await long.boundingBox())?.height).toBeGreaterThan(folded * 3);
      const tab = (name: string): Locator => page.getByRole('tab', { name });
      await visit(person, { name: 'history', path: '/history', heading: 'History' });
      const place = await tab('Repeat offenders').boundingBox();
      await tab('Repeat offenders').click();
      await page.getByRole('grid', { name: 'Repeat offenders' }).or(page.getByText('Nobody came twice')).waitFor();
      expect(await tab('Repeat offenders').boundingBox()).toEqual(place);
      await person[Symbol.asyncDispose]();
    });

    it('shows hostile names and log lines as the text they are', async () => {
      const person = await signedIn();
      const { page } = person;
      const asked: string[] = [];
      page.on('dialog', (dialog) => {
        asked.push(dialog.message());
        void dialog.dismiss();
      });
      await person.open('/history');
      await person.search(ATTACKER);
      await person.rows(LONG_JAIL, ATTACKER).click();
      const lines = page.getByRole('list', { name: 'Matched log lines' }).getByRole('listitem');
      const shown = await lines.allTextContents();
      expect(shown.some((line) => line.includes(MARKUP))).toBe(true);
      expect(shown.some((line) => line.includes(RIGHT_TO_LEFT))).toBe(true);
      expect(shown.some((line) => line.includes('x'.repeat(500)))).toBe(true);
      await person.goTo('Hosts');
      await person.page.getByRole('article', { name: HOSTILE_HOST }).waitFor();
      await person.goTo('Jails');
      await person.seesRows(1, [LONG_JAIL, HOSTILE_HOST]);
      await person.seesRows(1, ['web', HOSTILE_HOST, 'permanent']);
      expect(await page.locator('img[src="x"]').count()).toBe(0);
      expect(asked).toEqual([]);
      expect(person.complaints).toEqual([]);
      await person[Symbol.asyncDispose]();
    });

    it('can be worked by the keyboard alone', async () => {
      const person = await signedIn();
      const { page } = person;
      const { keyboard } = page;
      await person.open('/banned?q=198.51.100.7');
      await person.heading('Banned now').waitFor();
      await person.isQuiet();
      // Past the navigation into the content.
      await keyboard.press('Tab');
      await keyboard.press('Enter');
      expect(await page.getByRole('main').evaluate((main) => main === document.activeElement)).toBe(true);
      // Into the list: mark, open, close, select, unban.
      await person.tabTo(page.getByRole('grid', { name: 'Banned now' }));
      await keyboard.press('ArrowDown');
      await keyboard.press('ArrowDown');
      await keyboard.press('Enter');
      const details = page.getByRole('complementary', { name: 'Details' });
      const address = (await details.getByText(/^198\.51\.100\.\d+$/).textContent()) ?? '';
      await keyboard.press('Escape');
      await details.waitFor({ state: 'detached' });
      await keyboard.press(' ');
      const selection = page.getByRole('region', { name: '1 selected' });
      await person.tabTo(selection.getByRole('button', { name: 'Unban' }));
      await keyboard.press('Enter');
      const dialog = page.getByRole('dialog');
      await person.tabTo(dialog.getByRole('button', { name: /^Unban/ }));
      await keyboard.press('Enter');
      await person.toldBy(`Unbanned ${address}`);
      expect(await bannedNow(fail2ban)).not.toContain(`web ${address}`);
      // By the command palette from anywhere.
      await page.getByRole('main').focus();
      await keyboard.press('/');
      await page.getByRole('combobox', { name: 'Search and commands' }).waitFor();
      await keyboard.type(`ban ${address}`);
      await keyboard.press('Enter');
      const ban = page.getByRole('dialog', { name: 'Ban addresses' });
      expect(await ban.getByLabel('IP addresses or networks').inputValue()).toBe(address);
      await keyboard.press('Escape');
      await ban.waitFor({ state: 'detached' });
      await person[Symbol.asyncDispose]();
    });
  });
});

// Only on request, BAILIFF_SCREENSHOTS=1: a run that asks for none must not write into the checkout, nor skip a test.
if (areScreenshotsAskedFor) {
  describe('docs/screenshots', () => {
    it('shows every page, light and dark, wide and on a phone', async () => {
      await using showCase = await ShowCase.start();
      await showCase.pictureDoors();
      await showCase.liveALittle();
      await showCase.picturePages();
    }, 1_200_000);
  });
}
