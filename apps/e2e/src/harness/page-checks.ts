import axe from 'axe-core';
import type { Person } from './person.js';

/** The rules of WCAG 2.2 A and AA. */
const wcag22aa = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa'];

/** What axe finds wrong with the page as it is now: `rule: element`, empty when nothing. */
export async function axeViolations({ page }: Person): Promise<string[]> {
  // Evaluated by the debugger, which the page's Content-Security-Policy does not hold back.
  await page.evaluate(axe.source);
  const results = await page.evaluate<axe.AxeResults>(
    `axe.run(document, { resultTypes: ['violations'], runOnly: ${JSON.stringify(wcag22aa)} })`,
  );
  return results.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)} · ${(failureSummary ?? '').slice(0, 300)}`),
  );
}

/** What sticks out of the page sideways, empty when one never has to scroll that way. */
export function sidewaysScroll({ page }: Person): Promise<string[]> {
  return page.evaluate(() =>
    [document.documentElement, document.body, ...document.querySelectorAll('main')]
      .filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth)
      .map(({ tagName, scrollWidth, clientWidth }) => `${tagName}: ${scrollWidth} px in ${clientWidth}`),
  );
}
