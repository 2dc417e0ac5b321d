import { describe, expect, it } from '@jest/globals';
import { isMissingCode } from './outdated-build';

describe(isMissingCode.name, () => {
  it.each([
    'Failed to fetch dynamically imported module: https://x/chunk-A.js',
    'error loading dynamically imported module: https://x/chunk-A.js',
    'Importing a module script failed.',
  ])('knows "%s"', (text) => {
    expect(isMissingCode(new TypeError(text))).toBe(true);
  });

  it.each([new Error('Cannot match any routes'), 'a text', undefined])('leaves %s alone', (error) => {
    expect(isMissingCode(error)).toBe(false);
  });
});
