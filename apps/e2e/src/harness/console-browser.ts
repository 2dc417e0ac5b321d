import { launchChromium } from '@bailiff/testing';
import type { Browser } from 'playwright-core';
import { Person } from './person.js';

/** How a person's browser looks at the console. */
export interface PersonOptions {
  readonly width?: number;
  readonly height?: number;
  readonly theme?: 'light' | 'dark';
  /** Session cookie (`name=value`) of somebody who has signed in over the API, to skip the login page. */
  readonly sessionCookie?: string;
}

/** One Chromium; each person in it has cookies and storage of their own. */
export class ConsoleBrowser implements AsyncDisposable {
  private constructor(private readonly browser: Browser) {}

  static async start(): Promise<ConsoleBrowser> {
    return new ConsoleBrowser(await launchChromium());
  }

  /** Somebody new sits down at `url`; nothing is opened yet. */
  async person(url: string, options: PersonOptions = {}): Promise<Person> {
    const { width = 1440, height = 900, theme = 'light', sessionCookie } = options;
    const context = await this.browser.newContext({
      baseURL: url,
      viewport: { width, height },
      colorScheme: theme,
      locale: 'en-GB',
      timezoneId: 'Europe/Zurich',
      reducedMotion: 'reduce',
    });
    context.setDefaultTimeout(45_000);
    if (sessionCookie !== undefined) {
      const [name = '', value = ''] = sessionCookie.split('=', 2);
      await context.addCookies([{ name, value, url, httpOnly: true, sameSite: 'Lax' }]);
    }
    return new Person(context, await context.newPage(), url);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.browser.close();
  }
}
