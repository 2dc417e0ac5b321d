import { describe, expect, it } from '@jest/globals';
import { isolate } from './isolate';

describe('isolate', () => {
  it('leaves ordinary names as they are', () => {
    expect(isolate('web-1 <b>Zürich</b> 東京')).toBe('web-1 <b>Zürich</b> 東京');
  });

  it.each(['gnp\u202Eexe', 'שלום', 'مرحبا', 'a\u200Fb'])('keeps %j to itself', (name) => {
    expect(isolate(name)).toBe(`\u2068${name}\u2069`);
  });

  it('cannot be broken out of', () => {
    expect(isolate('\u2069\u202Eb\u2066')).toBe('\u2068\u202Eb\u2069');
  });
});
