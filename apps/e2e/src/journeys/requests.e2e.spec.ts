import { eventually, type Fail2banInstance, startFail2ban } from '@bailiff/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BailiffStack } from '../harness/bailiff-stack.js';
import { ConsoleBrowser } from '../harness/console-browser.js';
import { axeViolations, sidewaysScroll } from '../harness/page-checks.js';

const HOSTILE = '/<img/src=x/onerror=alert(1)>{{7*7}}%3Cscript%3E\u202Egnp.exe';
/** As it must be shown: only what is invisible is written out. */
const SHOWN = '/<img/src=x/onerror=alert(1)>{{7*7}}%3Cscript%3E\\u{202e}gnp.exe';

describe('what was asked for', () => {
  let fail2ban: Fail2banInstance;
  let bailiff: BailiffStack;
  let browser: ConsoleBrowser;
  let sessionCookie: string;

  beforeAll(async () => {
    fail2ban = await startFail2ban({
      jails: {
        web: { failregex: String.raw`^(?:\S+ )?<HOST> - .*" 404 `, maxretry: 1 },
        'nginx-http-auth': { filter: 'nginx-http-auth', maxretry: 1 },
        sshd: { filter: 'sshd', maxretry: 1 },
      },
    });
    bailiff = await BailiffStack.start(fail2ban);
    browser = await ConsoleBrowser.start();
    const api = await bailiff.setUp();
    sessionCookie = api.sessionCookie;
    await eventually(async () => expect((await api.hosts())[0]?.state).toBe('online'), { withinMs: 30_000 });
    await fail2ban.appendLines('web', [
      accessLine('shop.example.co.uk:443', '203.0.113.7', '/wp-login.php?action=register'),
      accessLine('www.example.org:80', '203.0.113.8', HOSTILE),
      accessLine('192.0.2.80:8080', '203.0.113.9', `/${'a'.repeat(1_900)}`),
    ]);
    await fail2ban.appendFailures('nginx-http-auth', '203.0.113.10', 1);
    await fail2ban.appendFailures('sshd', '203.0.113.11', 1);
    await eventually(async () => expect((await api.bans()).length).toBe(5), { withinMs: 30_000 });
  });

  afterAll(async () => {
    await browser[Symbol.asyncDispose]();
    await bailiff[Symbol.asyncDispose]();
    await fail2ban[Symbol.asyncDispose]();
  });

  it('stands beside each ban, hostile or not, as text', async () => {
    await using person = await browser.person(bailiff.url, { sessionCookie, width: 1920 });
    const { page } = person;
    const asked: string[] = [];
    page.on('dialog', (dialog) => {
      asked.push(dialog.message());
      void dialog.dismiss();
    });
    await person.open('/');
    await person.seesRows(1, [
      '203.0.113.7',
      { cell: '/wp-login.php?action=register' },
      { cell: 'example.co.uk' },
      { cell: 'shop' },
    ]);
    await person.seesRows(1, ['203.0.113.8', SHOWN, { cell: 'example.org' }, { cell: 'www' }]);
    await person.seesRows(1, ['203.0.113.9', '/aaaa', { cell: '192.0.2.80' }]);
    await person.seesRows(1, ['203.0.113.10', { cell: '/admin/' }, { cell: 'example.org' }]);
    await person.seesRows(1, ['203.0.113.11', 'sshd']);
    await person.isQuiet();
    expect(await axeViolations(person)).toEqual([]);

    await person.rows('203.0.113.8').click();
    const details = page.getByRole('complementary', { name: 'Details' });
    await details.getByText(SHOWN, { exact: true }).waitFor();
    await details.getByText('www.example.org', { exact: true }).waitFor();
    expect(await page.locator('img[src="x"], img[src="x/"]').count()).toBe(0);
    expect(asked).toEqual([]);
    expect(person.complaints).toEqual([]);
  });

  it('can be searched for in the history, and chosen as columns', async () => {
    await using person = await browser.person(bailiff.url, { sessionCookie, width: 1920 });
    const { page } = person;
    await person.open('/history');
    await person.search('SHOP.example');
    await person.seesRows(1, ['203.0.113.7']);
    await person.seesRows(0, ['203.0.113.8']);
    await person.search('onerror=');
    await person.seesRows(1, ['203.0.113.8', SHOWN]);
    await page.getByRole('button', { name: 'View', exact: true }).click();
    await page.getByRole('menuitemcheckbox', { name: 'Service' }).click();
    await page.keyboard.press('Escape');
    await page.getByRole('columnheader', { name: 'Service' }).waitFor();
    expect(person.complaints).toEqual([]);
  });

  it('has its place on the card of a phone', async () => {
    await using person = await browser.person(bailiff.url, { sessionCookie, width: 390 });
    await person.open('/');
    await person.seesRows(1, ['203.0.113.7', 'web', '/wp-login.php']);
    await person.isQuiet();
    expect(await sidewaysScroll(person)).toEqual([]);
    expect(await axeViolations(person)).toEqual([]);
  });
});

/** A line of an Apache's or nginx's log of several sites. */
function accessLine(site: string, client: string, target: string): string {
  const at = new Date();
  const month = at.toLocaleString('en', { month: 'short', timeZone: 'UTC' });
  const [day = '', clock = ''] = [at.toISOString().slice(8, 10), at.toISOString().slice(11, 19)];
  const date = `${day}/${month}/${at.getUTCFullYear()}:${clock} +0000`;
  return `${site} ${client} - - [${date}] "GET ${target} HTTP/1.1" 404 5 "-" "curl/8.5.0"`;
}
