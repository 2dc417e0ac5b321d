import { eventually, type Fail2banInstance, type Fail2banVersion, startFail2ban } from '@bailiff/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BailiffStack, PASSWORD } from '../harness/bailiff-stack.js';
import { ConsoleBrowser } from '../harness/console-browser.js';
import { bannedNow } from '../harness/fail2ban-truth.js';
import type { Person } from '../harness/person.js';

const ATTACKER = '203.0.113.7';
const BY_HAND = '2001:db8::bad';

describe.each<Fail2banVersion>(['1.1.1', '1.0.2'])('the first ban, with fail2ban %s', (version) => {
  let fail2ban: Fail2banInstance;
  let bailiff: BailiffStack;
  let browser: ConsoleBrowser;
  let operator: Person;

  beforeAll(async () => {
    fail2ban = await startFail2ban({ version, jails: { sshd: { filter: 'sshd' }, web: {} } });
    bailiff = await BailiffStack.start(fail2ban);
    browser = await ConsoleBrowser.start();
    operator = await browser.person(bailiff.url);
  });

  afterAll(async () => {
    await browser[Symbol.asyncDispose]();
    await bailiff[Symbol.asyncDispose]();
    await fail2ban[Symbol.asyncDispose]();
  });

  it('sets up through the wizard, which knows the fail2ban of this host', async () => {
    const { page } = operator;
    await operator.open(`/setup?token=${bailiff.setupToken ?? ''}`);
    await page.getByLabel('Master password').fill('short');
    expect(await page.getByRole('button', { name: 'Continue' }).isDisabled()).toBe(true);
    await page.getByLabel('Master password').fill(PASSWORD);
    await page.getByLabel('Repeat the password').fill(`${PASSWORD}!`);
    await page.getByText('The two passwords differ.').waitFor();
    await page.getByLabel('Repeat the password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('button', { name: 'Test' }).click();
    await page.getByText('The database can be used.').waitFor();
    await page.getByText(fail2ban.socketPath).waitFor();
    await page.getByText(version, { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('button', { name: 'Finish setup' }).click();
    await operator.heading('Dashboard').waitFor();
    await operator.seesLive(/^Live$/);
  });

  it('signs in', async () => {
    await operator.logOut();
    await operator.enterPassword(PASSWORD);
    await operator.heading('Dashboard').waitFor();
    await operator.seesLive(/^Live$/);
    await operator.page.getByText('Online').first().waitFor();
  });

  it('shows a real attack as a ban on the open dashboard, without a reload', async () => {
    await operator.markPage();
    await fail2ban.appendFailures('sshd', ATTACKER, 3);
    await eventually(async () => expect(await bannedNow(fail2ban)).toEqual([`sshd ${ATTACKER}`]));
    await operator.seesRows(1, [ATTACKER, 'sshd'], 5_000);
    await operator.page
      .getByRole('article')
      .filter({ hasText: 'Banned now' })
      .getByText('1', { exact: true })
      .waitFor();
    await operator.rows(ATTACKER).click();
    const details = operator.page.getByRole('complementary', { name: 'Details' });
    await details.getByText(`Failed password for invalid user admin from ${ATTACKER}`).first().waitFor();
    expect(await operator.wasNotReloaded()).toBe(true);
  });

  it('unbans it by the list of what is banned now', async () => {
    await operator.goTo('Banned now');
    await operator.seesRows(1, [ATTACKER, 'sshd']);
    await operator.page.getByRole('button', { name: `Unban ${ATTACKER}` }).click();
    const undo = await operator.toldBy(`Unbanned ${ATTACKER}`);
    expect(await undo.textContent()).toContain('Undo');
    expect(await bannedNow(fail2ban)).toEqual([]);
    await operator.seesRows(0, [ATTACKER]);
    await operator.page.getByRole('heading', { name: 'Nobody is banned' }).waitFor();
  });

  it('keeps both in History and the unban in the audit log', async () => {
    await operator.goTo('History');
    await operator.search(ATTACKER);
    await operator.seesRows(1, [ATTACKER, { cell: 'Ban' }]);
    await operator.seesRows(1, [ATTACKER, { cell: 'Unban' }]);
    // The jail made the ban; who lifted it the archive does not know, so it must not say 'Self'.
    await operator.seesRows(1, [ATTACKER, { cell: 'Self' }]);
    await operator.goTo('Audit log');
    await operator.seesRows(1, ['ban.lift', ATTACKER, 'operator', 'Done']);
    await operator.seesRows(1, ['setup.complete', 'Done']);
  });

  it('bans from the Jails page, and takes it back by Undo', async () => {
    const { page } = operator;
    await operator.goTo('Jails');
    await page.getByRole('button', { name: 'Actions for web' }).click();
    await page.getByRole('menuitem', { name: 'Ban…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Ban addresses' });
    // The jail is chosen already, and choosing does not ask the gateway in a loop. The page below may ask for its own sake.
    await dialog.getByRole('combobox', { name: 'Jails' }).filter({ hasText: 'web' }).waitFor();
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    const addresses = dialog.getByLabel('IP addresses or networks');
    await addresses.fill('not-an-address');
    await dialog.getByText('Not an address or network: not-an-address').waitFor();
    await addresses.fill(BY_HAND);
    await dialog.getByLabel('Reason').fill('seen in the mail log');
    await dialog.getByRole('button', { name: 'Ban 1 address' }).click();
    const undo = await operator.toldBy(`Banned ${BY_HAND} in web`);
    // By now a loop would have asked many times over.
    expect(asked.filter((path) => path === '/api/v1/jails').length).toBeLessThan(10);
    expect(await bannedNow(fail2ban)).toEqual([`web ${BY_HAND}`]);
    await undo.click();
    await operator.toldBy('Undone');
    expect(await bannedNow(fail2ban)).toEqual([]);
    await operator.goTo('History');
    await operator.seesRows(1, [BY_HAND, { cell: 'Ban' }, 'Manual']);
    await operator.seesRows(1, [BY_HAND, { cell: 'Unban' }]);
  });

  it('wants a typed word before it bans the address the operator sits at', async () => {
    const { page } = operator;
    await operator.goTo('Jails');
    await page.getByRole('button', { name: 'Ban', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Ban addresses' });
    await dialog.getByLabel('IP addresses or networks').fill('127.0.0.1');
    await dialog.getByRole('combobox', { name: 'Jails' }).click();
    await page.getByRole('option', { name: 'web' }).click();
    await page.keyboard.press('Escape');
    await dialog.getByRole('button', { name: 'Ban 1 address' }).click();
    await dialog.getByText('A protected address').waitFor();
    const force = dialog.getByRole('button', { name: 'Ban it all the same' });
    expect(await force.isDisabled()).toBe(true);
    expect(await bannedNow(fail2ban)).toEqual([]);
    await dialog.getByRole('button', { name: 'Cancel' }).click();
  });

  it('wrote nothing into the browser console and asked no other server', () => {
    expect(operator.complaints).toEqual([]);
  });
});
