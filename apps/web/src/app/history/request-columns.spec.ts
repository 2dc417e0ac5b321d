import { describe, expect, it } from '@jest/globals';
import { historyEntry } from '../../testing/rows';
import { mentions, siteOf } from './request-columns';

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

describe(mentions.name, () => {
  it.each(['WP-login', 'shop.example'])('finds it by %j', (q) => {
    expect(mentions(row, q)).toBe(true);
  });

  it('does not find it by what is not there', () => {
    expect(mentions(row, 'xmlrpc')).toBe(false);
  });
});
