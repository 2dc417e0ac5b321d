import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually, type Fail2banInstance, startFail2ban } from '@bailiff/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { IgnoreLists, JailActPreview } from '@bailiff/contracts/http';
import type { ApiClient } from '../harness/api-client.js';
import { BailiffStack } from '../harness/bailiff-stack.js';
import { ConsoleBrowser } from '../harness/console-browser.js';
import { axeViolations, sidewaysScroll } from '../harness/page-checks.js';
import type { Person } from '../harness/person.js';

type Tab = 'Overview' | 'Banned' | 'Ignore list' | 'Settings' | 'Filter' | 'Actions' | 'Log';
const MARKUP = '<img src=x onerror=alert(1)><b>bold</b> {{7*7}}';
const BANS = 30;

describe('the page of a jail', () => {
  let fail2ban: Fail2banInstance;
  let bailiff: BailiffStack;
  let api: ApiClient;
  let browser: ConsoleBrowser;
  let person: Person;
  let hostId: string;

  const configPath = () => join(fail2ban.configDir, 'jail.d', 'zz-test.local');
  const banned = async (jail: string) =>
    (await fail2ban.client('get', jail, 'banip')).split(/\s+/).filter((text) => text !== '').length;
  const pathOf = (jail: string) => `/jails/${hostId}/${jail}`;
  const openTab = async (who: Person, tab: Tab) => {
    await who.page.getByRole('tab', { name: tab, exact: true }).click();
    await who.isQuiet();
  };
  /** Opens the dialog of an act; answers its confirming button. */
  const control = async (act: string, confirm: string) => {
    await person.page.getByRole('button', { name: 'Control' }).click();
    await person.page.getByRole('menuitem', { name: act, exact: true }).click();
    return person.page.getByRole('dialog').getByRole('button', { name: confirm, exact: true });
  };
  const said = (text: string | RegExp) => person.page.getByRole('dialog').getByText(text).waitFor();
  const close = (name = 'Close') => person.page.getByRole('dialog').getByRole('button', { name, exact: true }).click();

  beforeAll(async () => {
    const failregex = String.raw`^\s*(?:\S+ )?fail from <HOST>(?: <script>alert\(1\)</script>)?(?: .*)?$`;
    fail2ban = await startFail2ban({
      version: '1.1.1',
      jails: {
        web: { failregex, bantime: '2h', extra: { 'bantime.increment': 'true', ignoreip: '192.0.2.200' } },
        mail: { bantime: '1h' },
        resting: { enabled: false },
      },
    });
    await fail2ban.appendLines('web', [`2026-11-20T10:00:00Z hello ${MARKUP}`]);
    bailiff = await BailiffStack.start(fail2ban);
    api = await bailiff.setUp();
    hostId = (await api.hosts())[0]?.id ?? '';
    const addresses = Array.from({ length: BANS }, (_, n) => `198.51.100.${String(n + 1)}`);
    await fail2ban.client('set', 'web', 'banip', ...addresses);
    await eventually(async () => (await api.bans()).length === BANS, { withinMs: 30_000, everyMs: 200 });
    browser = await ConsoleBrowser.start();
    person = await browser.person(bailiff.url, { sessionCookie: api.sessionCookie });
  });

  afterAll(async () => {
    await browser[Symbol.asyncDispose]();
    await bailiff[Symbol.asyncDispose]();
    await fail2ban[Symbol.asyncDispose]();
  });

  it('opens from the list and shows every part of the jail, hostile text as text', async () => {
    const { page } = person;
    await person.open('/jails');
    await page.getByRole('link', { name: 'web', exact: true }).click();
    await person.heading('web').waitFor();
    await page.getByText('3 failures within 10 min cause a ban of 2 h.').waitFor();
    await page.getByText(fail2ban.jailLogPath('web')).waitFor();
    await openTab(person, 'Banned');
    await person.rows(/198\.51\.100\.30/).waitFor();
    await openTab(person, 'Settings');
    await page.getByText('utf-8').waitFor();
    await page.getByText('Longer bans for those who come back').waitFor();
    await openTab(person, 'Filter');
    await page.getByText('<script>alert').waitFor();
    await openTab(person, 'Actions');
    await page.getByRole('heading', { name: 'actionban' }).waitFor();
    await openTab(person, 'Log');
    // The host's administrator did not say that logs outside /var/log may be read.
    await page.getByText(/lets log files be read below \/var\/log only/).waitFor();
    await bailiff.letLogsBeRead(fail2ban.dir);
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('log').getByText(MARKUP).waitFor();
    await fail2ban.appendFailures('web', '198.51.100.7', 1);
    await page.getByRole('button', { name: 'Ask again' }).last().click();
    await page.getByRole('log').getByText('banned now').waitFor();
    await page.getByRole('searchbox', { name: 'Search in the log' }).fill('HELLO');
    await page.getByText('1 line', { exact: true }).waitFor();
    expect(await page.getByRole('log').locator('mark').allTextContents()).toEqual(['hello']);
    expect(await page.locator('script:not([src]), img[src=x]').count()).toBe(0);
    await person.open(pathOf('resting'));
    await page.getByText('This jail does not run.').waitFor();
    expect(person.complaints).toEqual([]);
  });

  it('says what a restart will do, does it, and tells what fail2ban tells', async () => {
    await person.open(pathOf('web'));
    const restart = await control('Restart…', 'Restart web');
    await said(`${BANS} bans are lifted`);
    await said(`${BANS} bans are put back.`);
    await said('Nothing in the files asks for a restart.');
    await said('fail2ban-client reload --restart web');
    await restart.click();
    await said(`Done. ${BANS} bans in force now.`);
    expect(await banned('web')).toBe(BANS);
    await close();
    // The next preview knows how fast this host is.
    await eventually(
      async () => {
        const { rates } = await api.post<JailActPreview>(`/api/v1/hosts/${hostId}/jail-acts/preview`, {
          act: 'restart',
          jail: 'web',
        });
        expect(rates.map(({ kind }) => kind)).toEqual(['lift', 'restore']);
      },
      { withinMs: 30_000, everyMs: 500, what: 'the speed of this host' },
    );
    await control('Restart…', 'Restart web');
    await said(/web \(restore\): measured here/);
    await said(/^Time: about/);
    await close('Cancel');
    const entries = await api.get<{ items: { action: string; result: string }[] }>('/api/v1/audit?action=jail.restart');
    expect(entries.items).toMatchObject([{ action: 'jail.restart', result: 'ok' }]);
  });

  it('pauses, resumes, stops and starts, and shows it at once', async () => {
    const { page } = person;
    await person.open(pathOf('mail'));
    await (await control('Pause…', 'Pause mail')).click();
    await said('Done.');
    await close();
    await page.getByText('Idle', { exact: true }).waitFor();
    await (await control('Resume…', 'Resume mail')).click();
    await said('Done.');
    await close();
    await page.getByText('Running', { exact: true }).waitFor();
    // A reload by somebody else ends a pause; its log line tells.
    await (await control('Pause…', 'Pause mail')).click();
    await said('Done.');
    await close();
    await page.getByText('Idle', { exact: true }).waitFor();
    await fail2ban.client('reload', 'mail');
    await page.getByText('Running', { exact: true }).waitFor();
    await (await control('Stop…', 'Stop mail')).click();
    await said('Done.');
    await close();
    await page.getByText('Stopped', { exact: true }).waitFor();
    expect(await fail2ban.client('status')).not.toContain('mail');
    await (await control('Start…', 'Start mail')).click();
    await said('Done.');
    await close();
    await page.getByText('Running', { exact: true }).waitFor();
    expect(await fail2ban.client('status')).toContain('mail');
  });

  it('reloads all jails from their list, and lifts all bans of one', async () => {
    const { page } = person;
    await person.open('/jails');
    await page.getByRole('button', { name: 'Control fail2ban' }).click();
    await page.getByRole('menuitem', { name: 'Reload all jails…' }).click();
    await said(`${BANS} bans stay in force`);
    await said('fail2ban-client reload --all');
    await page.getByRole('dialog').getByRole('button', { name: 'Reload all jails' }).click();
    await said(`Done. ${BANS} bans in force now.`);
    await close();
    await fail2ban.client('set', 'mail', 'banip', '198.51.100.99');
    await person.open('/hosts');
    await page.getByRole('button', { name: /^Actions/ }).click();
    await page.getByRole('menuitem', { name: 'Control fail2ban' }).click();
    await page.getByRole('menuitem', { name: 'Restart fail2ban itself…' }).click();
    // It is the test that runs it.
    await said(/restart it there/);
    await close('Cancel');
    await person.open(pathOf('mail'));
    await page.getByRole('button', { name: 'Control' }).click();
    await page.getByRole('menuitem', { name: 'Unban everything in it…' }).click();
    await page.getByRole('dialog').getByRole('textbox').fill('everything');
    await page.getByRole('dialog').getByRole('button', { name: 'Unban everything' }).click();
    await eventually(async () => (await banned('mail')) === 0, { withinMs: 15_000, everyMs: 100 });
    expect(await banned('web')).toBe(BANS);
    expect(person.complaints).toEqual([]);
  });

  it('does not reload a broken configuration, and shows what fail2ban says', async () => {
    await writeFile(configPath(), '[mail]\nfailregex = ^(unclosed <HOST>$\n');
    await person.open(pathOf('web'));
    const reload = await control('Reload all jails…', 'Reload all jails');
    await said('fail2ban would refuse');
    await said(/\[mail\] failregex: Unable to compile regular expression/);
    expect(await reload.isDisabled()).toBe(true);
    await close('Cancel');
    const refused = api.post(`/api/v1/hosts/${hostId}/jail-acts`, { act: 'reload-all' });
    await expect(refused).rejects.toMatchObject({ status: 422, problem: { code: 'config/refused' } });
    expect(await fail2ban.client('status')).toMatch(/mail, web/);
    await writeFile(configPath(), '');
  });

  it('adds to the ignore list for now and for good, and offers to unban who is banned', async () => {
    const { page } = person;
    await person.open(`${pathOf('web')}?tab=ignore`);
    const box = page.getByLabel('Address, network or host name');
    await box.fill('198.51.100.3, nonsense/99');
    await page
      .getByText('Not an address, a host name, or a network no wider than /8 (IPv6: /7): nonsense/99')
      .waitFor();
    await box.fill('198.51.100.3');
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByText('1 change made').waitFor();
    await page.getByRole('button', { name: 'Unban 1 address' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Unban 1 address' }).click();
    await eventually(async () => (await banned('web')) === BANS - 1, { withinMs: 15_000, everyMs: 100 });
    await box.fill('203.0.113.0/28 office.example.org');
    await page.getByRole('checkbox', { name: /write it into the configuration/ }).check();
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByText('It is in the configuration, too.').waitFor();
    await fail2ban.client('reload');
    const list = await fail2ban.client('get', 'web', 'ignoreip');
    for (const entry of ['192.0.2.200', '203.0.113.0/28', 'office.example.org']) expect(list).toContain(entry);
    expect(list).not.toContain('198.51.100.3');
    const { lists } = await api.get<IgnoreLists>(`/api/v1/hosts/${hostId}/ignore-lists?jail=web`);
    expect(lists[0]?.entries.map(({ entry, isOurs }) => `${entry} ${String(isOurs)}`)).toEqual([
      '192.0.2.200 false',
      '203.0.113.0/28 true',
      'office.example.org true',
    ]);
    await person.open(`${pathOf('web')}?tab=ignore`);
    await page.getByRole('button', { name: 'Remove 192.0.2.200' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).click();
    await page.getByText('It is in the configuration, too.').waitFor();
    await fail2ban.client('reload');
    expect(await fail2ban.client('get', 'web', 'ignoreip')).not.toContain('192.0.2.200');
  });

  it.each(['light', 'dark'] as const)(
    'is without fault on a phone and on a desk in %s',
    async (theme) => {
      const { sessionCookie } = api;
      for (const width of [390, 1440]) {
        await using somebody = await browser.person(bailiff.url, { sessionCookie, theme, width });
        for (const tab of ['overview', 'banned', 'ignore', 'settings', 'filter', 'actions', 'log']) {
          await somebody.open(`${pathOf('web')}?tab=${tab}`);
          await somebody.heading('web').waitFor();
          await somebody.isQuiet();
          expect({ tab, violations: await axeViolations(somebody) }).toEqual({ tab, violations: [] });
          expect({ tab, wide: await sidewaysScroll(somebody) }).toEqual({ tab, wide: [] });
          const shots = process.env['BAILIFF_JAIL_SHOTS'];
          if (shots !== undefined)
            await somebody.page.screenshot({ path: join(shots, `jail-${tab}-${theme}-${String(width)}.png`) });
        }
        await somebody.page.getByRole('button', { name: 'Control' }).click();
        await somebody.page.getByRole('menuitem', { name: 'Restart…', exact: true }).click();
        await somebody.page.getByText('fail2ban-client reload --restart web').waitFor();
        await somebody.isQuiet();
        expect(await axeViolations(somebody)).toEqual([]);
        const shots = process.env['BAILIFF_JAIL_SHOTS'];
        if (shots !== undefined)
          await somebody.page.screenshot({ path: join(shots, `jail-act-${theme}-${String(width)}.png`) });
        expect(somebody.complaints).toEqual([]);
      }
    },
    300_000,
  );
});
