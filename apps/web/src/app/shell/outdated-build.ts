import { DOCUMENT, inject } from '@angular/core';
import type { NavigationError } from '@angular/router';

/** After reloading for this reason, not again for so long: a build that is broken must not reload for ever. Milliseconds. */
const RELOAD_EVERY_MS = 60_000;
const RELOADED_AT = 'bailiff.reloaded-at';

/** Whether a page's code could not be loaded, in the words of Chromium, Firefox and Safari. */
export function isMissingCode(error: unknown): boolean {
  const text = error instanceof Error ? error.message : '';
  return /dynamically imported module|importing a module script failed/i.test(text);
}

/**
 * For the router: an open tab outlives an upgrade of the gateway, whose new build no longer has the pages this one knows.
 * Loads the app anew at the address asked for, provided that the gateway answers at all.
 */
export async function reloadOutdatedBuild({ error, url }: NavigationError): Promise<void> {
  const document = inject(DOCUMENT);
  const { defaultView: view } = document;
  if (view === null || !isMissingCode(error)) return;
  const reloadedAt = Number(view.sessionStorage.getItem(RELOADED_AT) ?? 0);
  if (Date.now() - reloadedAt < RELOAD_EVERY_MS) return;
  try {
    if (!(await view.fetch(document.baseURI, { method: 'HEAD', cache: 'no-store' })).ok) return;
  } catch {
    return; // the gateway is away: the page that is open is worth more than the browser's error page
  }
  view.sessionStorage.setItem(RELOADED_AT, String(Date.now()));
  view.location.assign(new URL(url.replace(/^\//, ''), document.baseURI));
}
