import { describe, expect, it } from '@jest/globals';
import { bearerOf, sessionCookieOf } from './request-credentials.js';

describe(sessionCookieOf.name, () => {
  it.each([
    ['bailiff_session=abc', 'abc'],
    ['a=1; bailiff_session=abc; b=2', 'abc'],
    ['xbailiff_session=abc', undefined],
    ['bailiff_session', undefined],
    ['', undefined],
  ])('of "%s" is %s', (cookie, expected) => {
    expect(sessionCookieOf({ headers: { cookie } })).toBe(expected);
  });
});

describe(bearerOf.name, () => {
  it('is undefined without the header, and empty for one that is no bearer token', () => {
    expect(bearerOf({ headers: {} })).toBeUndefined();
    expect(bearerOf({ headers: { authorization: 'Basic eDp5' } })).toBe('');
    expect(bearerOf({ headers: { authorization: 'bearer  blf_x' } })).toBe('blf_x');
  });
});
