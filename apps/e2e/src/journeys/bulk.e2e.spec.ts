import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BulkJob } from '@bailiff/contracts/http';
import { eventually, type Fail2banInstance, startFail2ban, tempDir } from '@bailiff/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { ApiClient } from '../harness/api-client.js';
import { BailiffStack } from '../harness/bailiff-stack.js';
import { ConsoleBrowser } from '../harness/console-browser.js';
import { bannedNow } from '../harness/fail2ban-truth.js';
import { axeViolations, sidewaysScroll } from '../harness/page-checks.js';
import type { Person } from '../harness/person.js';

const HOSTILE = '<img src=x onerror=document.body.remove()>';
const addresses = (count: number, net = '2001:db8:7'): string[] =>
  Array.from({ length: count }, (_, n) => `${net}::${(n + 1).toString(16)}`);
const inJail = (jail: string, list: readonly string[]): string[] => list.map((address) => `${jail} ${address}`).sort();

describe('a list', () => {
  let fail2ban: Fail2banInstance;
  let bailiff: BailiffStack;
  let browser: ConsoleBrowser;
  let api: ApiClient;
  let operator: Person;

  beforeAll(async () => {
    fail2ban = await startFail2ban({ jails: { sshd: { bantime: 86_400, action: '' }, slow: { bantime: 86_400 } } });
    bailiff = await BailiffStack.start(fail2ban);
    api = await bailiff.setUp();
    browser = await ConsoleBrowser.start();
    operator = await browser.person(bailiff.url, { sessionCookie: api.sessionCookie });
    await eventually(async () => expect(await api.jails()).toHaveLength(2), { withinMs: 60_000 });
  });
  afterAll(async () => {
    await browser[Symbol.asyncDispose]();
    await bailiff[Symbol.asyncDispose]();
    await fail2ban[Symbol.asyncDispose]();
  });
  afterEach(async () => {
    expect(operator.complaints).toEqual([]);
    expect(await axeViolations(operator)).toEqual([]);
    expect(await sidewaysScroll(operator)).toEqual([]);
  });

  const openNew = async (item: string): Promise<void> => {
    await operator.open('/banned');
    await operator.page.getByRole('button', { name: 'Actions for Banned now' }).click();
    await operator.page.getByRole('menuitem', { name: item, exact: true }).click();
  };
  const chooseJail = async (name: string): Promise<void> => {
    const { page } = operator;
    await page.getByRole('combobox', { name: 'Jails' }).click();
    const option = page.getByRole('option', { name, exact: true });
    if ((await option.getAttribute('aria-selected')) !== 'true') await option.click();
    await page.keyboard.press('Escape');
  };
  const paste = async (text: string): Promise<void> => {
    await operator.page.getByLabel('Addresses and networks').evaluate((field, pasted) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', pasted);
      field.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    }, text);
    await operator.page.getByText('Pasted text').waitFor();
    await operator.page.getByRole('button', { name: 'Read the list' }).click();
  };
  const figure = (name: string): Promise<string | null> =>
    operator.page.locator('dt', { hasText: name }).locator('xpath=following-sibling::dd[1]').first().textContent();
  const ended = () =>
    operator.page
      .getByRole('region', { name: 'Progress' })
      .getByText(/^(Done|Cancelled)$/)
      .first()
      .waitFor({ timeout: 120_000 });

  it('is read and judged before anything happens', async () => {
    const list = addresses(2_000);
    const junk = [
      HOSTILE,
      '192.0.2.256',
      '10.1.2.3',
      '127.0.0.1',
      '8.0.0.0/6',
      '\u202eevil',
      list[0] ?? '',
      '# a comment',
      '',
    ];
    await openNew('Ban a list…');
    await operator.heading('Ban a list').waitFor();
    await operator.page.getByRole('button', { name: 'Read the list' }).click();
    await operator.page.getByText('Paste a list or choose a file.').waitFor();
    await chooseJail('sshd');
    await paste([...list, '203.0.113.0/29', '203.0.113.3', ...junk].join('\n'));
    await operator.page.getByRole('heading', { name: '2,002 addresses ready' }).waitFor();
    expect(await figure('Lines with content')).toBe('2,009');
    expect(await figure('of these networks')).toBe('1');
    expect(await figure('Duplicates left out')).toBe('1');
    expect(await figure('Inside a network')).toBe('1');
    expect(await figure('Lines left out')).toBe('6');
    const problems = operator.page.getByRole('region', { name: 'Lines left out and why' });
    // As text, not as a picture that fails to load.
    await problems.getByText(HOSTILE).waitFor();
    await problems.getByText('127.0.0.1').first().waitFor();
    expect(await bannedNow(fail2ban)).toEqual([]);
  });

  it('is banned once its number was typed, and fail2ban agrees to the last address', async () => {
    const { page } = operator;
    const start = page.getByRole('button', { name: 'Ban 2,002 addresses' });
    expect(await start.isDisabled()).toBe(true);
    await page.getByLabel('Type 2002 to confirm').fill('2,002');
    await page.getByLabel('Reason').fill(HOSTILE);
    await start.click();
    await ended();
    await page.getByText(HOSTILE).waitFor();
    await page.getByText('2,002 of 2,002').first().waitFor();
    expect(await bannedNow(fail2ban)).toEqual(inJail('sshd', [...addresses(2_000), '203.0.113.0/29', '203.0.113.3']));
    await operator.search('203.0.113.');
    await operator.seesRows(2, ['203.0.113.', 'Banned']);
  });

  it('is found again, and shows in Banned now as asked for by hand', async () => {
    await operator.open('/banned/lists');
    const card = operator.page.getByRole('listitem').filter({ hasText: 'Ban a list · 2,002 addresses' });
    await card.getByText('2,002 banned').waitFor();
    await card.getByRole('link').click();
    await ended();
    await eventually(async () => expect((await api.bans('&origin=manual')).length).toBe(2_002), { withinMs: 60_000 });
    await operator.open('/audit');
    await operator.seesRows(1, ['bulk.ban-ended', '2002 addresses', 'Done']);
  });

  it('is unbanned from a file, where an address that was not banned counts as unchanged', async () => {
    await using dir = await tempDir('bulk-e2e-');
    const path = join(dir.path, 'un"ban <b>.csv');
    await writeFile(path, `ip,why\r\n${addresses(50).join(',x\r\n')}\r\n192.0.2.77,never\r\n`);
    await openNew('Unban a list…');
    await operator.heading('Unban a list').waitFor();
    await operator.page.locator('input[type=file]').setInputFiles(path);
    await operator.page.getByText('un"ban <b>.csv').waitFor();
    await chooseJail('sshd');
    await operator.page.getByRole('button', { name: 'Read the list' }).click();
    await operator.page.getByRole('button', { name: 'Unban 51 addresses' }).click();
    await ended();
    await operator.page.getByText('un"ban <b>.csv').first().waitFor();
    await operator.search('192.0.2.77');
    await operator.seesRows(2, ['192.0.2.77', 'Was not banned']);
    expect(await bannedNow(fail2ban)).toEqual(
      inJail('sshd', [...addresses(2_000).slice(50), '203.0.113.0/29', '203.0.113.3']),
    );
  });

  it('is banned for a time of one’s choice, and lifted on time with nobody at the console', async () => {
    const { page } = operator;
    const list = addresses(40, '2001:db8:a');
    await openNew('Ban a list…');
    await chooseJail('sshd');
    await page.getByRole('combobox', { name: 'How long' }).click();
    await page.getByRole('option', { name: 'Custom…' }).click();
    await page.getByLabel('Number').fill('1');
    await page.getByRole('combobox', { name: 'Unit' }).click();
    await page.getByRole('option', { name: 'minutes' }).click();
    await page.getByLabel('Addresses and networks').fill(list.join('\n'));
    await page.getByRole('button', { name: 'Read the list' }).click();
    await page.getByText('Each ban lasts 1 min').waitFor();
    const fromMs = Date.now();
    await page.getByRole('button', { name: 'Ban 40 addresses' }).click();
    await ended();
    expect(await bannedNow(fail2ban)).toEqual(expect.arrayContaining(inJail('sshd', list)));
    await bailiff.kill('gateway');
    await eventually(
      async () => expect((await bannedNow(fail2ban)).filter((each) => each.includes('2001:db8:a::'))).toEqual([]),
      { withinMs: 150_000 },
    );
    expect(Date.now()).toBeGreaterThanOrEqual(fromMs + 60_000);
    await eventually(() => api.jails(), { withinMs: 60_000 });
    operator.complaints.length = 0;
  });

  it('stops when cancelled; what is done stays, and the page says which', async () => {
    // Each ban runs a shell command there: there is time to change one's mind.
    await openNew('Ban a list…');
    await chooseJail('slow');
    const list = addresses(3_000, '2001:db8:8');
    await paste(list.join('\n'));
    await operator.page.getByLabel('Type 3000 to confirm').fill('3000');
    await operator.page.getByRole('button', { name: 'Ban 3,000 addresses' }).click();
    await eventually(
      async () =>
        expect((await bannedNow(fail2ban)).filter((each) => each.startsWith('slow')).length).toBeGreaterThan(5),
      { withinMs: 60_000 },
    );
    await operator.page.getByRole('button', { name: 'Cancel', exact: true }).click();
    await ended();
    // The host says so first; the list is over once all that it had begun is known.
    const job = await eventually(
      async () => {
        const [newest] = await api.get<readonly BulkJob[]>('/api/v1/bulk-jobs');
        expect(newest).toMatchObject({ state: 'cancelled', entries: 3_000 });
        return newest;
      },
      { withinMs: 60_000 },
    );
    const { done = 0, cancelled } = job?.counts ?? {};
    expect(done + (cancelled ?? 0)).toBe(3_000);
    expect((await bannedNow(fail2ban)).filter((each) => each.startsWith('slow'))).toEqual(
      inJail('slow', list.slice(0, done)),
    );
  });

  it('goes on when agent and gateway die in the middle', async () => {
    const list = addresses(1_500, '2001:db8:9');
    await openNew('Ban a list…');
    await chooseJail('slow');
    await paste(list.join('\n'));
    await operator.page.getByLabel('Type 1500 to confirm').fill('1500');
    await operator.page.getByRole('button', { name: 'Ban 1,500 addresses' }).click();
    await operator.page.getByRole('region', { name: 'Progress' }).waitFor();
    const [agent, gateway] = [await bailiff.pidOf('agent'), await bailiff.pidOf('gateway')];
    await bailiff.kill('agent');
    await bailiff.kill('gateway');
    await bailiff.restarted('agent', agent);
    await bailiff.restarted('gateway', gateway);
    await ended();
    await operator.page.getByText('1,500 of 1,500').first().waitFor();
    expect(await bannedNow(fail2ban)).toEqual(expect.arrayContaining(inJail('slow', list)));
    operator.complaints.length = 0;
  });
});
