import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fieldText, visibleText } from './visible-text.js';

describe(visibleText, () => {
  it('leaves what is visible as it is, percent-encoding and markup included', () => {
    const text = '/a%20b?<script>alert("ü")</script>&amp;\\x22 日本 😀';
    expect(visibleText(text, 100)).toBe(text);
  });

  it('writes out what is not', () => {
    expect(visibleText('a\0b\u001b[2J\r\n\u0085\u202e\u2066\u200b\ufeff\u2028\ud800', 200)).toBe(
      'a\\x00b\\x1b[2J\\x0d\\x0a\\x85\\u{202e}\\u{2066}\\u{200b}\\u{feff}\\u{2028}\\u{d800}',
    );
    expect(visibleText('\u{e0041}', 100)).toBe('\\u{e0041}');
  });

  it('cuts at the bound and says so, never inside a character', () => {
    expect(visibleText('abcdef', 6)).toBe('abcdef');
    expect(visibleText('abcdefg', 6)).toBe('abcde…');
    expect(visibleText('abcd😀fg', 6)).toBe('abcd…');
  });

  it('is bounded, well-formed and stays what it is when done again', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 8, max: 40 }), (text, max) => {
        const shown = visibleText(text, max);
        expect(shown.length).toBeLessThanOrEqual(max);
        expect(shown.isWellFormed()).toBe(true);
        expect(visibleText(shown, max)).toBe(shown);
      }),
    );
  });
});

describe(fieldText, () => {
  it.each([undefined, '', '-', '  ', ' - '])('takes %j for nothing', (text) => {
    expect(fieldText(text, 10)).toBeUndefined();
  });

  it('trims', () => {
    expect(fieldText(' bob ', 10)).toBe('bob');
  });
});
