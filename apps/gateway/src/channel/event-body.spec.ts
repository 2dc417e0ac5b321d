import { describe, expect, it } from '@jest/globals';
import { EventBodyError, parseEvent, parseHello } from './event-body.js';

const ticket = { kind: 'ban', jail: 'sshd', address: '192.0.2.1', atMs: 1_700_000_000_000, bantimeSeconds: 600 };
const tickets = (change: object) => ({ kind: 'tickets', body: { tickets: [{ ...ticket, ...change }] } });

describe(parseEvent, () => {
  it('takes bans, unbans and failures', () => {
    expect(parseEvent(tickets({ matches: ['line 1'] }))).toMatchObject({
      kind: 'tickets',
      body: { tickets: [{ ...ticket, matches: ['line 1'] }] },
    });
  });

  it('drops fields of a newer agent', () => {
    const event = parseEvent(tickets({ colour: 'red' }));
    expect(event.kind === 'tickets' && event.body.tickets[0]).not.toHaveProperty('colour');
  });

  it.each([
    ['a wrong kind', tickets({ kind: 'drop' })],
    ['text for a time', tickets({ atMs: '1700000000000' })],
    ['a time before the epoch', tickets({ atMs: -1 })],
    ['an endless jail name', tickets({ jail: 'x'.repeat(257) })],
    ['an object for an address', tickets({ address: { length: 5 } })],
    ['a list that is none', { kind: 'tickets', body: { tickets: 'all' } }],
    ['no list', { kind: 'tickets', body: {} }],
    ['no object', { kind: 'tickets', body: [ticket] }],
    ['nothing', { kind: 'tickets', body: null }],
    ['an unknown event', { kind: 'constructor', body: {} }],
    ['a status without jails', { kind: 'host.status', body: { atMs: 1, reachable: true } }],
    ['a snapshot chunk without id', { kind: 'bans.snapshot', body: { atMs: 1, index: 0, count: 1, bans: [] } }],
  ])('refuses %s', (_what, event) => {
    expect(() => parseEvent(event)).toThrow(EventBodyError);
  });

  it('names the field, not the value', () => {
    expect(() => parseEvent(tickets({ atMs: 'secret' }))).toThrow(/^tickets\.0\.atMs: /);
    expect(() => parseEvent(tickets({ atMs: 'secret' }))).not.toThrow(/secret/);
  });
});

describe(parseHello, () => {
  const hello = {
    agentVersion: '0.1.0',
    fail2banVersion: null,
    hostName: 'web-1',
    capabilities: ['read', 'ban', 'teleport'],
    fingerprint: 'x',
  };
  it('keeps the groups it knows', () => {
    expect(parseHello(hello)).toMatchObject({ hostname: 'web-1', groups: ['read', 'ban'] });
  });
  it('refuses an empty host name', () => {
    expect(() => parseHello({ ...hello, hostName: '' })).toThrow(EventBodyError);
  });
});
