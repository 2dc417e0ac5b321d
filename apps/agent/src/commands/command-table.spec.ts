import { describe, expect, it } from '@jest/globals';
import { AGENT_COMMANDS } from '@bailiff/contracts/agent';
import { checkHandlers, CommandTableError } from './command-table.js';

const handlers = () => Object.fromEntries(Object.keys(AGENT_COMMANDS).map((name) => [name, () => undefined]));

describe(checkHandlers.name, () => {
  it('is content with one handler for each command', () => {
    expect(() => checkHandlers(handlers())).not.toThrow();
  });

  it('names a handler that is missing and one without a contract', () => {
    const { 'host.ping': _ping, ...rest } = handlers();
    expect(() => checkHandlers(rest)).toThrow(CommandTableError);
    expect(() => checkHandlers(rest)).toThrow('host.ping');
    expect(() => checkHandlers({ ...handlers(), toString: () => '' })).toThrow('toString');
  });
});
