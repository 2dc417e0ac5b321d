import { eventually, type Fail2banInstance, startFail2ban } from '@bailiff/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Locator } from 'playwright-core';
import type { ApiClient } from '../harness/api-client.js';
import { BailiffStack } from '../harness/bailiff-stack.js';
import { ConsoleBrowser } from '../harness/console-browser.js';
import { axeViolations, sidewaysScroll } from '../harness/page-checks.js';
import type { Person } from '../harness/person.js';

const CHARTS = ['Bans over time', 'Hours of the week', 'Top countries', 'Top jails', 'Top networks'] as const;
const HOSTILE = '<img src=x onerror=alert(1)>{{7*7}}{a|b}';
/** Every route of the API that the page asks above its list. */
const STATS = ['dashboard', 'stats/timeline', 'stats/jails', 'stats/countries', 'stats/networks', 'stats/hour-of-week'];

describe('the dashboard', () => {
  let fail2ban: Fail2banInstance;
  let bailiff: BailiffStack;
  let browser: ConsoleBrowser;
  let api: ApiClient;

  beforeAll(async () => {
    fail2ban = await startFail2ban({
      jails: { sshd: { filter: 'sshd', maxretry: 1 }, web: { maxretry: 1 }, mail: { maxretry: 1 } },
    });
    bailiff = await BailiffStack.start(fail2ban);
    browser = await ConsoleBrowser.start();
    api = await bailiff.setUp();
    await eventually(async () => expect((await api.hosts())[0]?.state).toBe('online'), { withinMs: 30_000 });
  });

  afterAll(async () => {
    await browser[Symbol.asyncDispose]();
    await bailiff[Symbol.asyncDispose]();
    await fail2ban[Symbol.asyncDispose]();
  });

  const signedIn = (options: { theme?: 'light' | 'dark'; width?: number; height?: number } = {}): Promise<Person> =>
    browser.person(bailiff.url, { sessionCookie: api.sessionCookie, height: 1_200, ...options });
  const chart = ({ page }: Person, name: (typeof CHARTS)[number]): Locator =>
    page.getByRole('region', { name, exact: true });

  /** Different colours that a chart shows: one for an empty canvas, some dozens for a drawing. */
  const coloursOf = (drawing: Locator): Promise<number> =>
    drawing.locator('canvas').evaluateAll((canvases) => {
      const colours = new Set<number>();
      for (const canvas of canvases as HTMLCanvasElement[]) {
        const image = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
        for (let i = 0; i + 3 < image.length; i += 4)
          colours.add(((image[i] ?? 0) << 16) | ((image[i + 1] ?? 0) << 8) | (image[i + 2] ?? 0));
      }
      return colours.size;
    });
  const isDrawn = (person: Person, name: (typeof CHARTS)[number]): Promise<unknown> =>
    eventually(async () => expect(await coloursOf(chart(person, name))).toBeGreaterThan(8), {
      withinMs: 20_000,
      everyMs: 100,
      what: `${name} to be drawn`,
    });
  const asTable = async (person: Person, name: (typeof CHARTS)[number]): Promise<Locator> => {
    await person.page.getByRole('button', { name: `${name}: view as table` }).click();
    const table = chart(person, name).getByRole('table');
    await table.getByRole('row').first().waitFor();
    return table;
  };

  /** Texts of a table's cells, row by row, without its head. */
  const cellsOf = async (table: Locator): Promise<string[][]> =>
    (await table.getByRole('row').allInnerTexts()).slice(1).map((row) => row.split('\t').map((cell) => cell.trim()));

  describe('with nothing to show', () => {
    it.each(['light', 'dark'] as const)('says so in every chart, in %s', async (theme) => {
      await using person = await signedIn({ theme });
      await person.open('/?range=7d');
      for (const name of CHARTS) await chart(person, name).getByText('No bans in this range').waitFor();
      await isDrawn(person, 'Bans over time');
      await person.isQuiet();
      expect(await axeViolations(person)).toEqual([]);
      expect(await sidewaysScroll(person)).toEqual([]);
      expect(person.complaints).toEqual([]);
    });
  });

  describe('with bans', () => {
    beforeAll(async () => {
      for (let n = 1; n <= 6; n += 1) await fail2ban.appendFailures('sshd', `192.0.2.${String(n)}`, 1);
      for (let n = 1; n <= 3; n += 1) await fail2ban.appendFailures('web', `198.51.100.${String(n)}`, 1);
      const [host] = await api.hosts();
      const hostIds = [host?.id ?? ''];
      await api.post('/api/v1/bans', { hostIds, jails: ['web'], addresses: ['203.0.113.9'], reason: 'by hand' });
      await eventually(async () => expect(await api.history('&kind=ban')).toHaveLength(10), { withinMs: 30_000 });
    });

    it('draws them, and says the same as tables, as the list and as the API', async () => {
      await using person = await signedIn();
      await person.open('/');
      for (const name of ['Bans over time', 'Hours of the week', 'Top jails'] as const) await isDrawn(person, name);
      const description = chart(person, 'Bans over time').getByRole('img');
      expect(await description.getAttribute('aria-label')).toContain('10 bans, most by sshd, web');

      const jails = await asTable(person, 'Top jails');
      expect(await cellsOf(jails)).toEqual([
        ['sshd', '6', '60%'],
        ['web', '4', '40%'],
      ]);
      await jails.getByRole('button', { name: 'Bans' }).click();
      await jails.getByRole('button', { name: 'Bans' }).click();
      await eventually(async () => expect(await jails.getByRole('row').nth(1).innerText()).toContain('web'));
      expect(await jails.getByRole('columnheader', { name: 'Bans' }).getAttribute('aria-sort')).toBe('ascending');

      const timeline = await asTable(person, 'Bans over time');
      const hours = (await cellsOf(timeline)).map((cells) => cells.slice(1));
      expect([0, 1, 2].map((column) => hours.reduce((sum, row) => sum + Number(row[column]), 0))).toEqual([10, 6, 4]);
      const week = await asTable(person, 'Hours of the week');
      expect(await week.getByRole('row').count()).toBe(169);
      await person.seesRows(10, [/192\.0\.2\.|198\.51\.100\.|203\.0\.113\./]);
      expect(await axeViolations(person)).toEqual([]);
      expect(person.complaints).toEqual([]);
    });

    it('filters the list by what is chosen in a chart, until the chip is taken away', async () => {
      await using person = await signedIn();
      const { page } = person;
      await person.open('/');
      await isDrawn(person, 'Top jails');
      // The second bar; a click beside what is drawn of it counts as well.
      const box = await chart(person, 'Top jails').getByRole('img').boundingBox();
      await page.mouse.click((box?.x ?? 0) + (box?.width ?? 0) * 0.7, (box?.y ?? 0) + ((box?.height ?? 0) * 1.5) / 7);
      await person.seesRows(4, ['web']);
      await person.seesRows(0, ['sshd']);
      expect(person.path).toContain('jail=web');
      await page.getByRole('button', { name: 'Remove filter Jail: web' }).click();
      await person.seesRows(6, [{ cell: 'sshd' }]);

      await page.getByRole('button', { name: 'sshd', exact: false }).first().click();
      await person.seesRows(0, [{ cell: 'web' }]);
      await page.getByRole('button', { name: /^Remove filter/ }).click();

      const hours = await asTable(person, 'Bans over time');
      await hours.getByRole('button', { name: 'Total' }).click();
      await hours.getByRole('button', { name: 'Total' }).click();
      await hours.getByRole('columnheader', { name: 'Total' }).and(page.locator('[aria-sort=ascending]')).waitFor();
      await hours.getByRole('row').nth(1).getByRole('button').click();
      await page.getByText('Nothing matches').waitFor();
      expect(person.path).toContain('slot=');
      await page.getByRole('button', { name: /^Remove filter/ }).click();
      await person.seesRows(6, [{ cell: 'sshd' }]);
      expect(person.complaints).toEqual([]);
    });

    it('is driven by keys', async () => {
      await using person = await signedIn();
      const { page } = person;
      await person.open('/');
      await isDrawn(person, 'Top jails');
      await person.tabTo(chart(person, 'Top jails').getByRole('img'));
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('ArrowDown');
      await chart(person, 'Top jails').getByText('web: Bans 4, Share 40%').waitFor({ state: 'attached' });
      await page.keyboard.press('Enter');
      await person.seesRows(0, [{ cell: 'sshd' }]);
      await person.seesRows(4, [{ cell: 'web' }]);
      expect(person.complaints).toEqual([]);
    });

    it('asks everything anew for another origin, and shows only its bans', async () => {
      await using person = await signedIn();
      const { page } = person;
      await person.open('/');
      await person.seesRows(6, [{ cell: 'sshd' }]);
      const asked: string[] = [];
      page.on('request', (request) => asked.push(request.url()));
      await page.getByRole('radio', { name: 'Manual' }).click();
      await person.seesRows(1, ['203.0.113.9']);
      await person.seesRows(0, [{ cell: 'sshd' }]);
      for (const route of [...STATS, 'history'])
        expect(asked.some((url) => url.includes(`/api/v1/${route}?`) && url.includes('origin=manual'))).toBe(true);
      expect(person.path).toContain('origin=manual');
      const jails = await asTable(person, 'Top jails');
      await eventually(async () => expect(await jails.getByRole('row').count()).toBe(2));
      await page.reload();
      await person.seesRows(1, ['203.0.113.9']);
      await person.seesRows(0, [{ cell: 'sshd' }]);
      expect(person.complaints).toEqual([]);
    });

    it('takes two moments instead of a preset, and keeps them in the address', async () => {
      await using person = await signedIn();
      const { page } = person;
      await person.open('/');
      await page.getByRole('radio', { name: 'Custom…' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('From').fill('2026-01-01T00:00');
      await dialog.getByLabel('To').fill('2026-01-03T00:00');
      await dialog.getByRole('button', { name: 'Apply' }).click();
      for (const name of CHARTS) await chart(person, name).getByText('No bans in this range').waitFor();
      expect(decodeURIComponent(person.path)).toContain('range=2025-12-31T23:00:00.000Z~2026-01-02T23:00:00.000Z');
      expect(await page.getByRole('radio', { name: 'Custom…' }).isChecked()).toBe(true);
      await page.getByRole('radio', { name: '7 days' }).click();
      await person.seesRows(6, [{ cell: 'sshd' }]);
      expect(person.path).toContain('range=7d');
      expect(person.complaints).toEqual([]);
    });

    it('shows a ban in figures, charts and list as it happens', async () => {
      await using person = await signedIn();
      const { page } = person;
      await person.open('/');
      await person.seesLive(/^Live/);
      await person.seesRows(6, [{ cell: 'sshd' }]);
      await isDrawn(person, 'Top jails');
      const jails = await asTable(person, 'Top jails');
      await person.markPage();
      await fail2ban.appendFailures('mail', '192.0.2.77', 1);
      await person.seesRows(1, ['192.0.2.77']);
      await page.getByRole('article').filter({ hasText: 'Bans' }).getByText('11', { exact: true }).first().waitFor();
      await jails.getByRole('row', { name: /mail/ }).waitFor();
      expect(await person.wasNotReloaded()).toBe(true);
      expect(person.complaints).toEqual([]);
    });

    it('shows names made to do harm as text, in legend, tooltips and tables', async () => {
      await using person = await signedIn();
      const { page } = person;
      const ran: string[] = [];
      page.on('dialog', (dialog) => {
        ran.push(dialog.message());
        void dialog.dismiss();
      });
      // No fail2ban takes such a name; a host that lies could report one.
      await page.route(/\/api\/v1\/stats\/(timeline|jails|networks)/, async (route) => {
        const response = await route.fetch();
        const text = (await response.text()).replaceAll('"sshd"', JSON.stringify(HOSTILE));
        const body = JSON.parse(text) as { networks?: unknown };
        if (body.networks !== undefined) body.networks = [{ asn: 64500, name: HOSTILE, bans: 3, share: 0.3 }];
        await route.fulfill({ response, json: body });
      });
      await person.open('/');
      for (const name of ['Bans over time', 'Top jails', 'Top networks'] as const) await isDrawn(person, name);
      await chart(person, 'Bans over time').getByRole('button', { name: HOSTILE }).waitFor();
      for (const name of ['Bans over time', 'Top jails', 'Top networks'] as const) {
        const drawing = chart(person, name).getByRole('img');
        await drawing.focus();
        await page.keyboard.press(name === 'Bans over time' ? 'End' : 'Home');
        await chart(person, name).locator('.chart-tip').getByText(HOSTILE).waitFor();
      }
      const table = await asTable(person, 'Top networks');
      await table.getByText(`AS64500 ${HOSTILE}`).waitFor();
      expect(await page.locator('img[src="x"]').count()).toBe(0);
      expect(ran).toEqual([]);
      expect(await axeViolations(person)).toEqual([]);
      expect(person.complaints).toEqual([]);
    });

    it.each([390, 834, 2_560])('has no sideways scroll at %d pixels', async (width) => {
      await using person = await signedIn({ width });
      await person.open('/?range=30d');
      for (const name of ['Bans over time', 'Hours of the week', 'Top jails'] as const) await isDrawn(person, name);
      expect(await sidewaysScroll(person)).toEqual([]);
      expect(person.complaints).toEqual([]);
    });
  });
});
