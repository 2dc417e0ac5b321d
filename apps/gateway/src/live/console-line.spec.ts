import { describe, expect, it } from '@jest/globals';
import { readConsoleLine } from './console-line.js';

const TIME = Date.UTC(2026, 0, 2, 3, 4, 5, 678);
const read = (line: object) => readConsoleLine(`${JSON.stringify({ level: 30, time: TIME, pid: 7, ...line })}\n`);

describe(readConsoleLine, () => {
  it('shows level, time, context, message and correlation id', () => {
    expect(
      read({ level: 40, context: 'LiveFeed', msg: 'slow', correlationId: 'abcdefgh-1', service: 'gateway' }),
    ).toEqual({
      at: '2026-01-02T03:04:05.678Z',
      level: 'warn',
      context: 'LiveFeed',
      message: 'slow',
      correlationId: 'abcdefgh-1',
      error: null,
      fields: {},
    });
  });

  it.each([
    [10, 'trace'],
    [20, 'debug'],
    [30, 'info'],
    [50, 'error'],
    [60, 'fatal'],
    [35, 'info'],
  ])('knows level %i as %s', (level, name) => {
    expect(read({ level })?.level).toBe(name);
  });

  it('shows simple values and leaves everything else out', () => {
    const fields = { hostId: 'abc', durationMs: 12, online: false, list: [1], deep: { a: 1 }, none: null };
    expect(read({ msg: 'x', ...fields })?.fields).toEqual({ hostId: 'abc', durationMs: 12, online: false });
  });

  it('shows what was asked for where its outcome is told', () => {
    const req = { method: 'GET', path: '/api/v1/hosts', remoteAddress: '192.0.2.1' };
    expect(read({ req, msg: 'in between' })?.fields).toEqual({});
    expect(read({ remoteAddress: '192.0.2.9' })?.fields).toEqual({ remoteAddress: '192.0.2.9' });
    const line = read({ req, res: { status: 200 }, responseTime: 3, msg: 'request completed' });
    expect(line).toMatchObject({ context: 'HTTP', fields: { ...req, status: 200, responseTime: 3 } });
    expect(Object.keys(line?.fields ?? {})).toEqual(['method', 'path', 'status', 'responseTime', 'remoteAddress']);
  });

  it('shows what an error is, not where it came from', () => {
    const err = { type: 'QueryFailedError', code: 23505, message: 'no', stack: 'at /srv/x.js', parameters: ['hash'] };
    const line = read({ level: 50, err, msg: 'request failed' });
    expect(line?.error).toBe('QueryFailedError (23505): no');
    expect(JSON.stringify(line)).not.toMatch(/srv|hash/);
    expect(read({ err: { message: 'plain' } })?.error).toBe('Error: plain');
    expect(read({ err: 'only what it says' })?.error).toBe('only what it says');
  });

  it.each([
    ['redis://gw:hunter2@127.0.0.1:6379 is away', 'redis://[redacted]@127.0.0.1:6379 is away'],
    ['postgres://u:p@ss@db/x', 'postgres://[redacted]@db/x'],
    ['asked with Bearer hunter2hunter2', 'asked with Bearer [redacted]'],
    ['blf_hunter2-hunter_2, no more', 'blf_[redacted], no more'],
    ['bailiff_session=hunter2; Path=/', 'bailiff_session=[redacted]; Path=/'],
    ['/setup?token=hunter2&x=1', '/setup?token=[redacted]&x=1'],
    ['{"password":"hunter2"}', '{"password":"[redacted]"}'],
    ['the password is asked for', 'the password is asked for'],
    ['at https://console.example/a@b', 'at https://console.example/a@b'],
  ])('takes secrets out of %s', (text, shown) => {
    expect(read({ msg: text })?.message).toBe(shown);
    expect(read({ err: { message: text } })?.error).toBe(`Error: ${shown}`);
    expect(read({ detail: text })?.fields['detail']).toBe(shown);
  });

  it('takes out values by their name', () => {
    const line = read({ apiKey: 'hunter2', tokenHash: 'hunter2', setCookie: 'hunter2', Authorization: 'hunter2' });
    expect(Object.values(line?.fields ?? {})).toEqual(Array.from({ length: 4 }, () => '[redacted]'));
  });

  it('writes out what would break a line, move the cursor or turn the direction of reading', () => {
    const line = read({
      msg: 'a\nforged',
      context: '\u001B[31m',
      err: { message: '\u202Egnp.exe' },
      'na\u0000me': '\u2066',
    });
    expect(line).toMatchObject({
      message: 'a\\x0aforged',
      context: '\\x1b[31m',
      error: 'Error: \\u{202e}gnp.exe',
      fields: { 'na\\x00me': '\\u{2066}' },
    });
  });

  it('is short whatever is logged', () => {
    const secretAcrossTheCut = `${'x'.repeat(1_990)} redis://gw:hunter2hunter2@host`;
    expect(read({ msg: secretAcrossTheCut })?.message).not.toContain('hunter');
    const many = Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`field${n}`, 'y'.repeat(5_000)]));
    const line = read({
      msg: 'x'.repeat(100_000),
      err: { message: 'z'.repeat(100_000) },
      context: 'c'.repeat(9_000),
      ...many,
    });
    expect(line?.message).toHaveLength(2_000);
    expect(JSON.stringify(line).length).toBeLessThan(12_000);
  });

  it.each(['', 'not JSON', '[]', '7', 'null'])('is undefined for %j', (text) => {
    expect(readConsoleLine(text)).toBe(undefined);
  });
});
