import { eventually } from '@bailiff/testing';
import type { BrowserContext, Locator, Page } from 'playwright-core';

/** Entries of the navigation. */
export type PageName =
  | 'Dashboard'
  | 'Map'
  | 'Jails'
  | 'Banned now'
  | 'Allow list'
  | 'Campaigns'
  | 'History'
  | 'Hosts'
  | 'Access'
  | 'Audit log'
  | 'Settings';

/** A text that a row shows: anywhere in it, or as the whole of one cell. */
export type RowText = string | RegExp | { readonly cell: string };

/** An IPv4 address of the documentation ranges. */
const ADDRESS = /(?:192\.0\.2|198\.51\.100|203\.0\.113)\.\d{1,3}/;

/** What Chromium itself writes for an answer that is an error; journeys that provoke one expect it. */
const networkStatus = /^Failed to load resource: /;

/**
 * Somebody at the console: does what a person does, and finds things by what they are called, never by how they are made.
 * Everything that a healthy page never does is written down in `complaints`.
 */
export class Person implements AsyncDisposable {
  /** Console errors, uncaught exceptions, requests to other servers. */
  readonly complaints: string[] = [];

  constructor(
    private readonly context: BrowserContext,
    readonly page: Page,
    readonly url: string,
  ) {
    page.on('pageerror', (error) => this.complaints.push(`uncaught: ${error.message}`));
    page.on('console', (message) => {
      if (message.type() !== 'error' && message.type() !== 'warning') return;
      if (!networkStatus.test(message.text())) this.complaints.push(`${message.type()}: ${message.text()}`);
    });
    page.on('request', (request) => {
      const { protocol, host } = new URL(request.url());
      if (/^(https?|wss?):$/.test(protocol) && host !== new URL(url).host)
        this.complaints.push(`asked another server: ${request.url()}`);
    });
  }

  /** A second tab of the same browser. */
  async newTab(): Promise<Person> {
    return new Person(this.context, await this.context.newPage(), this.url);
  }

  /** Cookies as the browser keeps them. */
  cookies(): ReturnType<BrowserContext['cookies']> {
    return this.context.cookies();
  }

  /** Types an address into the address bar. */
  async open(path: string): Promise<void> {
    await this.page.goto(path);
  }

  /** Path and query now shown in the address bar. */
  get path(): string {
    const { pathname, search } = new URL(this.page.url());
    return pathname + search;
  }

  /** Waits until the address bar shows a path. */
  async isAt(path: string): Promise<void> {
    await eventually(() => this.path.split('?')[0] === path, { what: `the page to be ${path}, not ${this.path}` });
  }

  /** Goes through the setup wizard, taking what it proposes. */
  async setUp(setupToken: string, password: string): Promise<void> {
    const { page } = this;
    await this.open(`/setup?token=${encodeURIComponent(setupToken)}`);
    await page.getByLabel('Master password').fill(password);
    await page.getByLabel('Repeat the password').fill(password);
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('heading', { name: 'Where the data lives' }).waitFor();
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('heading', { name: 'Preferences' }).waitFor();
    await page.getByRole('button', { name: 'Finish setup' }).click();
    await this.heading('Dashboard').waitFor();
  }

  /** Fills in the login page. */
  async enterPassword(password: string): Promise<void> {
    await this.page.getByLabel('Master password', { exact: true }).fill(password);
    await this.page.getByRole('button', { name: 'Sign in', exact: true }).click();
  }

  /** Logs out by the account menu. */
  async logOut(): Promise<void> {
    await this.page.getByRole('button', { name: 'Account' }).click();
    await this.page.getByRole('menuitem', { name: 'Log out' }).click();
    await this.heading('Sign in').waitFor();
  }

  /** Chooses a page in the navigation. */
  async goTo(name: PageName): Promise<void> {
    const navigation = this.page.getByRole('navigation', { name: 'Main' });
    await navigation.getByRole('link', { name }).click();
    await this.heading(name).waitFor();
  }

  /** The page's own title. */
  heading(name: string): Locator {
    return this.page.getByRole('heading', { name, exact: true, level: 1 });
  }

  /** Rows of the list on this page that show all of these texts. */
  rows(...texts: readonly RowText[]): Locator {
    return texts.reduce<Locator>((rows, text) => {
      if (typeof text === 'string' || text instanceof RegExp) return rows.filter({ hasText: text });
      return rows.filter({ has: this.page.getByRole('gridcell', { name: text.cell, exact: true }) });
    }, this.page.getByRole('row'));
  }

  /** Waits until exactly `count` rows show these texts. */
  async seesRows(count: number, texts: readonly RowText[], withinMs = 10_000): Promise<void> {
    const what = texts.map((text) => (typeof text === 'string' ? text : JSON.stringify(text))).join(', ');
    await eventually(
      async () => {
        const found = await this.rows(...texts).count();
        if (found !== count) throw new Error(`${found} rows show ${what}; wanted ${count}`);
      },
      { withinMs, everyMs: 50, what: `${count} rows with ${what}` },
    );
  }

  /** The first address of every row of the list, read as a person reads a long list: by scrolling through it. */
  async listedAddresses(): Promise<string[]> {
    const { page } = this;
    const seen = new Map<number, string>();
    const scroller = page.getByRole('main');
    await scroller.evaluate((element) => {
      element.scrollTop = 0;
    });
    for (let isAtEnd = false; !isAtEnd;) {
      for (const [index, text] of await this.rows(ADDRESS).evaluateAll((rows) =>
        rows.map((row) => [Number(row.getAttribute('aria-rowindex')), row.textContent] as const),
      )) {
        seen.set(index, ADDRESS.exec(text)?.[0] ?? text);
      }
      isAtEnd = await scroller.evaluate((element) => {
        const before = element.scrollTop;
        element.scrollTop += element.clientHeight / 2;
        return element.scrollTop === before;
      });
      await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
    }
    await scroller.evaluate((element) => {
      element.scrollTop = 0;
    });
    return [...seen.entries()].sort(([a], [b]) => a - b).map(([, address]) => address);
  }

  /** Tells the page that it is not to be seen: a headless browser has no window to cover. */
  async pretendHidden(): Promise<void> {
    await this.page.evaluate(() => {
      Object.defineProperty(document, 'hidden', { configurable: true, get: () => true });
      document.dispatchEvent(new Event('visibilitychange'));
    });
  }

  /** Types into the list's search. */
  async search(text: string): Promise<void> {
    await this.page.getByRole('searchbox', { name: 'Search' }).fill(text);
  }

  /** Waits for what the snackbar says, and answers its button. */
  async toldBy(text: string | RegExp): Promise<Locator> {
    const snackbar = this.page.locator('mat-snack-bar-container').filter({ hasText: text });
    await snackbar.waitFor();
    return snackbar.getByRole('button');
  }

  /** Waits until the live indicator says this. */
  async seesLive(word: RegExp, withinMs = 45_000): Promise<void> {
    await this.page.getByRole('button', { name: word }).first().waitFor({ timeout: withinMs });
  }

  /** Waits until nothing loads any more and the next picture is drawn. */
  async isQuiet(): Promise<void> {
    await this.page.waitForLoadState('networkidle');
    await this.page.evaluate(() => document.fonts.ready.then(() => undefined));
    await this.page.evaluate(
      () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
    );
  }

  /** Presses Tab until this has the focus. */
  async tabTo(target: Locator): Promise<void> {
    for (let presses = 0; presses < 60; presses += 1) {
      if (await target.evaluate((element) => element === document.activeElement)) return;
      await this.page.keyboard.press('Tab');
    }
    throw new Error(`Tab does not lead to ${String(target)}`);
  }

  /** Remembers that the page has not been loaded anew; {@link wasNotReloaded} tells. */
  async markPage(): Promise<void> {
    await this.page.evaluate(() => {
      document.documentElement.dataset['e2eMark'] = 'here';
    });
  }

  /** Whether the page is still the one that {@link markPage} marked. */
  wasNotReloaded(): Promise<boolean> {
    return this.page.evaluate(() => document.documentElement.dataset['e2eMark'] === 'here');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.context.close();
  }
}
