import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CountryStats } from '@bailiff/contracts/http';
import { eventually, type Fail2banInstance, startFail2ban } from '@bailiff/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Locator } from 'playwright-core';
import type { ApiClient } from '../harness/api-client.js';
import { BailiffStack, repository } from '../harness/bailiff-stack.js';
import { ConsoleBrowser, type PersonOptions } from '../harness/console-browser.js';
import { axeViolations, sidewaysScroll } from '../harness/page-checks.js';
import type { Person } from '../harness/person.js';

const THEMES = ['light', 'dark'] as const;
const HOSTILE_JAIL = '<img src=x onerror=alert(1)>{{7*7}}';
/** Addresses of China and of the United States in every geo database; nothing is ever sent to them. */
const CHINA = ['218.92.0.11', '218.92.0.12', '218.92.0.13'];
const UNITED_STATES = ['45.33.2.14'];
/** A point of China on the flat world, as parts of its width, from the middle of the map. */
const CHINA_AT = { x: 0.24, y: -0.115 };

const flatMap = ({ page }: Person): Locator => page.getByRole('application', { name: 'World map of bans by country' });
const globe = ({ page }: Person): Locator => page.getByRole('application', { name: 'Globe of bans by country' });
const country = ({ page }: Person, name: string): Locator =>
  page.getByRole('table').getByRole('button', { name, exact: true });
const legend = ({ page }: Person, low: number, medium: number, high: number): Locator =>
  page.getByRole('img', { name: `Colours: green from ${low} bans, yellow from ${medium}, red from ${high}` });

/** The picture as it is, once it no longer changes. */
async function picture(view: Locator): Promise<string> {
  let last = '';
  await eventually(
    async () => {
      const now = (await view.screenshot()).toString('base64');
      const isStill = now === last;
      last = now;
      if (!isStill) throw new Error('the picture still changes');
    },
    { withinMs: 30_000, everyMs: 250, what: 'the picture to stand still' },
  );
  return last;
}

/** Waits until the picture is another one. */
async function pictureChanges(view: Locator, before: string): Promise<string> {
  return eventually(
    async () => {
      const now = await picture(view);
      if (now === before) throw new Error('the picture is as it was');
      return now;
    },
    { withinMs: 60_000, what: 'the picture to change' },
  );
}

describe('the map', () => {
  let fail2ban: Fail2banInstance;
  let bailiff: BailiffStack;
  let api: ApiClient;
  let browser: ConsoleBrowser;

  beforeAll(async () => {
    fail2ban = await startFail2ban({ jails: { sshd: { bantime: 86_400 }, web: { bantime: 86_400 } } });
    bailiff = await BailiffStack.start(fail2ban);
    api = await bailiff.setUp();
    browser = await ConsoleBrowser.start();
    await eventually(async () => expect((await api.hosts())[0]?.state).toBe('online'), { withinMs: 60_000 });
  });

  afterAll(async () => {
    await browser[Symbol.asyncDispose]();
    await bailiff[Symbol.asyncDispose]();
    await fail2ban[Symbol.asyncDispose]();
  });

  /** Somebody signed in who looks at the map. */
  const atMap = async (path = '/map', options: PersonOptions = {}): Promise<Person> => {
    const person = await browser.person(bailiff.url, { sessionCookie: api.sessionCookie, ...options });
    await person.open(path);
    await person.heading('Map').waitFor();
    await (path.includes('globe') ? globe(person) : flatMap(person)).waitFor();
    return person;
  };

  /** Bans of every country, as the API would tell them; what the page makes of them is what is looked at. */
  const everyCountry = async (person: Person): Promise<CountryStats> => {
    const file = await readFile(join(repository, 'apps/web/src/app/map/geodata/world.generated.json'), 'utf8');
    const codes = Object.keys((JSON.parse(file) as { places: object }).places);
    const bans = codes.map((_, i) => 1 + i * 3);
    const total = bans.reduce((sum, each) => sum + each, 0);
    const countries = codes
      .map((code, i) => ({
        country: code,
        bans: bans[i] ?? 0,
        share: (bans[i] ?? 0) / total,
        topJails: [{ jail: HOSTILE_JAIL, bans: bans[i] ?? 0 }],
      }))
      .reverse();
    const stats = { from: '2026-01-01T00:00:00Z', to: '2099-01-01T00:00:00Z', total, unknown: 0, countries };
    await person.page.route('**/api/v1/stats/countries*', (route) => route.fulfill({ json: stats }));
    return stats;
  };

  describe('with no ban at all', () => {
    it.each(THEMES)('shows the outlines and says so, without fault, in %s', async (theme) => {
      await using person = await atMap('/map', { theme });
      await person.page.getByRole('heading', { name: 'No bans in this range' }).waitFor();
      await picture(flatMap(person));
      expect(await axeViolations(person)).toEqual([]);
      expect(person.complaints).toEqual([]);
    });
  });

  describe('with bans', () => {
    let person: Person;

    beforeAll(async () => {
      person = await atMap();
      await person.seesLive(/^Live$/);
      await person.markPage();
      for (const address of CHINA) await fail2ban.client('set', 'sshd', 'banip', address);
      for (const address of UNITED_STATES) await fail2ban.client('set', 'web', 'banip', address);
    });

    afterAll(async () => {
      await person[Symbol.asyncDispose]();
    });

    it('counts them by country as they happen, without a reload', async () => {
      const row = person.page
        .getByRole('row')
        .filter({ has: person.page.getByRole('button', { name: 'China', exact: true }) });
      await row.getByText(String(CHINA.length), { exact: true }).waitFor({ timeout: 60_000 });
      await country(person, 'United States').waitFor();
      expect(await person.wasNotReloaded()).toBe(true);
      const stats = await api.get<CountryStats>('/api/v1/stats/countries?range=30d');
      expect(stats.countries.map(({ country: code, bans }) => `${code} ${bans}`)).toEqual(['CN 3', 'US 1']);
    });

    it('says more of the country under the pointer, and shows its bans on a click', async () => {
      const { page } = person;
      const box = await flatMap(person).boundingBox();
      if (box === null) throw new Error('the map has no size');
      const [x, y] = [box.x + box.width * (0.5 + CHINA_AT.x), box.y + box.height / 2 + box.width * CHINA_AT.y];
      await page.mouse.move(x, y);
      const card = page.getByRole('tooltip');
      await card.getByText('China', { exact: true }).waitFor();
      await card.getByText('3 bans').waitFor();
      await card.getByText('sshd').waitFor();
      await page.mouse.click(x, y);
      await eventually(() => expect(person.path).toContain('country=CN'));
      for (const address of CHINA) await person.seesRows(1, [address]);
      await person.seesRows(0, [UNITED_STATES[0] ?? '']);
      await page.getByRole('button', { name: 'All countries' }).click();
      await country(person, 'United States').waitFor();
      expect(person.path).not.toContain('country');
    });

    it('zooms by buttons, wheel and keys, moves by drag, and finds back to the whole world', async () => {
      const { page } = person;
      const map = flatMap(person);
      await page.mouse.move(5, 5);
      const whole = await picture(map);
      await page.getByRole('button', { name: 'Zoom in' }).click();
      const near = await pictureChanges(map, whole);
      await map.focus();
      await page.keyboard.press('ArrowRight');
      const moved = await pictureChanges(map, near);
      await page.getByRole('button', { name: 'Zoom out' }).click();
      await pictureChanges(map, moved);
      await page.getByRole('button', { name: 'Show the whole world' }).click();
      const box = await map.boundingBox();
      if (box === null) throw new Error('the map has no size');
      const [x, y] = [box.x + box.width / 2, box.y + 30];
      await page.mouse.move(x, y);
      const again = await picture(map);
      await page.mouse.wheel(0, -500);
      const wheeled = await pictureChanges(map, again);
      await page.mouse.down();
      await page.mouse.move(x - 80, y + 40, { steps: 6 });
      await page.mouse.up();
      await pictureChanges(map, wheeled);
      await map.focus();
      await page.keyboard.press('0');
      await page.mouse.move(5, 5);
      await map.blur();
      await eventually(async () => expect((await picture(map)) === whole).toBe(true), { withinMs: 60_000 });
    });

    it('is kept in the address: range, origin, view and country', async () => {
      const { page } = person;
      await page.getByRole('radio', { name: 'Manual', exact: true }).click();
      await eventually(() => expect(person.path).toContain('origin=manual'));
      await page.getByRole('radio', { name: '24 h', exact: true }).click();
      await eventually(() => expect(person.path).toContain('range=24h'));
      await page.getByRole('radio', { name: 'Globe', exact: true }).click();
      await globe(person).waitFor();
      await page.reload();
      await globe(person).waitFor();
      for (const name of ['Manual', '24 h', 'Globe'])
        expect(await page.getByRole('radio', { name, exact: true }).isChecked()).toBe(true);
      await person.open('/map');
      await country(person, 'China').waitFor();
    });

    it('leads through the countries by keys alone', async () => {
      const { page } = person;
      await person.tabTo(country(person, 'China'));
      await page.getByRole('tooltip').getByText('China', { exact: true }).waitFor();
      await page.keyboard.press('ArrowDown');
      await page.getByRole('tooltip').getByText('United States', { exact: true }).waitFor();
      await page.keyboard.press('Enter');
      await person.seesRows(1, UNITED_STATES);
      await page.getByRole('button', { name: 'All countries' }).press('Enter');
      await country(person, 'China').waitFor();
      await page.getByRole('button', { name: 'Country', exact: true }).press('Enter');
      await page.getByRole('columnheader', { name: 'Country' }).and(page.locator('[aria-sort=ascending]')).waitFor();
    });

    it('shows changed thresholds at once in every open browser', async () => {
      await using other = await atMap('/map', { theme: 'dark' });
      await other.seesLive(/^Live$/);
      await other.markPage();
      await country(other, 'China').waitFor();
      await legend(other, 20, 50, 100).waitFor();
      const before = await picture(flatMap(other));
      const { page } = person;
      await page.getByRole('button', { name: 'Change the thresholds' }).click();
      const form = page.getByRole('form', { name: 'Thresholds' });
      await form.getByLabel('Green').fill('9');
      await form.getByLabel('Yellow').fill('2');
      await form.getByText('Each must be higher than the one before.').waitFor();
      expect(await form.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true);
      expect(await axeViolations(person)).toEqual([]);
      await form.getByLabel('Green').fill('1');
      await form.getByLabel('Red').fill('3');
      await form.getByRole('button', { name: 'Save' }).click();
      await legend(person, 1, 2, 3).waitFor();
      await legend(other, 1, 2, 3).waitFor();
      await pictureChanges(flatMap(other), before);
      expect(await other.wasNotReloaded()).toBe(true);
      await api.patch('/api/v1/settings', { mapThresholds: { low: 20, medium: 50, high: 100 } });
      await legend(other, 20, 50, 100).waitFor();
      await legend(person, 20, 50, 100).waitFor();
      expect(other.complaints).toEqual([]);
    });

    it('never complained', () => {
      expect(person.complaints).toEqual([]);
    });
  });

  describe('as a globe', () => {
    it('turns by keys and by drag, zooms, and shows the same bans, within the content security policy', async () => {
      await using person = await atMap('/map?view=globe');
      const { page } = person;
      await country(person, 'China').waitFor();
      const first = await picture(globe(person));
      await globe(person).press('ArrowRight');
      const turned = await pictureChanges(globe(person), first);
      const box = await globe(person).boundingBox();
      if (box === null) throw new Error('the globe has no size');
      await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
      await page.mouse.down();
      await page.mouse.move(box.x + box.width / 2 - 120, box.y + box.height / 2, { steps: 6 });
      await page.mouse.up();
      const dragged = await pictureChanges(globe(person), turned);
      await page.getByRole('button', { name: 'Zoom in' }).click();
      await pictureChanges(globe(person), dragged);
      await country(person, 'China').click();
      for (const address of CHINA) await person.seesRows(1, [address]);
      expect(await axeViolations(person)).toEqual([]);
      expect(person.complaints).toEqual([]);
    });
  });

  describe('with bans of all 250 countries', () => {
    it.each([
      ['/map', 'light'],
      ['/map?view=globe', 'dark'],
    ] as const)('lists them all, and hostile names of jails stay text: %s', async (path, theme) => {
      await using person = await browser.person(bailiff.url, { sessionCookie: api.sessionCookie, theme });
      const { page } = person;
      const asked: string[] = [];
      page.on('dialog', (dialog) => {
        asked.push(dialog.message());
        void dialog.dismiss();
      });
      const { countries } = await everyCountry(person);
      await person.open(path);
      await page.getByText(/ from 250 countries$/).waitFor();
      expect(await page.getByRole('table').getByRole('rowheader').count()).toBe(countries.length);
      const view = path.includes('globe') ? globe(person) : flatMap(person);
      await view.waitFor();
      await picture(view);
      await country(person, 'France').focus();
      await page.getByRole('tooltip').getByText(HOSTILE_JAIL).waitFor();
      expect(await page.locator('img[src="x"]').count()).toBe(0);
      expect(asked).toEqual([]);
      expect(await axeViolations(person)).toEqual([]);
      expect(person.complaints).toEqual([]);
    });

    it.each([390, 834])('never scrolls sideways at %i px', async (width) => {
      await using person = await browser.person(bailiff.url, { sessionCookie: api.sessionCookie, width });
      await everyCountry(person);
      await person.open('/map');
      await person.page.getByText(/ from 250 countries$/).waitFor();
      expect(await sidewaysScroll(person)).toEqual([]);
      expect(await axeViolations(person)).toEqual([]);
    });
  });
});
