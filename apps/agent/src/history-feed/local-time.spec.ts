import { execFileSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { localToEpochMs } from './local-time.js';

// The zone of a process is fixed at its start: cases of other zones run in a child.
const inZone = (zone: string, calls: readonly (readonly [string, object?])[]): (string | null)[] => {
  const script = `
    import(process.argv[1]).then(({ localToEpochMs }) => {
      const at = (ms) => (ms === undefined ? null : new Date(ms).toISOString());
      process.stdout.write(JSON.stringify(JSON.parse(process.argv[2]).map(([text, hint]) => at(localToEpochMs(text, hint)))));
    });`;
  const out = execFileSync(
    process.execPath,
    ['--no-warnings', '-e', script, new URL('./local-time.ts', import.meta.url).href, JSON.stringify(calls)],
    { env: { TZ: zone }, encoding: 'utf8' },
  );
  return JSON.parse(out) as (string | null)[];
};

describe(localToEpochMs.name, () => {
  it('reads milliseconds after a comma', () => {
    expect(inZone('Europe/Berlin', [['2026-01-15 12:00:00,123']])).toEqual(['2026-01-15T11:00:00.123Z']);
    expect(inZone('Asia/Kolkata', [['2026-07-15 12:00:00,5']])).toEqual(['2026-07-15T06:30:00.500Z']);
  });

  it('takes the hour that occurs twice by the line before it, else the first', () => {
    const previousMs = Date.parse('2026-10-25T00:59:59.000Z'); // 02:59:59 summer time
    expect(
      inZone('Europe/Berlin', [
        ['2026-10-25 02:30:00,000'],
        ['2026-10-25 02:30:00,000', { previousMs: Date.parse('2026-10-25T00:29:59Z') }],
        ['2026-10-25 02:30:00,000', { previousMs }],
        ['2026-10-25 03:30:00,000', { previousMs }],
      ]),
    ).toEqual([
      '2026-10-25T00:30:00.000Z',
      '2026-10-25T00:30:00.000Z',
      '2026-10-25T01:30:00.000Z',
      '2026-10-25T02:30:00.000Z',
    ]);
  });

  it('takes the hour that occurs twice by the clock when the line is fresh', () => {
    const text = '2026-10-25 02:30:00,000';
    expect(
      inZone('Europe/Berlin', [
        [text, { nowMs: Date.parse('2026-10-25T01:30:02Z') }],
        [text, { nowMs: Date.parse('2026-10-25T00:30:02Z') }],
      ]),
    ).toEqual(['2026-10-25T01:30:00.000Z', '2026-10-25T00:30:00.000Z']);
  });

  it('knows half-hour changes', () => {
    const previousMs = Date.parse('2026-04-04T14:59:00Z');
    expect(inZone('Australia/Lord_Howe', [['2026-04-05 01:45:00,000', { previousMs }]])).toEqual([
      '2026-04-04T15:15:00.000Z',
    ]);
  });

  it.each(['', 'yesterday', '2026-13-01 00:00:00', '2026-02-30 00:00:00', '2026-01-01T00:00:00'])(
    'refuses "%s"',
    (text) => {
      expect(localToEpochMs(text)).toBeUndefined();
    },
  );
});
