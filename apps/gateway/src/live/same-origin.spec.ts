import { describe, expect, it } from '@jest/globals';
import { isSameOrigin } from './same-origin.js';

describe(isSameOrigin, () => {
  it.each([
    ['https://console.example', 'console.example'],
    ['https://console.example', 'console.example:443'],
    ['http://127.0.0.1:8420', '127.0.0.1:8420'],
    ['http://[::1]:8420', '[::1]:8420'],
  ])('%s is the origin of %s', (origin, host) => {
    expect(isSameOrigin(origin, host)).toBe(true);
  });

  it.each([
    ['https://evil.example', 'console.example'],
    ['https://console.example.evil.example', 'console.example'],
    ['http://127.0.0.1:8421', '127.0.0.1:8420'],
    ['null', 'console.example'],
    ['', 'console.example'],
    ['https://console.example', ''],
    [undefined, 'console.example'],
    ['https://console.example', undefined],
    ['file://console.example', 'console.example'],
  ])('%s is not the origin of %s', (origin, host) => {
    expect(isSameOrigin(origin, host)).toBe(false);
  });
});
