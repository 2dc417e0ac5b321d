import { join } from 'node:path';
import { repository } from './bailiff-stack.js';
import type { ConsoleBrowser, PersonOptions } from './console-browser.js';
import type { Person } from './person.js';

/** Whether pictures of the pages are asked for; they are written into the checkout. */
export const areScreenshotsAskedFor = process.env['BAILIFF_SCREENSHOTS'] === '1';

const sizes = { wide: { width: 1440, height: 810 }, phone: { width: 390, height: 780 } } as const;

/** Every look of a page: theme and screen. */
export const looks = (['dark', 'light'] as const).flatMap((theme) =>
  (['wide', 'phone'] as const).map((size) => ({ theme, size })),
);

/** Opens a browser of that look. */
export function personWith(
  browser: ConsoleBrowser,
  url: string,
  { theme, size }: (typeof looks)[number],
  options: PersonOptions = {},
): Promise<Person> {
  return browser.person(url, { theme, ...sizes[size], ...options });
}

/** Writes what the screen shows to `docs/screenshots/<page>-<theme>-<size>.png`. */
export async function takePicture(person: Person, page: string, look: (typeof looks)[number]): Promise<void> {
  await person.isQuiet();
  const path = join(repository, 'docs/screenshots', `${page}-${look.theme}-${look.size}.png`);
  await person.page.screenshot({ path, animations: 'disabled', caret: 'hide' });
}
