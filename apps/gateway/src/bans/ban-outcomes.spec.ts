import { describe, expect, it } from '@jest/globals';
import { CommandFailedError } from '../channel/command-failure.js';
import { everythingOutcome, readOutcomes, toBanResult } from './ban-outcomes.js';

const [a, b] = ['000000000000000a', '000000000000000b'];
const banned = { jail: 'sshd', address: '192.0.2.1', result: 'banned' } as const;
const offline = (hostId: string) => ({
  hostId,
  failure: new CommandFailedError(hostId, 'agent/offline', 'operational', 'offline'),
});

describe(toBanResult, () => {
  it('counts what changed, what did not and what failed', () => {
    const failed = { jail: 'sshd', address: '192.0.2.3', result: 'failed', code: 'fail2ban/refused' } as const;
    const unchanged = { jail: 'sshd', address: '192.0.2.2', result: 'unchanged' } as const;
    const outcomes = readOutcomes(a, { outcomes: [banned, unchanged, failed] });
    expect(toBanResult([{ hostId: a, outcomes }, offline(b)])).toMatchObject({
      changed: 1,
      unchanged: 1,
      failed: 2,
      outcomes: [
        { hostId: a, ...banned, code: null },
        { hostId: a, ...unchanged },
        { hostId: a, ...failed },
        { hostId: b, jail: null, address: null, result: 'failed', code: 'agent/offline' },
      ],
    });
  });

  it('says that a host’s outcome is unknown', () => {
    const failure = new CommandFailedError(b, 'agent/outcome-unknown', 'operational', 'no answer');
    const result = toBanResult([
      { hostId: a, outcomes: readOutcomes(a, { outcomes: [banned] }) },
      { hostId: b, failure },
    ]);
    expect(result.outcomes[1]?.result).toBe('unknown');
    expect(result.failed).toBe(1);
  });

  it('fails as a whole when no host did anything', () => {
    expect(() => toBanResult([offline(a), offline(b)])).toThrow(CommandFailedError);
  });
});

describe(readOutcomes, () => {
  it('leaves out what is no outcome, and codes the API does not know', () => {
    const result = JSON.parse(
      '{"outcomes":[null,1,{"result":"exploded"},{"jail":{},"address":"x","result":"failed","code":"<b>"}]}',
    ) as Parameters<typeof readOutcomes>[1];
    expect(readOutcomes(a, result)).toEqual([
      { hostId: a, jail: null, address: 'x', result: 'failed', code: 'agent/failed', detail: null },
    ]);
    expect(readOutcomes(a, JSON.parse('null') as typeof result)).toEqual([]);
  });
});

describe(everythingOutcome, () => {
  it('is unchanged when there was nothing to lift', () => {
    expect(everythingOutcome(a, { unbanned: 0 }).result).toBe('unchanged');
    expect(everythingOutcome(a, { unbanned: 7 })).toMatchObject({ result: 'unbanned', detail: '7 bans lifted' });
  });
});
