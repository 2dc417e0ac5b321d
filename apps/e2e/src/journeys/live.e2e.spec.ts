import { eventually, type Fail2banInstance, startFail2ban } from '@bailiff/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ApiClient } from '../harness/api-client.js';
import { BailiffStack } from '../harness/bailiff-stack.js';
import { ConsoleBrowser } from '../harness/console-browser.js';
import { bannedNow } from '../harness/fail2ban-truth.js';
import type { Person } from '../harness/person.js';

const BANS = 120;
const KILL_AT = [30, 75];
const addresses = Array.from({ length: BANS }, (_, n) => `198.51.100.${String(n + 1)}`);

describe('the live feed', () => {
  let fail2ban: Fail2banInstance;
  let bailiff: BailiffStack;
  let api: ApiClient;
  let browser: ConsoleBrowser;
  let atDashboard: Person;
  let atBanned: Person;

  beforeAll(async () => {
    fail2ban = await startFail2ban({ version: '1.1.1', jails: { web: { bantime: 86_400 } } });
    bailiff = await BailiffStack.start(fail2ban);
    api = await bailiff.setUp();
    browser = await ConsoleBrowser.start();
    const { sessionCookie } = api;
    atDashboard = await browser.person(bailiff.url, { sessionCookie });
    atBanned = await browser.person(bailiff.url, { sessionCookie, theme: 'dark' });
    await atDashboard.open('/');
    await atBanned.open('/banned');
    for (const person of [atDashboard, atBanned]) await person.seesLive(/^Live$/);
  });

  afterAll(async () => {
    await browser[Symbol.asyncDispose]();
    await bailiff[Symbol.asyncDispose]();
    await fail2ban[Symbol.asyncDispose]();
  });

  it('shows each ban exactly once though the gateway is killed while they stream in', async () => {
    for (const person of [atDashboard, atBanned]) await person.markPage();
    const pids = new Set([await bailiff.pidOf('gateway')]);
    for (const [n, address] of addresses.entries()) {
      await fail2ban.client('set', 'web', 'banip', address);
      if (!KILL_AT.includes(n)) continue;
      const pid = await bailiff.pidOf('gateway');
      await bailiff.kill('gateway');
      // While it is gone the page says so, and fail2ban goes on.
      await atDashboard.seesLive(/^(Reconnecting|Stale since)/);
      await bailiff.restarted('gateway', pid);
      pids.add(await bailiff.pidOf('gateway'));
    }
    expect(pids.size).toBe(KILL_AT.length + 1);
    for (const person of [atDashboard, atBanned]) {
      await person.seesLive(/^Live$/, 30_000);
      await eventually(
        async () => expect([...(await person.listedAddresses())].sort()).toEqual([...addresses].sort()),
        {
          withinMs: 30_000,
          everyMs: 500,
          what: 'every ban to be listed exactly once',
        },
      );
      await person.page.getByText(`${String(BANS)} rows`, { exact: true }).waitFor();
      expect(await person.wasNotReloaded()).toBe(true);
    }
    const archive = (await api.history()).map(({ kind, jail, address }) => `${kind} ${jail} ${address}`);
    expect(archive.sort()).toEqual(addresses.map((address) => `ban web ${address}`).sort());
    expect((await api.bans()).map(({ address }) => address).sort()).toEqual([...addresses].sort());
    const figure = atDashboard.page.getByRole('article').filter({ hasText: 'Banned now' });
    await figure.getByText(String(BANS), { exact: true }).waitFor();
  });

  it('takes an unban in one browser off the other', async () => {
    const [address = ''] = addresses;
    await atDashboard.goTo('Banned now');
    await atDashboard.search(address);
    await atDashboard.page.getByRole('button', { name: `Unban ${address}`, exact: true }).click();
    await atDashboard.toldBy(`Unbanned ${address}`);
    await atBanned.page.getByText(`${String(BANS - 1)} rows`, { exact: true }).waitFor();
    await eventually(async () => expect(await atBanned.listedAddresses()).not.toContain(address));
  });

  it('counts what came while one looked elsewhere in the title of the tab', async () => {
    const tab = await atBanned.newTab();
    await tab.page.bringToFront();
    await atBanned.pretendHidden();
    await fail2ban.client('set', 'web', 'banip', '203.0.113.200');
    await eventually(async () => expect(await atBanned.page.title()).toBe('(1) Banned now · Bailiff'));
    await tab.page.close();
  });

  it('shows a host that is out of reach with the age of what is known, and offers nothing that cannot be done', async () => {
    const { page } = atDashboard;
    const pid = await bailiff.pidOf('agent');
    process.kill(pid, 'SIGSTOP');
    try {
      await page.getByRole('link', { name: /\bOffline\s*as of/ }).waitFor({ timeout: 60_000 });
      await atDashboard.goTo('Jails');
      await page.getByRole('button', { name: 'Actions for web' }).click();
      await page.getByRole('menuitem', { name: 'Show who is banned' }).waitFor();
      expect(await page.getByRole('menuitem', { name: 'Ban…' }).count()).toBe(0);
      await page.keyboard.press('Escape');
      await atDashboard.goTo('Banned now');
      const [, address = ''] = addresses;
      await atDashboard.search(address);
      await page.getByRole('button', { name: `Unban ${address}`, exact: true }).click();
      await atDashboard.toldBy(/offline/i);
    } finally {
      process.kill(pid, 'SIGCONT');
    }
    await page.getByRole('link', { name: /\bOnline\b/ }).waitFor({ timeout: 60_000 });
    expect(await bannedNow(fail2ban)).toContain(`web ${addresses[1] ?? ''}`);
  });
});
