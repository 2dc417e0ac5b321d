import { describe, expect, it } from '@jest/globals';
import { ForeignIgnoreFileError, parseIgnoreFile, renderIgnoreFile, type JailOverride } from './ignore-file.js';

const overrides = new Map<string, JailOverride>([
  ['add', { mode: 'add', entries: ['192.0.2.1', '2001:db8::/32'], ignoreself: undefined }],
  ['full', { mode: 'full', entries: ['198.51.100.0/24', 'a%b.example.org'], ignoreself: true }],
  ['none', { mode: 'full', entries: [], ignoreself: undefined }],
  ['self', { mode: 'full', entries: undefined, ignoreself: false }],
]);

describe(parseIgnoreFile, () => {
  it('reads back what was written', () => {
    const text = renderIgnoreFile(overrides);
    expect(text).toContain('a%%b.example.org');
    expect(parseIgnoreFile(text, 'x')).toEqual(overrides);
  });

  it.each([
    '[a]\nbantime = 5\n',
    'ignoreip = 192.0.2.1\n',
    '[a b]\n',
    '[a]\nignoreip = 192.0.2.1 192.0.2.2\n    x y\n',
    'text',
  ])('does not touch what somebody else wrote: %j', (text) => {
    expect(() => parseIgnoreFile(text, 'x')).toThrow(ForeignIgnoreFileError);
  });
});
