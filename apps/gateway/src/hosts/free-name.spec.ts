import { describe, expect, it } from '@jest/globals';
import { freeName } from './free-name.js';

describe(freeName.name, () => {
  it('is the host name while nobody else has it', () => {
    expect(freeName('web-1', new Set(['web-2']))).toBe('web-1');
  });

  it('gets the first free number otherwise', () => {
    expect(freeName('web-1', new Set(['web-1']))).toBe('web-1 (2)');
    expect(freeName('web-1', new Set(['web-1', 'web-1 (2)', 'web-1 (4)']))).toBe('web-1 (3)');
  });

  it('fits the column, and still differs', () => {
    const long = 'x'.repeat(253);
    const first = freeName(long, new Set());
    const second = freeName(long, new Set([first]));
    expect([first.length, second.length]).toEqual([80, 80]);
    expect(second).toMatch(/x \(2\)$/);
  });
});
