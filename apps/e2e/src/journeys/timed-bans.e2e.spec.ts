import { eventually, type Fail2banInstance, startFail2ban } from '@bailiff/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BailiffStack } from '../harness/bailiff-stack.js';
import type { ApiClient } from '../harness/api-client.js';
import { ConsoleBrowser } from '../harness/console-browser.js';
import { bannedNow } from '../harness/fail2ban-truth.js';
import { axeViolations } from '../harness/page-checks.js';
import type { Person } from '../harness/person.js';

const FOR_A_TIME = '203.0.113.21';
const PARTNER = '203.0.113.40';
const CAMPAIGN = '198.51.100.0/24';

describe('bans for a time, and who is never banned', () => {
  let fail2ban: Fail2banInstance;
  let bailiff: BailiffStack;
  let api: ApiClient;
  let browser: ConsoleBrowser;
  let operator: Person;

  beforeAll(async () => {
    fail2ban = await startFail2ban({ jails: { sshd: { bantime: 86_400 }, web: { bantime: 86_400 } } });
    bailiff = await BailiffStack.start(fail2ban);
    api = await bailiff.setUp();
    browser = await ConsoleBrowser.start();
    operator = await browser.person(bailiff.url, { sessionCookie: api.sessionCookie });
    await operator.open('/banned');
    await operator.seesLive(/^Live$/);
  });

  afterAll(async () => {
    await browser[Symbol.asyncDispose]();
    await bailiff[Symbol.asyncDispose]();
    await fail2ban[Symbol.asyncDispose]();
  });

  const openBan = async (addresses: string) => {
    await operator.page.getByRole('button', { name: 'Ban', exact: true }).click();
    const dialog = operator.page.getByRole('dialog', { name: 'Ban addresses' });
    await dialog.getByLabel('IP addresses or networks').fill(addresses);
    await dialog.getByRole('combobox', { name: 'Jails' }).click();
    await operator.page.getByRole('option', { name: 'sshd' }).click();
    await operator.page.keyboard.press('Escape');
    return dialog;
  };
  const ignores = (jail: string): Promise<string> => fail2ban.client('get', jail, 'ignoreip');

  it('lifts a ban on time, as fail2ban-client says, and shows until when it holds', async () => {
    const { page } = operator;
    const dialog = await openBan(FOR_A_TIME);
    await dialog.getByRole('combobox', { name: 'How long' }).click();
    await page.getByRole('option', { name: '1 hour' }).click();
    await dialog.getByLabel('Reason').fill('port scan');
    await dialog.getByRole('button', { name: 'Ban 1 address' }).click();
    await operator.toldBy(`Banned ${FOR_A_TIME} in sshd`);
    expect(await bannedNow(fail2ban)).toEqual([`sshd ${FOR_A_TIME}`]);
    await operator.rows(FOR_A_TIME).first().click();
    const details = page.getByRole('complementary', { name: 'Details' });
    await details
      .getByText(/in 59 min|in 1 h|in 60 min/)
      .first()
      .waitFor();
    await details.getByText('port scan').waitFor();
    await page.keyboard.press('Escape');
    // The same once more, by the API, for a time that a test can wait for: the end that was asked for last counts.
    const [host] = await api.hosts();
    const until = Date.now() + 3_000;
    await api.post('/api/v1/bans', {
      hostIds: [host?.id],
      jails: ['sshd'],
      addresses: [FOR_A_TIME],
      durationSeconds: 3,
    });
    await eventually(async () => expect(await bannedNow(fail2ban)).toEqual([]), { withinMs: 60_000 });
    expect(Date.now()).toBeGreaterThanOrEqual(until);
    await operator.seesRows(0, [FOR_A_TIME], 30_000);
  });

  it('puts a ban back by Undo for the time that it had left, wherever it was', async () => {
    const { page } = operator;
    const [host] = await api.hosts();
    const made = { hostIds: [host?.id], addresses: [FOR_A_TIME], reason: 'port scan' };
    await api.post('/api/v1/bans', { ...made, jails: ['sshd'], durationSeconds: 1_800 });
    await api.post('/api/v1/bans', { ...made, jails: ['web'], durationSeconds: -1 });
    const ends = async () =>
      new Map((await api.bans(`&q=${FOR_A_TIME}`)).map(({ jail, expiresAt, reason }) => [jail, { expiresAt, reason }]));
    await eventually(async () => expect((await ends()).size).toBe(2), { withinMs: 60_000 });
    await operator.seesRows(2, [FOR_A_TIME]);
    await operator.rows(FOR_A_TIME).filter({ hasText: 'sshd' }).getByRole('button', { name: /Unban/ }).click();
    await operator.seesRows(1, [FOR_A_TIME]);
    expect(await bannedNow(fail2ban)).toEqual([`web ${FOR_A_TIME}`]);
    await page.getByRole('button', { name: 'Undo' }).click();
    await operator.toldBy('Undone');
    expect((await bannedNow(fail2ban)).sort()).toEqual([`sshd ${FOR_A_TIME}`, `web ${FOR_A_TIME}`]);
    await eventually(
      async () => {
        const { sshd, web } = Object.fromEntries(await ends());
        expect([sshd?.reason, web]).toEqual(['port scan', { expiresAt: null, reason: 'port scan' }]);
        const left = Date.parse(sshd?.expiresAt ?? '') - Date.now();
        expect(left).toBeGreaterThan(0);
        expect(left).toBeLessThanOrEqual(1_801_000);
      },
      { withinMs: 60_000 },
    );
    await api.post('/api/v1/unbans', { hostIds: [host?.id], addresses: [FOR_A_TIME] });
    await operator.seesRows(0, [FOR_A_TIME], 30_000);
  });

  it('allows an address: its ban is lifted, and no reload undoes it', async () => {
    const { page } = operator;
    await fail2ban.client('set', 'web', 'banip', PARTNER);
    await operator.goTo('Allow list');
    await page.getByRole('heading', { name: 'Nobody is on the allow list' }).waitFor();
    await page.getByRole('button', { name: 'Allow an address' }).click();
    const dialog = page.getByRole('dialog', { name: 'Allow an address or network' });
    await dialog.getByLabel('Address or network').fill(PARTNER);
    await dialog.getByRole('combobox', { name: 'How long' }).click();
    await page.getByRole('option', { name: '1 day' }).click();
    await dialog.getByLabel('Comment').fill('partner, ticket 4711');
    await dialog.getByRole('button', { name: 'Allow an address' }).click();
    await operator.toldBy(`${PARTNER} is allowed`);
    await operator.seesRows(1, [PARTNER, 'partner, ticket 4711', 'In force']);
    expect(await bannedNow(fail2ban)).toEqual([]);
    for (const jail of ['sshd', 'web']) expect(await ignores(jail)).toContain(PARTNER);
    await fail2ban.client('reload');
    await eventually(async () => expect(await ignores('sshd')).toContain(PARTNER), { withinMs: 60_000 });
    await fail2ban.appendFailures('sshd', PARTNER, 5);
    await fail2ban.appendFailures('sshd', '203.0.113.41', 5);
    await eventually(async () => expect(await bannedNow(fail2ban)).toEqual(['sshd 203.0.113.41']), {
      withinMs: 60_000,
    });
    await page.getByRole('button', { name: `Actions for ${PARTNER}` }).click();
    await page.getByRole('menuitem', { name: 'Remove…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await operator.toldBy(`${PARTNER} is no longer allowed`);
    await eventually(async () => expect(await ignores('sshd')).not.toContain(PARTNER), { withinMs: 60_000 });
  });

  it('bans a protected address only once it was typed', async () => {
    const { page } = operator;
    await page.getByRole('tab', { name: 'Protected from operators' }).click();
    await page.getByRole('button', { name: 'Protect an address' }).click();
    const protect = page.getByRole('dialog', { name: 'Protect an address or network' });
    await protect.getByLabel('Address or network').fill('203.0.113.99');
    await protect.getByLabel('Comment').fill('head office');
    await protect.getByRole('button', { name: 'Protect an address' }).click();
    await operator.toldBy('203.0.113.99 is protected');
    await operator.goTo('Banned now');
    const dialog = await openBan('203.0.113.99');
    await dialog.getByText('203.0.113.99 is on the protected list (head office).').waitFor();
    await dialog.getByRole('button', { name: 'Ban 1 address' }).click();
    const force = dialog.getByRole('button', { name: 'Ban it all the same' });
    await force.waitFor();
    await dialog.getByLabel(/Type .* to confirm/).fill('203.0.113.9');
    expect(await force.isDisabled()).toBe(true);
    await dialog.getByLabel(/Type .* to confirm/).fill('203.0.113.99');
    await force.click();
    await operator.toldBy('Banned 203.0.113.99 in sshd');
    expect(await bannedNow(fail2ban)).toContain('sshd 203.0.113.99');
  });

  it('leaves protected addresses out of a ban of several, or forces those alone', async () => {
    const { page } = operator;
    const dialog = await openBan('203.0.113.99 203.0.113.98 127.0.0.9');
    await dialog.getByRole('button', { name: 'Ban 3 addresses' }).click();
    await dialog.getByText('These 2 are protected').waitFor();
    const named = dialog.getByRole('group', { name: 'These 2 are protected' });
    for (const address of ['203.0.113.99', '127.0.0.9']) await named.getByText(address, { exact: true }).waitFor();
    expect(await named.getByRole('listitem').count()).toBe(2);
    // Whoever presses the button where they are has it in sight.
    expect(await named.evaluate((element) => element === element.ownerDocument.activeElement)).toBe(true);
    expect(await axeViolations(operator)).toEqual([]);
    await dialog.getByRole('button', { name: 'Leave these 2 out, ban 1 address' }).click();
    await operator.toldBy('Banned 203.0.113.98 in sshd');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect((await bannedNow(fail2ban)).filter((ban) => ban.includes('127.0.0.9'))).toEqual([]);
  });

  it('shows what the rule for IPv6 would do, and does it when switched on', async () => {
    const { page } = operator;
    const addresses = [1, 2, 3].map((n) => `2001:db8:5::${n}`);
    await fail2ban.client('set', 'sshd', 'banip', ...addresses);
    await eventually(async () => expect(await api.bans('&q=2001:db8:5::/64')).toHaveLength(3), { withinMs: 60_000 });
    await operator.goTo('Campaigns');
    await page.getByRole('tab', { name: 'IPv6 prefixes' }).click();
    await page.getByLabel('From so many addresses on').fill('3');
    await operator.seesRows(1, ['2001:db8:5::/64', 'Would be banned']);
    expect(await bannedNow(fail2ban)).toContain('sshd 2001:db8:5::1');
    await page.getByRole('switch', { name: 'Ban prefixes by themselves' }).click();
    await page.getByRole('button', { name: 'Save' }).click();
    await operator.toldBy('The rule is saved');
    await eventually(
      async () => {
        const banned = (await bannedNow(fail2ban)).filter((text) => text.includes('2001:db8:5:'));
        expect(banned).toEqual(['sshd 2001:db8:5::/64']);
      },
      { withinMs: 60_000 },
    );
    await operator.goTo('Audit log');
    await operator.seesRows(1, ['ban.aggregate', '2001:db8:5::/64 in sshd', 'ipv6-policy', 'Done'], 60_000);
  });

  it('bans the network of a campaign, saying what it covers', async () => {
    const { page } = operator;
    for (const n of [11, 12, 13, 14, 15]) await fail2ban.appendFailures('sshd', `198.51.100.${n}`, 5);
    await eventually(async () => expect(await api.bans(`&q=${CAMPAIGN}`)).toHaveLength(5), { withinMs: 60_000 });
    await operator.goTo('Campaigns');
    await eventually(
      async () => {
        await page.reload();
        await operator.seesRows(1, [CAMPAIGN], 2_000);
      },
      { withinMs: 60_000 },
    );
    await page.getByRole('button', { name: `Ban ${CAMPAIGN}` }).click();
    const dialog = page.getByRole('dialog', { name: 'Ban addresses' });
    await dialog.getByText(`${CAMPAIGN} is a whole network of 256 addresses.`).waitFor();
    await dialog.getByRole('combobox', { name: 'Jails' }).filter({ hasText: 'sshd' }).waitFor();
    await dialog.getByRole('button', { name: `Ban ${CAMPAIGN} (256 addresses)` }).click();
    await operator.toldBy(`Banned ${CAMPAIGN} in sshd`);
    expect(await bannedNow(fail2ban)).toContain(`sshd ${CAMPAIGN}`);
  });

  it('wrote nothing into the browser console and asked no other server', () => {
    expect(operator.complaints).toEqual([]);
  });
});
