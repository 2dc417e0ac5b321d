import { describe, expect, it } from '@jest/globals';
import { readListLine } from './list-line.js';

describe(readListLine.name, () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['  2001:0DB8::1\t', '2001:db8::1'],
    ['198.51.100.77/24', '198.51.100.0/24'],
    ['192.0.2.1 # seen twice', '192.0.2.1'],
    ['192.0.2.1;spam', '192.0.2.1'],
    ['192.0.2.1,2026-01-01,"a, b"', '192.0.2.1'],
    ['"192.0.2.1","x"', '192.0.2.1'],
    ["'192.0.2.1' x", '192.0.2.1'],
    ['add evil 192.0.2.0/24 timeout 0', '192.0.2.0/24'],
    ['-A evil 192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['192.0.2.1 - seen twice', '192.0.2.1'],
    ['192.0.2.1 -- 2026-01-01', '192.0.2.1'],
    ['192.0.2.1\t-\t12', '192.0.2.1'],
    ['192.0.2.1 255 times', '192.0.2.1'],
    ['192.0.2.1,203.0.113.9', '192.0.2.1'],
  ])('reads %j as %s', (line, network) => {
    expect(readListLine(line, false)).toEqual({ kind: 'entry', network });
  });

  it.each(['', '   ', '# 192.0.2.1', '; SBL1', '//x', 'create evil hash:net family inet', 'COMMIT'])(
    'finds nothing in %j',
    (line) => {
      expect(readListLine(line, false)).toEqual({ kind: 'nothing' });
    },
  );

  it('takes a head line for one only where it may stand', () => {
    expect(readListLine('ip,comment', true)).toEqual({ kind: 'nothing' });
    expect(readListLine('ip,comment', false)).toMatchObject({ kind: 'fault' });
  });

  it.each([
    ['192.0.2.256', /above 255/],
    ['192.0.2.010', /Leading zeros/],
    ['192.0.2.0/33', /prefix length/],
    ['192.0.2.1-192.0.2.9', /range/],
    ['192.0.2.1 - 192.0.2.9', /range/],
    ['192.0.2.1 -192.0.2.9 evil', /range/],
    ['192.0.2.1..192.0.2.9', /Not an/],
    ['2001:db8::1-2001:db8::9', /range/],
    ['2001:db8::1 – 2001:db8::9', /range/],
    ['192.0.2.0 255.255.255.0', /mask/],
    ['192.0.2.0/255.255.255.0', /mask/],
    ['fe80::1%eth0', /zone/],
    ['fe80::1%eth0/64', /zone/],
    ['add evil 192.0.2.7 nomatch', /exception/],
    ['example.org', /name/],
    ['[2001:db8::1]', /Brackets/],
    [',192.0.2.1', /first column/],
    ['add evil', /first column/],
    ['<script>alert(1)</script>', /Not an IPv4/],
    ['1'.repeat(5_000), /longer than/],
  ])('says what is wrong with %j', (line, why) => {
    expect(readListLine(line, false)).toEqual({ kind: 'fault', detail: expect.stringMatching(why) });
  });
});
