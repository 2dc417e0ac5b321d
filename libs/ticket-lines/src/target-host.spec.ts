import { describe, expect, it } from '@jest/globals';
import { authorityOf, readTarget } from './target-host.js';

describe(readTarget, () => {
  it.each([
    ['example.com', 'example.com', 'example.com', undefined],
    ['a.b.example.com', 'a.b.example.com', 'example.com', 'a.b'],
    ['WWW.Example.Co.UK:8080', 'www.example.co.uk', 'example.co.uk', 'www'],
    ['example.com.', 'example.com', 'example.com', undefined],
    ['example.com:', 'example.com', 'example.com', undefined],
    ['someone.github.io', 'someone.github.io', 'someone.github.io', undefined],
    ['_dmarc.example.com', '_dmarc.example.com', 'example.com', '_dmarc'],
    ['пример.рф', 'xn--e1afmkfd.xn--p1ai', 'xn--e1afmkfd.xn--p1ai', undefined],
    ['xn--e1afmkfd.xn--p1ai', 'xn--e1afmkfd.xn--p1ai', 'xn--e1afmkfd.xn--p1ai', undefined],
    // Cyrillic а: looks like paypal, is not.
    ['pаypal.com', 'xn--pypal-4ve.com', 'xn--pypal-4ve.com', undefined],
  ])('%s', (text, targetHost, targetDomain, targetSubdomain) => {
    expect(readTarget(text)).toEqual({
      targetHost,
      targetDomain,
      ...(targetSubdomain === undefined ? {} : { targetSubdomain }),
    });
  });

  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['192.0.2.1:8080', '192.0.2.1'],
    ['[2001:DB8::1]:443', '2001:db8::1'],
    ['[2001:db8::1]', '2001:db8::1'],
    ['2001:db8::1', '2001:db8::1'],
    ['localhost', 'localhost'],
    ['com', 'com'],
    ['co.uk', 'co.uk'],
    ['1.2.3', '1.2.3'],
  ])('%s has no domain', (text, targetHost) => {
    expect(readTarget(text)).toEqual({ targetHost });
  });

  it.each([
    ...['', '-', '_', '*', ' ', '.', '..', 'a..b', '.a', ':80', '[', '[]', '[a]', '[::1]x', '[192.0.2.1]'],
    ...['a b', 'a/b', 'a@b', '<b>', "'or'1", 'a:b', 'a:123456', '%00.example', 'example.com\0', 'a\u202eb', '\ud800'],
    ...['１２７.0.0.1', `${'a'.repeat(64)}.com`, `${'a.'.repeat(130)}com`, 'x'.repeat(100_000)],
  ])('%j is no host', (text) => {
    expect(readTarget(text)).toEqual({});
  });

  it('takes nothing for nothing', () => {
    expect(readTarget(undefined)).toEqual({});
  });
});

describe(authorityOf, () => {
  it.each([
    ['http://example.com', 'example.com'],
    ['http://example.com:80/x', 'example.com:80'],
    ['https://user:pass@example.com?x=@evil.example', 'example.com'],
    ['http://a@b@example.com#x', 'example.com'],
    ['http://evil.example\\@example.com/', 'evil.example'],
    ['http://[2001:db8::1]:80/', '[2001:db8::1]:80'],
  ])('%s', (url, authority) => {
    expect(authorityOf(url)).toBe(authority);
  });

  it.each(['/x', '//example.com/', '/redirect?to=http://example.com/far/behind/the/scheme', '', '://x'])(
    '%j names no host',
    (url) => {
      expect(authorityOf(url)).toBeUndefined();
    },
  );
});
