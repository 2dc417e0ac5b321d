import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AsnNetworks, CampaignList, GeoStatus, NetworkStats } from '@bailiff/contracts/http';
import { eventually, type Fail2banInstance, startFail2ban, tempDir, type TempDir } from '@bailiff/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ApiClient } from '../harness/api-client.js';
import { BailiffStack } from '../harness/bailiff-stack.js';
import { ConsoleBrowser } from '../harness/console-browser.js';
import { axeViolations, sidewaysScroll } from '../harness/page-checks.js';

// Documentation addresses are nobody's, so this journey needs public ones.
const GOOGLE = '8.8.8.8';
const PUBLIC = [GOOGLE, '193.99.144.80', '2001:4860:4860::8888'];

describe('countries and networks', () => {
  let fail2ban: Fail2banInstance;
  let mounted: TempDir;
  let bailiff: BailiffStack;
  let browser: ConsoleBrowser;
  let api: ApiClient;

  beforeAll(async () => {
    mounted = await tempDir('bailiff-e2e-geo-');
    fail2ban = await startFail2ban({ jails: { sshd: { filter: 'sshd', maxretry: 1 } } });
    bailiff = await BailiffStack.start(fail2ban, {
      env: { BAILIFF_WORKER_GEO_DIR: mounted.path, BAILIFF_WORKER_GEO_CHECK_SECONDS: '1' },
    });
    browser = await ConsoleBrowser.start();
    api = await bailiff.setUp();
    await eventually(async () => expect((await api.hosts())[0]?.state).toBe('online'), { withinMs: 30_000 });
    for (const address of [...PUBLIC, '192.0.2.7']) await fail2ban.appendFailures('sshd', address, 1);
    await eventually(async () => expect((await api.bans()).length).toBe(4), { withinMs: 30_000 });
  });

  afterAll(async () => {
    await browser[Symbol.asyncDispose]();
    await bailiff[Symbol.asyncDispose]();
    await fail2ban[Symbol.asyncDispose]();
    await mounted[Symbol.asyncDispose]();
  });

  it('are known shortly after a ban, without anybody waiting, and counted', async () => {
    await eventually(
      async () => {
        const bans = new Map((await api.bans()).map((ban) => [ban.address, ban]));
        expect(bans.get(GOOGLE)).toMatchObject({ country: 'US', asn: 15169, asName: 'Google LLC' });
        expect(bans.get('2001:4860:4860::8888')).toMatchObject({ country: 'US', asn: 15169 });
        expect(bans.get('193.99.144.80')).toMatchObject({ country: 'DE' });
        expect(bans.get('192.0.2.7')).toMatchObject({ country: null });
      },
      { withinMs: 30_000 },
    );
    expect((await api.history('&asn=15169')).map(({ address }) => address).toSorted()).toEqual([PUBLIC[2], GOOGLE]);
    const { networks } = await api.get<NetworkStats>('/api/v1/stats/networks?range=24h');
    expect(networks[0]).toMatchObject({ asn: 15169, name: 'Google LLC', bans: 2 });
  });

  it('stand beside addresses, with those to be named', async () => {
    await using person = await browser.person(bailiff.url, { sessionCookie: api.sessionCookie, width: 2200 });
    await person.open('/banned');
    await person.seesRows(1, [GOOGLE, 'AS15169 Google LLC']);
    await person.rows(GOOGLE).getByText('sshd').click();
    const details = person.page.getByRole('complementary', { name: 'Details' });
    await details.getByText('Google LLC').waitFor();
    await details.getByRole('link', { name: /DB-IP/ }).waitFor();
    expect(await axeViolations(person)).toEqual([]);
    await person.open('/history?asn=15169');
    await person.seesRows(1, [GOOGLE]);
    await person.seesRows(0, ['193.99.144.80']);
    expect(person.complaints).toEqual([]);
  });

  it('let one ban what an operator announces: from its page for ever, from a campaign', async () => {
    await using person = await browser.person(bailiff.url, { sessionCookie: api.sessionCookie });
    const { page } = person;
    const dialog = page.getByRole('dialog');
    const asn = (await api.bans()).find(({ address }) => address === '193.99.144.80')?.asn;
    const few = await api.get<AsnNetworks>(`/api/v1/geo/systems/${String(asn)}/networks`);
    expect(few.networks.length).toBeLessThan(500);
    await person.open('/addresses/193.99.144.80');
    await page.getByRole('button', { name: 'Ban its networks' }).click();
    await dialog.getByText(few.networks[0] ?? '', { exact: true }).waitFor();
    expect(await axeViolations(person)).toEqual([]);
    await dialog.getByRole('button', { name: /^Ban [\d,]+ networks?…$/ }).click();
    await dialog.getByRole('combobox', { name: 'How long' }).click();
    await page.getByRole('option', { name: 'Permanent' }).click();
    await dialog.getByRole('button', { name: /^Ban / }).click();
    await dialog.waitFor({ state: 'detached' });
    const banned = async () => (await fail2ban.client('get', 'sshd', 'banip')).split(/\s+/);
    await eventually(async () => expect(await banned()).toEqual(expect.arrayContaining([...few.networks])));

    // A system is a campaign when many addresses of several of its networks were banned.
    const others = ['142.250.1.1', '142.250.2.1', '172.217.3.1', '216.58.200.1', '74.125.4.1', '66.249.64.1'];
    await fail2ban.client('set', 'sshd', 'banip', ...others);
    await eventually(async () => expect(await api.history('&asn=15169')).toHaveLength(others.length + 2));
    await eventually(async () => {
      const { campaigns } = await api.get<CampaignList>('/api/v1/campaigns?min=2');
      const google = campaigns.find(({ network }) => network === 'AS15169');
      expect(google?.sample).toEqual(expect.arrayContaining([...others, GOOGLE, PUBLIC[2]]));
    });
    const google = await api.get<AsnNetworks>('/api/v1/geo/systems/15169/networks');
    await person.open('/campaigns?min=2');
    await person.rows('AS15169').getByRole('button', { name: 'Ban AS15169' }).click();
    await dialog.getByText(google.source.name).waitFor();
    // Its addresses lie in these networks, or it would say so.
    expect(await dialog.getByText(/lies? in none of these networks/).count()).toBe(0);
    await dialog.getByRole('button', { name: `Ban ${google.networks.length} networks…` }).click();
    const typed = dialog.getByRole('textbox', { name: 'Addresses' });
    expect((await typed.inputValue()).split('\n')).toEqual(google.networks);
    // What it announces is wider in part than a ban may be, so it comes in parts.
    expect(google.networks).toEqual(expect.arrayContaining(['35.208.0.0/16', '35.215.0.0/16']));
    await dialog.getByRole('button', { name: `Ban ${google.networks.length} networks` }).click();
    await dialog.waitFor({ state: 'detached' });
    await eventually(async () => expect(await banned()).toEqual(expect.arrayContaining([...google.networks])), {
      withinMs: 60_000,
    });
    expect(person.complaints).toEqual([]);
  });

  it.each([1440, 390])(
    'have their sources in the settings, %d pixels wide, and a broken file is named',
    async (width) => {
      await using person = await browser.person(bailiff.url, { sessionCookie: api.sessionCookie, width });
      const { page } = person;
      const sources = () => api.get<GeoStatus>('/api/v1/geo/sources');
      await eventually(async () => expect(await sources()).toMatchObject({ state: 'live' }));
      await writeFile(join(mounted.path, 'part'), '<!doctype html>');
      await rename(join(mounted.path, 'part'), join(mounted.path, '<b>country.mmdb'));
      await eventually(async () => expect((await sources()).sources[0]).toMatchObject({ state: 'broken' }));
      await person.open('/settings#geo');
      await page.getByRole('heading', { name: 'Geo and network data' }).waitFor();
      await page.getByText('<b>country.mmdb', { exact: true }).waitFor();
      await page.getByText('The file is cut off, or no MMDB file.').waitFor();
      await page.getByText(/@ip-location-db\/asn/).waitFor();
      await page.getByRole('link', { name: /IP Geolocation by DB-IP/ }).waitFor();
      await person.isQuiet();
      expect(await axeViolations(person)).toEqual([]);
      expect(await sidewaysScroll(person)).toEqual([]);
      expect(person.complaints).toEqual([]);
      await rm(join(mounted.path, '<b>country.mmdb'));
      await eventually(async () => expect((await sources()).sources[0]).toMatchObject({ state: 'used' }));
    },
  );
});
