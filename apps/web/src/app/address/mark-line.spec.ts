import { parseNetwork } from '@bailiff/ip';
import { describe, expect, it } from '@jest/globals';
import { markLine } from './mark-line';

const marked = (line: string, network = '192.0.2.7', url: string | null = null): string =>
  markLine(line, parseNetwork(network), url)
    .map(({ text, mark }) => (mark === null ? text : `[${mark === 'url' ? 'u:' : ''}${text}]`))
    .join('');

describe(markLine, () => {
  it.each([
    ['Failed from 192.0.2.7 port 22', 'Failed from [192.0.2.7] port 22'],
    ['192.0.2.7:443 192.0.2.70 1192.0.2.7 192.0.2.7.1 x', '[192.0.2.7]:443 192.0.2.70 1192.0.2.7 192.0.2.7.1 x'],
    ['from ::ffff:192.0.2.7', 'from [::ffff:192.0.2.7]'],
    ['rhost=192.0.2.7.', 'rhost=[192.0.2.7].'],
    ['12:00:01 nothing here', '12:00:01 nothing here'],
    ['', ''],
  ])('marks the address in %j', (line, expected) => {
    expect(marked(line)).toBe(expected);
  });

  it('knows IPv6 however it is written, and addresses inside a network', () => {
    expect(marked('from 2001:DB8:0:0::1 port', '2001:db8::1')).toBe('from [2001:DB8:0:0::1] port');
    expect(marked('from 2001:db8::1 and 2001:db9::1', '2001:db8::/32')).toBe('from [2001:db8::1] and 2001:db9::1');
    expect(marked('a 192.0.2.9 b', '192.0.2.0/24')).toBe('a [192.0.2.9] b');
  });

  it('marks what was asked for, once', () => {
    expect(marked('192.0.2.7 "GET /wp-login.php?a=1" /wp-login.php?a=1', '192.0.2.7', '/wp-login.php?a=1')).toBe(
      '[192.0.2.7] "GET [u:/wp-login.php?a=1]" /wp-login.php?a=1',
    );
    expect(marked('GET / x', '192.0.2.7', '/')).toBe('GET / x');
  });

  it('loses nothing of hostile lines', () => {
    const line = `<img src=x onerror=alert(1)> \u202E192.0.2.7 ${':'.repeat(20_000)}${'1.'.repeat(20_000)}`;
    const parts = markLine(line, parseNetwork('192.0.2.7'), '<img');
    expect(parts.map(({ text }) => text).join('')).toBe(line);
    expect(parts.filter(({ mark }) => mark !== null).map(({ text }) => text)).toEqual(['<img', '192.0.2.7']);
  });
});
