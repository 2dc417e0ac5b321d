import { AgentOfflineError, ChannelDownError, CommandRefusedError, OutcomeUnknownError } from '@bailiff/agent-channel';
import { describe, expect, it } from '@jest/globals';
import { commandFailure } from './command-failure.js';

const host = '0123456789abcdef';
const refused = (code: string) => new CommandRefusedError(host, 'id', code, 'user', 'said the host');

describe(commandFailure, () => {
  it.each([
    [new AgentOfflineError(host), 'agent/offline'],
    [new ChannelDownError(), 'edge/unavailable'],
    [new OutcomeUnknownError(host, 'id'), 'agent/outcome-unknown'],
    [refused('jail/unknown'), 'jail/unknown'],
    [refused('agent/policy-denied'), 'agent/policy-denied'],
    [refused('ban/protected-address'), 'ban/protected-address'],
    [refused('fail2ban/unreachable'), 'fail2ban/unreachable'],
    [refused('channel/too-large'), 'agent/refused'],
    [refused('future/fault'), 'agent/failed'],
    [new TypeError('x is not a function'), 'internal/unexpected'],
  ])('%s is %s', (error, code) => {
    expect(commandFailure(host, error)).toMatchObject({ code, hostId: host });
  });

  it('tells what the host said, and nothing of our own faults', () => {
    expect(commandFailure(host, refused('future/fault')).detail).toBe('said the host (future/fault)');
    expect(commandFailure(host, new TypeError('secret')).detail).not.toContain('secret');
  });

  it('knows when a command may have run', () => {
    expect(commandFailure(host, new OutcomeUnknownError(host, 'id')).isOutcomeUnknown).toBe(true);
    expect(commandFailure(host, new AgentOfflineError(host)).isOutcomeUnknown).toBe(false);
  });
});
