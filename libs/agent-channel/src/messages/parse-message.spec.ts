import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { EnvelopeError } from '../errors/envelope.error.js';
import { parseAgentMessage, parseGatewayMessage } from './parse-message.js';

const sid = 'ab'.repeat(16);
const to = '0011223344556677';
const id = '01234567-89ab-4cde-8f01-23456789abcd';
const sha256 = 'cd'.repeat(32);
const chunk = { index: 0, count: 2, sha256, data: 'QUJD' };
const cmd = { t: 'cmd', id, to, sid, iat: 1, exp: 2, cmd: 'jail.status', args: { jail: 'sshd' } };
const base = { from: to, sid, seq: 2, at: 3 };
const helloBody = {
  agentVersion: '0.1.0',
  fail2banVersion: null,
  hostName: 'web-1',
  capabilities: ['read'],
  fingerprint: 'aaaa',
};
const hello = { t: 'hello', ...base, boot: 1, nonce: sid, body: helloBody };
const res = { t: 'res', ...base, re: id, ok: true, result: [] };
const hb = { t: 'hb', ...base, load: 0.5, spool: 0, dropped: 0 };

const bytes = (value: unknown): Buffer => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));

describe('parseGatewayMessage', () => {
  it.each([
    cmd,
    { ...cmd, cid: 'c' },
    { ...cmd, args: undefined, chunk },
    { t: 'welcome', to, sid, nonce: sid, now: 1, kid: 1 },
    { t: 'ack', to, sid, seq: 1 },
    { t: 'reset', to, sid, reason: 'gap' },
  ])('reads $t', (message) => {
    expect(parseGatewayMessage(bytes(message))).toEqual(JSON.parse(JSON.stringify(message)));
  });

  it.each([
    ['nothing', ''],
    ['half of it', '{"t":"ack"'],
    ['a list', []],
    ['null', 'null'],
    ['an unknown type', { ...cmd, t: 'exec' }],
    ['a type of Object.prototype', { ...cmd, t: 'constructor' }],
    ['a type from the other direction', hb],
    ['one field too many', { ...cmd, root: true }],
    ['__proto__', `{"__proto__":{},${JSON.stringify(cmd).slice(1)}`],
    ['one field too few', { ...cmd, exp: undefined }],
    ['a number as text', { ...cmd, exp: '2' }],
    ['an infinite number', JSON.stringify(cmd).replace('"exp":2', '"exp":1e999')],
    ['a fraction', { ...cmd, exp: 1.5 }],
    ['a negative number', { ...cmd, iat: -1 }],
    ['a list as text', { ...cmd, cmd: ['jail.status'] }],
    ['a command with a blank', { ...cmd, cmd: 'jail status' }],
    ['a command with a line break', { ...cmd, cmd: 'jail.status\n' }],
    ['a command named __proto__', { ...cmd, cmd: '__proto__' }],
    ['an id in capitals', { ...cmd, id: id.toUpperCase() }],
    ['an agent id of another form', { ...cmd, to: '*' }],
    ['an agent id with a line break', { ...cmd, to: `${to}\n` }],
    ['arguments beside a part', { ...cmd, chunk }],
    ['a part beyond its count', { ...cmd, args: undefined, chunk: { ...chunk, index: 2 } }],
    ['a single part', { ...cmd, args: undefined, chunk: { ...chunk, count: 1 } }],
    ['a million parts', { ...cmd, args: undefined, chunk: { ...chunk, count: 1_000_000 } }],
    ['acknowledgement 0', { t: 'ack', to, sid, seq: 0 }],
    ['kid 16', { t: 'welcome', to, sid, nonce: sid, now: 1, kid: 16 }],
  ])('refuses %s', (_, message) => {
    expect(() => parseGatewayMessage(bytes(message))).toThrow(EnvelopeError);
  });
});

describe('parseAgentMessage', () => {
  it.each([
    hello,
    res,
    { ...res, result: undefined, ok: false, err: { code: 'jail/unknown', kind: 'user', detail: '' } },
    { ...res, result: undefined, chunk },
    { t: 'evt', ...base, kind: 'ban', body: null },
    hb,
  ])('reads $t', (message) => {
    expect(parseAgentMessage(bytes(message))).toEqual(JSON.parse(JSON.stringify(message)));
  });

  it.each([
    ['a hello without a counter', { ...hello, boot: 0 }],
    ['a hello with a foreign field', { ...hello, body: { ...helloBody, admin: true } }],
    ['capabilities that are not text', { ...hello, body: { ...helloBody, capabilities: [1] } }],
    ['an answer with result and error', { ...res, err: { code: 'a/b', kind: 'user', detail: '' } }],
    ['a failure without an error', { ...res, ok: false }],
    ['an error of unknown kind', { ...res, ok: false, err: { code: 'a/b', kind: 'fatal', detail: '' } }],
    ['an error code with markup', { ...res, ok: false, err: { code: '<b>', kind: 'user', detail: '' } }],
    ['an event without body', { t: 'evt', ...base, kind: 'ban' }],
    ['number 0', { ...hb, seq: 0 }],
    ['a load that is not a number', { ...hb, load: null }],
  ])('refuses %s', (_, message) => {
    expect(() => parseAgentMessage(bytes(message))).toThrow(EnvelopeError);
  });

  it('throws nothing but its own error, whatever the JSON', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(() => parseAgentMessage(bytes(text))).toThrow(EnvelopeError);
      }),
      { numRuns: 300 },
    );
  });
});
