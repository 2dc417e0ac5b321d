import { describe, expect, it } from '@jest/globals';
import { isFromOwnPages, isSafe } from './same-origin.js';

const from = (headers: Record<string, string>, protocol = 'http', publicUrl?: string): boolean => {
  const lower = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  const get = ((name: string) => lower.get(name.toLowerCase())) as Parameters<typeof isFromOwnPages>[0]['get'];
  return isFromOwnPages({ get, protocol, host: lower.get('host') ?? '' }, publicUrl);
};
const OURS = { 'X-Bailiff-Request': '1', Host: 'bans.example' };

describe(isFromOwnPages.name, () => {
  it.each([
    [{ 'Sec-Fetch-Site': 'same-origin' }, true],
    [{ 'Sec-Fetch-Site': 'none' }, false],
    [{ 'Sec-Fetch-Site': 'same-site', Origin: 'http://bans.example' }, false],
    [{ Origin: 'http://bans.example' }, true],
    [{ Origin: 'https://bans.example' }, false],
    [{ Origin: 'http://bans.example.evil.example' }, false],
    [{ Origin: 'http://bans.example:8080' }, false],
    [{}, false],
  ])('of a request with %j is %s', (headers, expected) => {
    expect(from({ ...OURS, ...headers })).toBe(expected);
  });

  it('needs our header whatever else is right', () => {
    expect(from({ Host: 'bans.example', 'Sec-Fetch-Site': 'same-origin' })).toBe(false);
  });

  it('knows the public address behind a proxy that hides it', () => {
    const headers = { ...OURS, Host: '10.0.0.5:8420', Origin: 'https://bans.example' };
    expect(from(headers)).toBe(false);
    expect(from(headers, 'http', 'https://bans.example/bailiff/')).toBe(true);
  });
});

describe(isSafe.name, () => {
  it('is true for what only reads', () => {
    expect(['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE'].filter((method) => isSafe({ method }))).toEqual(
      [...['GET', 'HEAD', 'OPTIONS']],
    );
  });
});
