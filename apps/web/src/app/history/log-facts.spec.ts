import { describe, expect, it } from '@jest/globals';
import { historyEntry } from '../../testing/rows';
import { fitsSearch, siteOf } from './log-facts';

const row = historyEntry(7, { requestUrl: '/wp-login.php', targetDomain: 'example.org', targetSubdomain: 'Shop' });

describe(siteOf.name, () => {
  it('is the whole name of the site, or nothing', () => {
    expect([siteOf(row), siteOf({ ...row, targetSubdomain: null }), siteOf(historyEntry(1))]).toEqual([
      'Shop.example.org',
      'example.org',
      '',
    ]);
  });
});

describe(fitsSearch.name, () => {
  it.each(['', '192.0.2.7', '192.0.2.0/24', 'WP-login', 'shop.example'])('finds it by %j', (q) => {
    expect(fitsSearch(row, q)).toBe(true);
  });

  it('does not find it by what is not there', () => {
    expect(fitsSearch(row, 'xmlrpc')).toBe(false);
  });
});
