import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { LogEvent } from './log-event.js';
import { parseLogLine } from './parse-log-line.js';

const line = (logger: string, level: string, message: string): string =>
  `2026-11-20 15:56:27,123 ${logger.padEnd(24)}[4711]: ${level.padEnd(7)} ${message}`;
const body = (logger: string, level: string, message: string): Partial<LogEvent> | undefined => {
  const event = parseLogLine(line(logger, level, message));
  if (event === undefined) return undefined;
  expect(event).toMatchObject({ at: '2026-11-20 15:56:27,123', logger, pid: 4711, level });
  const { at: _at, logger: _logger, pid: _pid, level: _level, ...rest } = event;
  return rest;
};
const T = '2026-11-20 15:56:27';

describe('parseLogLine', () => {
  it.each([
    [
      'fail2ban.filter',
      'INFO',
      `[one] Found 203.0.113.50 - ${T}`,
      { kind: 'found', jail: 'one', id: '203.0.113.50', failureAt: T },
    ],
    [
      'fail2ban.observer',
      'INFO',
      `[inc] Found 203.0.113.80, bad - ${T}, 2 # -> 2.0, Ban`,
      { kind: 'badFound', jail: 'inc', id: '203.0.113.80', failureAt: T, banCount: 2, weight: 2, isBan: true },
    ],
    [
      'fail2ban.observer',
      'INFO',
      `[inc] Found 203.0.113.80, bad - ${T}, 1 # -> 2`,
      { kind: 'badFound', jail: 'inc', id: '203.0.113.80', failureAt: T, banCount: 1, weight: 2, isBan: false },
    ],
    [
      'fail2ban.observer',
      'INFO',
      `[inc] IP 203.0.113.80 is bad: 2 # last ${T} - incr 2s to 1w 3d`,
      { kind: 'isBad', jail: 'inc', id: '203.0.113.80', banCount: 2, lastBanAt: T, from: '2s', to: '1w 3d' },
    ],
    [
      'fail2ban.observer',
      'NOTICE',
      `[inc] Increase Ban 203.0.113.80 (3 # 1h 8s -> ${T})`,
      { kind: 'increaseBan', jail: 'inc', id: '203.0.113.80', banCount: 3, duration: '1h 8s', endsAt: T },
    ],
    [
      'fail2ban.observer',
      'NOTICE',
      '[inc] Increase Ban 2001:db8::1 (9 # permanent -> infinite)',
      { kind: 'increaseBan', jail: 'inc', id: '2001:db8::1', banCount: 9, duration: 'permanent' },
    ],
    [
      'fail2ban.filter',
      'INFO',
      `[one] Attempt 203.0.113.5 - ${T}`,
      { kind: 'attempt', jail: 'one', id: '203.0.113.5', failureAt: T },
    ],
    [
      'fail2ban.actions',
      'NOTICE',
      '[two words] Ban 203.0.113.5',
      { kind: 'ban', jail: 'two words', id: '203.0.113.5' },
    ],
    ['fail2ban.actions', 'NOTICE', '[a]b] Unban 203.0.113.5', { kind: 'unban', jail: 'a]b', id: '203.0.113.5' }],
    ['fail2ban.actions', 'NOTICE', "[a, 'ü'] Ban 203.0.113.5", { kind: 'ban', jail: "a, 'ü'", id: '203.0.113.5' }],
    ['fail2ban.actions', 'NOTICE', '[one] Ban x] Ban y', { kind: 'ban', jail: 'one', id: 'x] Ban y' }],
    ['fail2ban.actions', 'NOTICE', '[one] Ban 203.0.113.50', { kind: 'ban', jail: 'one', id: '203.0.113.50' }],
    ['fail2ban.actions', 'NOTICE', '[one] Restore Ban 192.0.2.1', { kind: 'restoreBan', jail: 'one', id: '192.0.2.1' }],
    ['fail2ban.actions', 'NOTICE', '[one] Unban 203.0.113.50', { kind: 'unban', jail: 'one', id: '203.0.113.50' }],
    [
      'fail2ban.actions',
      'NOTICE',
      '[one] Repeal Ban 203.0.113.5',
      { kind: 'repealBan', jail: 'one', id: '203.0.113.5' },
    ],
    ['fail2ban.actions', 'NOTICE', '[one] Reban 203.0.113.5', { kind: 'reban', jail: 'one', id: '203.0.113.5' }],
    [
      'fail2ban.actions',
      'NOTICE',
      "[one] Reban 203.0.113.5, action 'A'",
      { kind: 'reban', jail: 'one', id: '203.0.113.5', action: 'A' },
    ],
    [
      'fail2ban.actions',
      'WARNING',
      '[one] 203.0.113.5 already banned',
      { kind: 'alreadyBanned', jail: 'one', id: '203.0.113.5' },
    ],
    [
      'fail2ban.actions',
      'NOTICE',
      '[one] Flush ticket(s) with tofile',
      { kind: 'flush', jail: 'one', action: 'tofile' },
    ],
    [
      'fail2ban.actions',
      'INFO',
      '[one] Ignore 192.0.2.77, expired bantime',
      { kind: 'expired', jail: 'one', id: '192.0.2.77' },
    ],
    [
      'fail2ban.filter',
      'INFO',
      '[one] Ignore 192.0.2.7 by ip',
      { kind: 'ignored', jail: 'one', id: '192.0.2.7', by: 'ip' },
    ],
    [
      'fail2ban.filter',
      'INFO',
      '[one] Ignore 192.0.2.7 by ignoreself rule',
      { kind: 'ignored', jail: 'one', id: '192.0.2.7', by: 'ignoreself rule' },
    ],
    [
      'fail2ban.filter',
      'INFO',
      '[one] Ignore 192.0.2.7 by file:/etc/x',
      { kind: 'ignored', jail: 'one', id: '192.0.2.7', by: 'file:/etc/x' },
    ],
    [
      'fail2ban.actions',
      'ERROR',
      "Failed to execute ban jail 'one' action 'a' info 'x': Error banning 1",
      { kind: 'actionFailed', jail: 'one', operation: 'ban', action: 'a', message: "info 'x': Error banning 1" },
    ],
    [
      'fail2ban.actions',
      'ERROR',
      "Failed to start jail 'one' action 'a': no",
      { kind: 'actionFailed', jail: 'one', operation: 'start', action: 'a', message: 'no' },
    ],
    [
      'fail2ban.actions',
      'ERROR',
      "Failed to flush bans in jail 'one' action 'a': no",
      { kind: 'actionFailed', jail: 'one', operation: 'flush', action: 'a', message: 'no' },
    ],
    ['fail2ban.server', 'INFO', 'Starting Fail2ban v1.0.2', { kind: 'starting', version: '1.0.2' }],
    ['fail2ban.jail', 'INFO', "Creating new jail 'x'", { kind: 'jailCreated', jail: 'x' }],
    ['fail2ban.jail', 'INFO', "Jail 'x' started", { kind: 'jailStarted', jail: 'x' }],
    ['fail2ban.jail', 'INFO', "Jail 'x' stopped", { kind: 'jailStopped', jail: 'x' }],
    ['fail2ban.server', 'INFO', "Jail 'x' reloaded", { kind: 'jailReloaded', jail: 'x' }],
    ['fail2ban.server', 'INFO', 'Reload all jails', { kind: 'reloadStarted' }],
    ['fail2ban.server', 'INFO', 'Reload jail one', { kind: 'reloadStarted', jail: 'one' }],
    ['fail2ban.server', 'INFO', "Reload jail 'one'", { kind: 'other', message: "Reload jail 'one'" }],
    ['fail2ban.server', 'INFO', 'Reload finished.', { kind: 'reloadFinished' }],
    ['fail2ban.server', 'INFO', 'Shutdown in progress...', { kind: 'shutdown' }],
    ['fail2ban.server', 'INFO', 'Exiting Fail2ban', { kind: 'exited' }],
    [
      'fail2ban.server',
      'INFO',
      'rollover performed on /var/log/fail2ban.log',
      { kind: 'rollover', path: '/var/log/fail2ban.log' },
    ],
    [
      'fail2ban.filter',
      'INFO',
      "Added logfile: '/var/log/x' (pos = 0, hash = ab)",
      { kind: 'logfileAdded', path: '/var/log/x' },
    ],
    ['fail2ban.filterpoll', 'INFO', "Removed logfile: '/var/log/x'", { kind: 'logfileRemoved', path: '/var/log/x' }],
    [
      'fail2ban.transmitter',
      'ERROR',
      "Command ['x'] has failed. Received Exception('y')",
      { kind: 'commandFailed', message: "Command ['x'] has failed. Received Exception('y')" },
    ],
    ['fail2ban', 'ERROR', 'whatever', { kind: 'other', message: 'whatever' }],
    ['fail2ban.utils', 'ERROR', '[one] Ban 192.0.2.1', { kind: 'other', message: '[one] Ban 192.0.2.1' }],
  ])('%s %s: %s', (logger, level, message, expected) => {
    expect(body(logger, level, message)).toEqual(expected);
  });

  it.each(['', ' 192.0.2.5', 'a b', "x', action 'y", 'ü', '] Ban 1', 'Unban 192.0.2.1', '192.0.2.1 already banned'])(
    'takes everything behind the keyword for the id: %j',
    (id) => {
      expect(body('fail2ban.actions', 'NOTICE', `[one] Ban ${id}`)).toEqual({ kind: 'ban', jail: 'one', id });
      expect(body('fail2ban.filter', 'INFO', `[one] Found ${id} - ${T}`)).toEqual({
        kind: 'found',
        jail: 'one',
        id,
        failureAt: T,
      });
    },
  );

  it('leaves out what continues another line or has another format', () => {
    for (const text of [
      '',
      'Traceback (most recent call last):',
      '  File "x", line 1',
      'Ban 192.0.2.1',
      `${T} fail2ban: x`,
    ]) {
      expect(parseLogLine(text)).toBeUndefined();
    }
  });

  it('survives any text, quickly', () => {
    fc.assert(
      fc.property(fc.string(), fc.string({ unit: fc.constantFrom(...' ,-#>()[]:.0129abBF') }), (one, two) => {
        parseLogLine(one);
        expect(parseLogLine(line('fail2ban.filter', 'INFO', two))).toBeDefined();
        expect(parseLogLine(line('fail2ban.actions', 'NOTICE', `[j] ${two}`))).toBeDefined();
      }),
    );
    // No pattern may backtrack into eternity on what an attacker can have logged.
    const hostile = `[j] Found ${', bad - '.repeat(20_000)}`;
    expect(body('fail2ban.observer', 'INFO', hostile)).toMatchObject({ kind: 'other' });
    expect(body('fail2ban.actions', 'NOTICE', `[j] Reban ${", action '".repeat(20_000)}`)).toMatchObject({
      kind: 'reban',
    });
    expect(body('fail2ban.observer', 'NOTICE', `[j] Increase Ban ${' (1 # '.repeat(20_000)}`)).toMatchObject({
      kind: 'other',
    });
  });
});
