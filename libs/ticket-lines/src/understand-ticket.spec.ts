import { describe, expect, it } from '@jest/globals';
import { understandTicketLines } from './understand-ticket.js';

const access = (path: string) => `192.0.2.1 - - [20/Nov/2026:16:00:00 +0000] "GET ${path} HTTP/1.1" 404 5 "-" "curl"`;
const ssh = (message: string) => `Nov 20 16:00:00 web-1 sshd[12]: ${message}`;

describe(understandTicketLines, () => {
  it('tells what the newest line tells', () => {
    expect(understandTicketLines([access('/a'), access('/b')], 'demo')).toMatchObject({
      requestUrl: '/b',
      line: access('/b'),
    });
  });

  it('prefers a line with a request to a newer one without', () => {
    expect(understandTicketLines([access('/a'), 'what is this'], 'demo')).toMatchObject({
      requestUrl: '/a',
      line: access('/a'),
    });
  });

  it('takes the account, and only that, from an older line of the same service', () => {
    const lines = [
      ssh('Failed password for bob from 192.0.2.1 port 22 ssh2'),
      ssh('Connection closed by 192.0.2.1 [preauth]'),
    ];
    expect(understandTicketLines(lines, 'sshd')).toEqual({
      format: 'sshd',
      service: 'sshd',
      user: 'bob',
      line: lines[1],
    });
    expect(understandTicketLines(['app=shop user=eve', lines[1] ?? ''], 'sshd')).not.toHaveProperty('user');
  });

  it('gives an unknown line alone', () => {
    expect(understandTicketLines(['older', 'hello'], 'demo')).toEqual({ line: 'hello' });
    expect(understandTicketLines([''], 'demo')).toEqual({ line: '' });
  });

  it('has nothing to say about no lines', () => {
    expect(understandTicketLines([], 'demo')).toEqual({});
  });

  it('looks at the ten newest lines only', () => {
    const lines = [access('/a'), ...Array.from({ length: 10 }, () => 'hello')];
    expect(understandTicketLines(lines, 'demo')).toEqual({ line: 'hello' });
  });
});
