import { describe, expect, it } from '@jest/globals';
import type { ConsoleLine } from '@bailiff/contracts/http';
import { isWanted, lineText } from './console-text';

const line: ConsoleLine = {
  at: '2026-11-20T10:00:00.123Z',
  level: 'warn',
  context: 'LiveFeed',
  message: 'slow',
  correlationId: 'abcdefgh-1',
  error: 'TypeError: no',
  fields: { status: 500, path: '/api/x' },
};

describe('text of a log line', () => {
  it('holds all there is on one line', () => {
    expect(lineText(line)).toBe(
      '2026-11-20T10:00:00.123Z WARN  [LiveFeed] slow TypeError: no status=500 path=/api/x correlationId=abcdefgh-1',
    );
  });

  it('leaves out what a line does not have', () => {
    const bare = {
      ...line,
      context: null,
      error: null,
      correlationId: null,
      fields: {},
      message: 'up',
      level: 'info',
    } as const;
    expect(lineText(bare)).toBe('2026-11-20T10:00:00.123Z INFO  up');
  });

  it.each([
    ['trace', '', true],
    ['warn', '', true],
    ['error', '', false],
    ['trace', 'ABCDEFGH', true],
    ['trace', 'status=500', true],
    ['trace', 'typeerror', true],
    ['trace', 'nothing of it', false],
  ] as const)('is wanted from %s with "%s": %s', (least, text, wanted) => {
    expect(isWanted(line, least, text)).toBe(wanted);
  });
});
