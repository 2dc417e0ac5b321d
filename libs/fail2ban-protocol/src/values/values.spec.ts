import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { nextSize } from '../commands/bulk.js';
import { parseBanLine } from '../commands/ban-line.js';
import { ignoreWord } from '../commands/ignore-list.js';
import { Fail2banVersion } from '../commands/fail2ban-version.js';
import { classOf } from '../connection/command-timeouts.js';
import { RequestQueue } from '../connection/request-queue.js';
import { factorWord, formulaWord, multipliersWord } from './ban-formula.js';
import { banWord, idWord } from './ban-id.js';
import { isJailName, jailName } from './jail-name.js';
import { parseTimeExpression, timeWord } from './time-expression.js';
import { integerWord, lineWord, nameWord, pathWord } from './words.js';

const invalid = expect.objectContaining({ code: 'fail2ban/invalid-value', kind: 'user' }) as unknown;

describe('parseTimeExpression', () => {
  // Each result is what fail2ban's own str2seconds gives.
  it.each([
    ['600', 600],
    ['-1', -1],
    ['10m', 600],
    ['10M', 600],
    ['1.5h', 5_400],
    ['1d12h', 129_600],
    ['1h 30m', 5_400],
    ['0d 1h 30m', 5_400],
    ['1hour+30min', 5_400],
    ['1h*2', 7_200],
    ['2*1h', 7_200],
    ['1year-6mo', 15_778_800],
    ['6 months', 15_778_800],
    ['1w', 604_800],
    ['1h/2', 1_800],
    ['1h - 1m*2', 3_480],
    ['3ss', 3],
    ['-1h+30m', -1_800],
  ])('reads %s as %d seconds', (text, seconds) => {
    expect(parseTimeExpression(text)).toBe(seconds);
  });

  it.each([
    '',
    ' ',
    '10mins',
    '10secs',
    '5ms',
    'm',
    '1h*',
    '*2',
    '1h**9',
    '1//2',
    '1/0',
    '0x10',
    '1e9',
    '1_000',
    '(1)',
    '1;2',
    '__import__("os")',
    'os.system',
    '1'.repeat(50),
    '9999999999y',
  ])('refuses %j', (text) => {
    expect(() => parseTimeExpression(text)).toThrow(invalid);
  });

  it('sends nothing but plain decimals', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(...'0123456789.hmdwysmo +-*/()_') })),
        (text) => {
          let word: string;
          try {
            word = timeWord(text, 'time');
          } catch (error) {
            expect(error).toMatchObject({ code: 'fail2ban/invalid-value' });
            return;
          }
          expect(word).toMatch(/^-?\d+(\.\d+)?$/);
        },
      ),
      { numRuns: 2_000 },
    );
    expect(timeWord(0.25, 'time')).toBe('0.250');
    expect(() => timeWord(NaN, 'time')).toThrow(invalid);
    expect(() => timeWord(1e21, 'time')).toThrow(invalid);
  });
});

describe('formulaWord', () => {
  it.each([
    'ban.Time * (1<<(ban.Count if ban.Count<20 else 20)) * banFactor',
    'ban.Time * math.exp(float(ban.Count+1)*banFactor)/math.exp(1*banFactor)',
    'min(ban.Time * 2, 86400)',
    '',
  ])('takes %s', (formula) => {
    expect(formulaWord(formula)).toBe(formula);
  });

  it.each([
    'exec("x")',
    '__import__',
    'ban.__class__',
    'ban.Time.real',
    'ban.Time ** 9',
    '9999999999',
    '1<<(1<<40)',
    'math.exp.__self__',
    'ban.Time if (ban.Count',
    'ban.Time)(',
    'lambda: 1',
    '[1]',
    '"a"',
    'ban.Time\nimport os',
    'x'.repeat(400),
  ])('refuses %j', (formula) => {
    expect(() => formulaWord(formula)).toThrow(invalid);
  });

  it('takes plain factors and multipliers only', () => {
    expect([factorWord(2), factorWord(1.5), factorWord('')]).toEqual(['2', '1.5', '']);
    for (const factor of [0, -1, NaN, Infinity, 1e9]) expect(() => factorWord(factor)).toThrow(invalid);
    expect(multipliersWord([1, 2, 4])).toBe('1 2 4');
    for (const list of [[1.5], [0], Array<number>(65).fill(1)]) expect(() => multipliersWord(list)).toThrow(invalid);
  });
});

describe('names and words', () => {
  it('tells safe jail names from others', () => {
    for (const name of ['sshd', 'a', 'nginx-http-auth', 'x_1.y', '1', 'x'.repeat(64)])
      expect(jailName(name)).toBe(name);
    for (const name of ['', '-a', '--all', 'dbfile', 'loglevel', 'a b', 'a,b', 'a/b', 'a\n', 'ü', 'x'.repeat(65)]) {
      expect(isJailName(name)).toBe(false);
    }
  });

  it('brings ids into the form in which fail2ban stores them', () => {
    expect(idWord('2001:0DB8::1')).toBe('2001:db8::1');
    expect(idWord('some text')).toBe('some text');
    for (const id of ['', '--all', '--report-absent', '--with-time']) expect(() => idWord(id)).toThrow(invalid);
    expect(banWord('198.51.100.7/24', false)).toBe('198.51.100.0/24');
    expect(() => banWord('text', false)).toThrow(expect.objectContaining({ code: 'ip/invalid' }));
    expect(banWord('text', true)).toBe('text');
  });

  it('tells what can be ignored', () => {
    for (const entry of ['192.0.2.1', '2001:db8::/32', 'host.example', 'localhost'])
      expect(ignoreWord(entry)).toBe(entry);
    for (const entry of ['', 'a b', '192.0.2.300', '192.0.2.1/40', 'file:/etc/x', '-x', 'a/b', '--all']) {
      expect(() => ignoreWord(entry)).toThrow(invalid);
    }
  });

  it('checks numbers, lines, paths and names', () => {
    expect(integerWord(3, 0, 5, 'x')).toBe('3');
    for (const value of [-1, 6, 1.5, NaN]) expect(() => integerWord(value, 0, 5, 'x')).toThrow(invalid);
    for (const value of ['', 'a\nb', 'a\0']) expect(() => lineWord(value, 'x')).toThrow(invalid);
    expect(() => pathWord('relative', 'x')).toThrow(invalid);
    for (const value of ['', '-a', 'a b', 'a;b']) expect(() => nameWord(value, 'x')).toThrow(invalid);
  });
});

describe(Fail2banVersion.name, () => {
  it('compares by number', () => {
    const at = (text: string, wanted: string): boolean => Fail2banVersion.parse(text).atLeast(wanted);
    expect(at('1.0.2', '1.1.0')).toBe(false);
    expect(at('1.1.0', '1.1.0')).toBe(true);
    expect(at('1.1.2.dev1', '1.1.1')).toBe(true);
    expect(at('1.10', '1.9.9')).toBe(true);
    expect(at('2.0.0', '1.9.9')).toBe(true);
    expect(() => Fail2banVersion.parse('none')).toThrow(expect.objectContaining({ code: 'fail2ban/malformed-reply' }));
  });
});

describe('parseBanLine', () => {
  it('reads ids however odd, limited and permanent bans', () => {
    const times = '2026-11-20 15:00:00 + 600 = 2026-11-20 15:10:00';
    const parsed = { bannedAtLocal: '2026-11-20 15:00:00', durationSeconds: 600, endsAtLocal: '2026-11-20 15:10:00' };
    expect(parseBanLine(`192.0.2.1 \t${times}`)).toEqual({ id: '192.0.2.1', ...parsed });
    expect(parseBanLine(`odd \t id \t${times}`)).toEqual({ id: 'odd \t id', ...parsed });
    expect(parseBanLine(`x \t2026-11-20 15:00:00 + -1 = 9999-12-31 23:59:59`)).toEqual({
      id: 'x',
      bannedAtLocal: '2026-11-20 15:00:00',
      durationSeconds: -1,
    });
    expect(() => parseBanLine('192.0.2.1')).toThrow(expect.objectContaining({ code: 'fail2ban/malformed-reply' }));
  });
});

describe('bulk and queue', () => {
  it('sizes parts by how long the last one took', () => {
    expect(nextSize(1, 1)).toBe(2);
    expect(nextSize(1, 20)).toBe(1);
    expect(nextSize(100, 20)).toBe(50);
    expect(nextSize(100, 5)).toBe(200);
    expect(nextSize(1_000, 0)).toBe(1_000);
    expect(nextSize(8, 10_000)).toBe(1);
  });

  it('keeps order within a priority, whatever comes and goes', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom('control', 'interactive', 'bulk'), fc.boolean())), (steps) => {
        const queue = new RequestQueue<{ n: number }>();
        const lanes: Record<string, { n: number }[]> = { control: [], interactive: [], bulk: [] };
        for (const [n, [priority, isAdd]] of steps.entries()) {
          if (isAdd) {
            const item = { n };
            queue.add(item, priority);
            lanes[priority]?.push(item);
          } else {
            expect(queue.next()).toBe(
              lanes['control']?.shift() ?? lanes['interactive']?.shift() ?? lanes['bulk']?.shift(),
            );
          }
        }
        expect(queue.isEmpty).toBe(Object.values(lanes).every((lane) => lane.length === 0));
        expect(queue.drain()).toEqual([
          ...(lanes['control'] ?? []),
          ...(lanes['interactive'] ?? []),
          ...(lanes['bulk'] ?? []),
        ]);
      }),
    );
  });

  it('gives raw commands the time-out of their class', () => {
    expect(classOf(['ping'])).toBe('probe');
    expect(classOf(['status'])).toBe('list');
    expect(classOf(['get', 'j', 'bantime'])).toBe('read');
    expect(classOf(['get', 'j', 'banip'])).toBe('list');
    expect(classOf(['set', 'j', 'banip', 'x'])).toBe('action');
    expect(classOf(['set', 'j', 'bantime', '1'])).toBe('write');
    expect(classOf(['unban', '--all'])).toBe('action');
    expect(classOf(['stop'])).toBe('reload');
    expect(classOf(['stop', 'j'])).toBe('action');
    expect(classOf(['reload', '--all', [], []])).toBe('reload');
  });
});
