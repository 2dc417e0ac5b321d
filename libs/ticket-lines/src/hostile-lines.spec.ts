import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readFixtures } from '../test/read-fixtures.spec.js';
import { WorkCount } from './text/work-count.js';
import type { TicketFacts } from './ticket-facts.js';
import { understandLine, understandTicketLines } from './understand-ticket.js';

const LIMITS = {
  format: 20,
  service: 64,
  requestUrl: 2048,
  method: 32,
  targetHost: 253,
  targetDomain: 253,
  targetSubdomain: 253,
  user: 256,
  userAgent: 512,
  line: 2048,
} as const;
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;

function expectSafe(facts: TicketFacts): void {
  for (const [name, value] of Object.entries(facts)) {
    if (name === 'status') {
      expect(value).toBeGreaterThanOrEqual(100);
      expect(value).toBeLessThan(600);
      continue;
    }
    const limit = (LIMITS as Readonly<Record<string, number>>)[name];
    expect(typeof value).toBe('string');
    expect(String(value).length).toBeLessThanOrEqual(limit ?? 0);
    expect(String(value)).not.toMatch(INVISIBLE);
  }
  const { targetHost = '', targetDomain, targetSubdomain } = facts;
  expect(targetHost).toMatch(/^[a-z0-9._:-]*$/);
  if (targetDomain !== undefined) {
    expect(targetHost).toBe(targetSubdomain === undefined ? targetDomain : `${targetSubdomain}.${targetDomain}`);
  }
}

/** Characters that mean something to one of the formats, and some that mean harm. */
const TOKENS = [
  ...'"\\[]{}()<>:;,=-_/ \t\n\r\'`@#*?%&.',
  ...['\0', '\u202e', '\u2066', '\ud800', '\ufeff', '\u2028', '\u001b[2J', 'é', 'я', '１'],
  ...['GET ', ' HTTP/1.1"', '] "', ' - - [', '20/Nov/2026:16:00:00 +0000', '192.0.2.1', '2001:db8::1', 'example.org'],
  ...[
    '{"',
    '":',
    '"}',
    '"request":{',
    '"uri":"',
    '__proto__',
    'constructor',
    '\\u0000',
    '\\x22',
    '"log":"',
    '"stream":',
  ],
  ...['Nov 20 16:00:00 ', 'web-1 ', 'sshd[1]: ', 'postfix/smtpd[1]: ', 'dovecot: ', 'nginx: ', 'httpd[1]: '],
  ...['Failed password for ', 'Invalid user ', ' from ', ' port ', ' ssh2: ', 'user=<', '>, ', 'sasl_username='],
  ...['2026/11/20 16:00:00 [error] 1#1: *1 ', 'user "', ', client: ', ', server: ', ', request: "', ', host: "'],
  ...['[Thu Nov 20 16:00:00 2026] ', '[client 192.0.2.1] ', 'user ', ' not found: ', 'ModSecurity:', '[uri "', '"]'],
  ...['http://', 'sql(', '): ', 'host=', 'path=', '404', 'xn--', 'a'],
];
const hostileText = fc.array(fc.constantFrom(...TOKENS), { maxLength: 120 }).map((parts) => parts.join(''));
const samples = readFixtures().map(({ line }) => line);
/** A real line with something hostile put somewhere. */
const spoiled = fc.tuple(fc.constantFrom(...samples), fc.nat(), fc.nat(8), hostileText).map(([line, at, cut, text]) => {
  const position = at % (line.length + 1);
  return line.slice(0, position) + text + line.slice(position + cut);
});
const jails = fc.oneof(fc.string(), fc.constantFrom('sshd', 'nginx-botsearch', '__proto__', ''));

describe('hostile lines', () => {
  it('give bounded, visible text and no error, whatever they hold', () => {
    const line = fc.oneof(fc.string({ unit: 'binary', maxLength: 3000 }), hostileText, spoiled);
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), jails, (lines, jail) => {
        expectSafe(understandTicketLines(lines, jail));
      }),
      { numRuns: 600 },
    );
  });

  it('are bounded when they are long', () => {
    for (const sample of samples) {
      for (const filler of ['\0', '"', '\ud83d\ude00', '{"a":']) {
        for (const at of [0, Math.floor(sample.length / 2)]) {
          expectSafe(understandTicketLines([sample.slice(0, at) + filler.repeat(20_000) + sample.slice(at)], 'demo'));
        }
      }
    }
  });

  it('cost work linear in their length', () => {
    // Each reader passes over the line a fixed number of times; what repeats is what could make one do it again and again.
    const text = fc.oneof(hostileText, fc.constantFrom(...TOKENS), fc.constantFrom(...samples), spoiled);
    fc.assert(
      fc.property(text, text, fc.integer({ min: 1, max: 2000 }), jails, (before, repeated, times, jail) => {
        const line = (before + repeated.repeat(times)).slice(0, 8192);
        const work = new WorkCount();
        understandLine(line, jail, work);
        expect(work.characters).toBeLessThan(20 * line.length + 2000);
      }),
      { numRuns: 800 },
    );
  });

  it('are read no further than any format goes', () => {
    const work = new WorkCount();
    understandLine('a=1 '.repeat(1_000_000), 'demo', work);
    expect(work.characters).toBeLessThan(20 * 8192);
  });

  it('leave JavaScript as it was', () => {
    const keys = new Set(Object.getOwnPropertyNames(Object.prototype));
    const facts = understandTicketLines(
      [
        '{"__proto__":{"requestUrl":"/x","status":200},"constructor":{"prototype":{"polluted":1}},"method":"GET","url":"/"}',
        '__proto__=1 constructor=2 user=bob',
      ],
      '__proto__',
    );
    expect(facts).toMatchObject({ user: 'bob' });
    expect(new Set(Object.getOwnPropertyNames(Object.prototype))).toEqual(keys);
    expect(Object.getPrototypeOf(facts)).toBe(Object.prototype);
  });

  it('survive nesting without end', () => {
    for (const bomb of ['[', '{"a":', '{"log":"', '[{"a":[']) {
      expectSafe(understandTicketLines([`{"method":"GET","url":"/x","status":200,"a":${bomb.repeat(20_000)}`], 'demo'));
      expect(understandLine(`{"method":"GET","url":"/x","a":${bomb.repeat(20_000)}`, 'demo')).toMatchObject({
        requestUrl: '/x',
      });
    }
  });
});

describe('requests', () => {
  // What a client may send as a target, without what servers escape or escape differently.
  const target = fc
    .stringMatching(/^\/[!#-[\]-~]{0,200}$/)
    .filter((text) => !text.includes('HTTP/') && !text.includes('\\'));
  const sites = fc.constantFrom('shop.example.co.uk', 'example.org', 'a.b.example.com');

  it.each([
    ['combined', (url: string) => `192.0.2.1 - - [20/Nov/2026:16:00:00 +0000] "GET ${url} HTTP/1.1" 404 5 "-" "x"`],
    [
      'vhost_combined',
      (url: string, host: string) =>
        `${host}:443 192.0.2.1 - - [20/Nov/2026:16:00:00 +0000] "GET ${url} HTTP/1.1" 404 5 "-" "x"`,
    ],
    [
      'caddy-json',
      (url: string, host: string) =>
        JSON.stringify({ level: 'info', request: { method: 'GET', host, uri: url, headers: {} }, status: 404 }),
    ],
    [
      'traefik-json',
      (url: string, host: string) =>
        JSON.stringify({ RequestHost: host, RequestMethod: 'GET', RequestPath: url, DownstreamStatus: 404 }),
    ],
    [
      'nginx-error',
      (url: string, host: string) =>
        `2026/11/20 16:00:00 [error] 1#1: *1 access forbidden by rule, client: 192.0.2.1, server: _, request: "GET ${url} HTTP/1.1", host: "${host}"`,
    ],
  ])('come out of %s letter by letter', (format, write) => {
    fc.assert(
      fc.property(target, sites, (url, host) => {
        const facts = understandLine(write(url, host), 'demo');
        expect(facts).toMatchObject({ format, method: 'GET', requestUrl: url });
        if (format !== 'combined') expect(facts.targetHost).toBe(host);
      }),
    );
  });
});
