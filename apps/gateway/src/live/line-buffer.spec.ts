import { describe, expect, it } from '@jest/globals';
import { LineBuffer } from './line-buffer.js';

describe(LineBuffer, () => {
  it('hands over what it holds once, oldest first', () => {
    const buffer = new LineBuffer(3, 100);
    expect(buffer.isEmpty).toBe(true);
    for (const line of ['a', 'b']) buffer.push(line);
    expect(buffer.isEmpty).toBe(false);
    expect(buffer.take()).toEqual({ lines: ['a', 'b'], dropped: 0 });
    expect(buffer.take()).toEqual({ lines: [], dropped: 0 });
  });

  it('lets the oldest go when there are too many, and says how many', () => {
    const buffer = new LineBuffer(3, 1_000_000);
    for (let n = 1; n <= 10_000; n += 1) buffer.push(String(n));
    expect(buffer.take()).toEqual({ lines: ['9998', '9999', '10000'], dropped: 9_997 });
    buffer.push('next');
    expect(buffer.take()).toEqual({ lines: ['next'], dropped: 0 });
  });

  it('keeps no more characters than it may, whatever their number', () => {
    const buffer = new LineBuffer(100, 10);
    for (const line of ['12345', '67890', 'abc']) buffer.push(line);
    expect(buffer.take()).toEqual({ lines: ['67890', 'abc'], dropped: 1 });
    buffer.push('far too long');
    expect(buffer.isEmpty).toBe(false);
    expect(buffer.take()).toEqual({ lines: [], dropped: 1 });
  });
});
