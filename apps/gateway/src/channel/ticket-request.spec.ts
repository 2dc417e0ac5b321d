import { describe, expect, it } from '@jest/globals';
import { requestOf } from './ticket-request.js';

const line = (host: string) =>
  `${host}:443 192.0.2.1 - - [20/Nov/2026:16:00:00 +0000] "GET /a?b HTTP/1.1" 404 5 "-" "x"`;

describe(requestOf, () => {
  it('tells service, URL and site of a ban', () => {
    expect(requestOf({ kind: 'ban', jail: 'nginx', matches: ['?', line('shop.example.co.uk')] })).toEqual({
      service: 'nginx',
      requestUrl: '/a?b',
      targetDomain: 'example.co.uk',
      targetSubdomain: 'shop',
    });
  });

  it.each(['192.0.2.9', 'localhost'])('lets %s stand for itself', (host) => {
    expect(requestOf({ kind: 'ban', jail: 'nginx', matches: [line(host)] })).toMatchObject({ targetDomain: host });
  });

  it.each([
    { kind: 'ban', jail: 'nginx' },
    { kind: 'ban', jail: 'nginx', matches: [] },
    { kind: 'unban', jail: 'nginx', matches: [line('example.org')] },
    { kind: 'found', jail: 'nginx', matches: [line('example.org')] },
  ] as const)('has nothing to say of %j', (ticket) => {
    expect(requestOf({ ...ticket, matches: [...(ticket.matches ?? [])] })).toEqual({});
  });
});
