import { describe, expect, it } from '@jest/globals';
import { timeOfLine } from './line-time.js';

const NOW = Date.parse('2026-01-02T12:00:00Z');
const local = (text: string) => Date.parse(text);

describe(timeOfLine, () => {
  it.each([
    ['2026-01-02T11:59:58Z fail', Date.parse('2026-01-02T11:59:58Z')],
    ['2026-01-02T13:59:58.123+02:00 web app', Date.parse('2026-01-02T11:59:58Z')],
    ['2026-01-02 11:59:58,123 fail2ban', local('2026-01-02T11:59:58')],
    ['2026/01/02 11:59:58 [error] 1#1', local('2026-01-02T11:59:58')],
    ['192.0.2.1 - - [02/Jan/2026:13:59:58 +0200] "GET /"', Date.parse('2026-01-02T11:59:58Z')],
    ['Jan  2 11:59:58 gate sshd[1]:', local('2026-01-02T11:59:58')],
    ['Dec 31 23:59:59 gate sshd[1]:', local('2025-12-31T23:59:59')],
  ])('reads %s', (line, expected) => {
    expect(timeOfLine(line, NOW)).toBe(expected);
  });

  it.each(['', 'no time', '99/Foo/2026:99:99:99 +0000', '2026-99-99 99:99:99', 'Abc 99 99:99:99'])(
    'does not guess at %j',
    (line) => {
      expect(timeOfLine(line, NOW)).toBeUndefined();
    },
  );
});
