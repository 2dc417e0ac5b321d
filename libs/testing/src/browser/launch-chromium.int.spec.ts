import { describe, expect, it } from '@jest/globals';
import { launchChromium } from './launch-chromium.js';

describe(launchChromium, () => {
  it('renders a page', async () => {
    await using browser = await launchChromium();
    const page = await browser.newPage();
    await page.setContent('<h1>Jails</h1><script>document.title = 1 + 1</script>');
    expect(await page.title()).toBe('2');
    expect(await page.getByRole('heading', { name: 'Jails' }).isVisible()).toBe(true);
  });

  it('says what to install when the named one is missing', async () => {
    const named = process.env['CHROME_BIN'];
    process.env['CHROME_BIN'] = '/nonexistent/chromium';
    try {
      await expect(launchChromium()).rejects.toThrow('/nonexistent/chromium');
    } finally {
      if (named === undefined) delete process.env['CHROME_BIN'];
      else process.env['CHROME_BIN'] = named;
    }
  });
});
