import { eventually, type Fail2banInstance } from '@bailiff/testing';
import { BailiffStack, PASSWORD } from './bailiff-stack.js';
import { ConsoleBrowser } from './console-browser.js';
import { consolePages } from './console-pages.js';
import { startLivelyFail2ban } from './lively-fail2ban.js';
import { looks, personWith, takePicture } from './screenshots.js';

/** A console after a week of work, and a picture of each of its pages in every look. */
export class ShowCase implements AsyncDisposable {
  private constructor(
    private readonly fail2ban: Fail2banInstance,
    private readonly bailiff: BailiffStack,
    private readonly browser: ConsoleBrowser,
  ) {}

  static async start(): Promise<ShowCase> {
    const fail2ban = await startLivelyFail2ban();
    const bailiff = await BailiffStack.start(fail2ban);
    return new ShowCase(fail2ban, bailiff, await ConsoleBrowser.start());
  }

  /** The wizard and the login page. */
  async pictureDoors(): Promise<void> {
    for (const look of looks) {
      await using person = await personWith(this.browser, this.bailiff.url, look);
      const { page } = person;
      await person.open(`/setup?token=${this.bailiff.setupToken ?? ''}`);
      await page.getByLabel('Master password').fill(PASSWORD);
      await page.getByLabel('Repeat the password').fill(PASSWORD);
      await takePicture(person, 'setup', look);
    }
  }

  /** Sets up and gives the console something to show. */
  async liveALittle(): Promise<void> {
    const api = await this.bailiff.setUp();
    await eventually(async () => (await api.history('&kind=ban')).length >= 900, { withinMs: 60_000, everyMs: 500 });
    const [host] = await api.hosts();
    const hostIds = [host?.id ?? ''];
    await api.patch(`/api/v1/hosts/${hostIds[0] ?? ''}`, { name: 'web-1', tags: ['edge', 'frankfurt'] });
    await api.post('/api/v1/tokens', { name: 'grafana', scopes: ['read'], expiresInDays: 365 });
    await api.post('/api/v1/tokens', { name: 'incident bot', scopes: ['read', 'ban'], expiresInDays: 90 });
    const ban = { hostIds, jails: ['sshd'], addresses: ['45.33.2.14'], reason: 'probing the VPN' };
    await api.post('/api/v1/bans', ban);
    const lifted = (await api.bans('&jail=postfix')).slice(0, 2).map(({ address }) => address);
    await api.post('/api/v1/unbans', { hostIds, jails: ['postfix'], addresses: lifted });
    for (let n = 1; n <= 40; n += 1)
      await this.fail2ban.appendFailures('sshd', `218.92.${String(n % 4)}.${String(n)}`, n % 9 === 0 ? 3 : 1);
    await eventually(async () => (await api.bans()).every(({ country }) => country !== null), {
      withinMs: 30_000,
      everyMs: 500,
      what: 'every address to have its country',
    });
    await api.delete('/api/v1/session');
  }

  /** Every page behind the login, and what opens over them. */
  async picturePages(): Promise<void> {
    const sessionCookie = await this.signIn();
    for (const look of looks) {
      await using person = await personWith(this.browser, this.bailiff.url, look, { sessionCookie });
      const { page } = person;
      for (const { name, path, heading } of consolePages) {
        await person.open(path);
        await person.heading(heading).waitFor();
        await takePicture(person, name, look);
      }
      await person.open('/history?kind=ban&jail=sshd');
      await person.rows('sshd').nth(2).click();
      await page.getByRole('complementary', { name: 'Details' }).waitFor();
      await takePicture(person, 'details', look);
      await person.open('/banned');
      await page.getByRole('button', { name: 'Ban', exact: true }).click();
      await page.getByRole('dialog').getByLabel('IP addresses or networks').fill('198.51.100.0/24');
      await takePicture(person, 'ban-dialog', look);
      await person.open('/hosts');
      await page.getByRole('button', { name: 'Add host' }).click();
      await page.getByText('Waiting for the agent').waitFor();
      await takePicture(person, 'add-host', look);
      await using stranger = await personWith(this.browser, this.bailiff.url, look);
      await stranger.open('/login');
      await takePicture(stranger, 'login', look);
    }
  }

  /** Signs in as a person does, so that the list of sessions shows a browser; answers the cookie. */
  private async signIn(): Promise<string> {
    await using person = await this.browser.person(this.bailiff.url);
    await person.open('/login');
    await person.enterPassword(PASSWORD);
    await person.heading('Dashboard').waitFor();
    const [cookie] = await person.cookies();
    return `${cookie?.name ?? ''}=${cookie?.value ?? ''}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.browser[Symbol.asyncDispose]();
    await this.bailiff[Symbol.asyncDispose]();
    await this.fail2ban[Symbol.asyncDispose]();
  }
}
