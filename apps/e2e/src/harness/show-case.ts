import { eventually, type Fail2banInstance } from '@bailiff/testing';
import type { ApiClient } from './api-client.js';
import { BailiffStack, digest, PASSWORD } from './bailiff-stack.js';
import { ConsoleBrowser } from './console-browser.js';
import { type ConsolePlaces, consolePages, visit } from './console-pages.js';
import { unbanList } from './finished-list.js';
import { startLivelyFail2ban } from './lively-fail2ban.js';
import { LookupServer } from './lookup-server.js';
import { looks, personWith, takePicture } from './screenshots.js';

const ALLOWED = [
  { address: '203.0.113.64/28', comment: 'Office Zurich' },
  { address: '198.51.100.0/27', comment: 'Conference network', durationSeconds: 3 * 86_400, jails: ['sshd'] },
  { address: '2001:db8:40::/48', comment: 'Partner’s back-up servers', tag: 'edge' },
];

/** A console after a week of work, and a picture of each of its pages in every look. */
export class ShowCase implements AsyncDisposable {
  private places: ConsolePlaces | undefined;

  private constructor(
    private readonly fail2ban: Fail2banInstance,
    private readonly lookups: LookupServer,
    private readonly bailiff: BailiffStack,
    private readonly browser: ConsoleBrowser,
  ) {}

  static async start(): Promise<ShowCase> {
    const fail2ban = await startLivelyFail2ban();
    const lookups = await LookupServer.start({ networkName: 'EXAMPLE-NET', provider: 'Example Networks LLC' });
    const bailiff = await BailiffStack.start(fail2ban, { env: lookups.env });
    return new ShowCase(fail2ban, lookups, bailiff, await ConsoleBrowser.start());
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
    await this.bailiff.letLogsBeRead(this.fail2ban.dir);
    const hostId = (await api.hosts())[0]?.id ?? '';
    const hostIds = [hostId];
    await api.patch(`/api/v1/hosts/${hostId}`, { name: 'web-1', tags: ['edge', 'frankfurt'] });
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
    for (const entry of ALLOWED) await api.post('/api/v1/allow-entries', entry);
    await api.post('/api/v1/protected-addresses', { address: '192.0.2.10', comment: 'Monitoring' });
    await api.put('/api/v1/help-desk/password', { newDigest: digest('the people at the door need help') });
    this.places = await this.placesIn(api, hostId);
    await api.delete('/api/v1/session');
  }

  /** What is worth a picture: the address that came most often, the network it is in, a list of people let in again. */
  private async placesIn(api: ApiClient, hostId: string): Promise<ConsolePlaces> {
    const jail = 'sshd';
    const visits = new Map<string, number>();
    for (const { address } of await api.history(`&kind=ban&jail=${jail}`))
      if (address.includes('.')) visits.set(address, (visits.get(address) ?? 0) + 1);
    const [[address] = ['']] = [...visits].sort(([, a], [, b]) => b - a);
    const guests = Array.from({ length: 24 }, (_, n) => `198.51.100.${String(n + 1)}`);
    const banned = (await api.bans(`&jail=${jail}`)).slice(0, 8).map((ban) => ban.address);
    const listId = await unbanList(api, { hostId, jail, name: 'conference-guests.txt' }, [...banned, ...guests]);
    return { hostId, jail, address, network: `${address.split('.').slice(0, 2).join('.')}.0.0/16`, listId };
  }

  /** Every page behind the login, and what opens over them. */
  async picturePages(): Promise<void> {
    const { places } = this;
    if (places === undefined) throw new Error('it has not lived yet');
    const sessionCookie = await this.signIn();
    for (const look of looks) {
      await using person = await personWith(this.browser, this.bailiff.url, look, { sessionCookie });
      const { page } = person;
      for (const shown of consolePages(places)) {
        await visit(person, shown);
        await takePicture(person, shown.name, look);
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
    await this.lookups[Symbol.asyncDispose]();
    await this.fail2ban[Symbol.asyncDispose]();
  }
}
