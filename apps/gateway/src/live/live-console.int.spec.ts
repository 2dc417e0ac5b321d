import type { ConsoleLine, Scope } from '@bailiff/contracts/http';
import { HEADERS } from '@bailiff/contracts/http';
import { eventually } from '@bailiff/testing';
import { Logger } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FleetHarness } from '../../test/fleet-harness.spec.js';
import { LiveProbe } from '../../test/live-probe.spec.js';
import { MAX_LINES } from './live-console.js';

const linesOf = (probe: LiveProbe): readonly ConsoleLine[] => probe.of('console_log').flatMap(({ lines }) => lines);

describe('console_log in debug mode', () => {
  let fleet: FleetHarness;
  const written: string[] = [];
  const logger = new Logger('Suite');
  beforeAll(async () => {
    fleet = await FleetHarness.start({ level: 'debug', to: { write: (line) => void written.push(line) } });
  });
  afterAll(() => fleet[Symbol.asyncDispose]());

  const open = (headers = fleet.browserHeaders()) => new LiveProbe(fleet.baseUrl, headers).ready();
  const tokenWith = async (...scopes: Scope[]) => {
    const { body } = await fleet.request<{ id: string; token: string }>('POST', '/api/v1/tokens', {
      name: scopes.join(' '),
      scopes,
    });
    return { id: body.id, headers: { authorization: `Bearer ${body.token}` } };
  };
  const shows = (probe: LiveProbe, isIt: (line: ConsoleLine) => boolean, what: string) =>
    eventually(() => linesOf(probe).some(isIt), { what });
  /** A message that follows whatever was sent before. */
  const heardOut = async (probe: LiveProbe) => {
    const before = probe.of('preferences_changed').length;
    await fleet.request('PATCH', '/api/v1/settings', { dateFormat: 'iso' });
    await eventually(() => probe.of('preferences_changed').length > before, { what: 'the message after' });
  };

  it('shows an administrator the lines of a request of theirs, by its correlation id', async () => {
    using admin = await open();
    const id = 'my-own-request-0001';
    await fleet.request('GET', '/api/v1/session?x=secret', undefined, {
      ...fleet.browserHeaders(),
      [HEADERS.correlationId]: id,
    });
    await shows(admin, ({ correlationId }) => correlationId === id, 'the line of the request');
    const line = linesOf(admin).find(({ correlationId }) => correlationId === id);
    expect(line).toMatchObject({
      level: 'info',
      message: 'request completed',
      fields: { method: 'GET', path: '/api/v1/session', status: 200 },
    });
    expect(written.some((text) => text.includes(id))).toBe(true);
  });

  it('shows them nobody who may only read', async () => {
    const { headers } = await tokenWith('read', 'ban', 'config');
    using reader = await open(headers);
    using admin = await open();
    logger.warn('for administrators only');
    await shows(admin, ({ message }) => message === 'for administrators only', 'the line');
    await heardOut(reader);
    expect(reader.of('console_log')).toEqual([]);
  });

  it('shows them tokens with the scope admin too, and nothing more once that has ended', async () => {
    const { id, headers } = await tokenWith('admin');
    using program = await open(headers);
    logger.log('while it lasts');
    await shows(program, ({ message }) => message === 'while it lasts', 'the line');
    await fleet.request('DELETE', `/api/v1/tokens/${id}`);
    expect(await program.closed()).toBe(4401);
    const heard = linesOf(program).length;
    using admin = await open();
    logger.log('after it');
    await shows(admin, ({ message }) => message === 'after it', 'the line');
    expect(linesOf(program)).toHaveLength(heard);
  });

  it('shows no secret', async () => {
    using admin = await open();
    logger.warn(
      { token: 'hunter2-a', login: { password: 'hunter2-b' }, err: new Error('redis://gw:hunter2-c@h') },
      'm',
    );
    logger.error({ apiKey: 'hunter2-d' }, 'Bearer blf_hunter2-e');
    logger.log('last');
    await shows(admin, ({ message }) => message === 'last', 'the line');
    const shown = linesOf(admin);
    expect(shown.find(({ message }) => message === 'm')).toMatchObject({
      context: 'Suite',
      fields: { token: '[redacted]' },
      error: 'Error: redis://[redacted]@h',
    });
    expect(JSON.stringify(shown)).not.toContain('hunter2');
    expect(JSON.stringify(shown)).not.toContain(fleet.cookie.split('=')[1]);
  });

  it('is not buried by a flood, and says what it lost', async () => {
    using admin = await open();
    const count = 30_000;
    for (let n = 1; n <= count; n += 1) logger.debug({ n }, 'flood');
    const flood = () => linesOf(admin).filter(({ message }) => message === 'flood');
    await eventually(() => flood().at(-1)?.fields['n'] === count, { what: 'the last line' });
    expect(flood().length).toBeLessThanOrEqual(MAX_LINES);
    const dropped = admin.of('console_log').reduce((sum, message) => sum + message.dropped, 0);
    expect(dropped + linesOf(admin).length).toBeGreaterThanOrEqual(count);
    await heardOut(admin);
    expect(admin.of('resync')).toEqual([]);
  });

  it('is not among what a client that comes back has missed', async () => {
    using admin = await open();
    logger.log('seen once');
    await shows(admin, ({ message }) => message === 'seen once', 'the line');
    using again = await new LiveProbe(fleet.baseUrl, fleet.browserHeaders(), '0').ready();
    await heardOut(again);
    expect(linesOf(again).some(({ message }) => message === 'seen once')).toBe(false);
  });
});
