import { describe, expect, it } from '@jest/globals';
import { testedFail2banVersions, eventually, startFail2ban } from '@bailiff/testing';
import { readFile } from 'node:fs/promises';
import { Fail2banClient } from '../fail2ban-client.js';
import type { LogEvent } from './log-event.js';
import { parseLogLine } from './parse-log-line.js';

describe.each(testedFail2banVersions)('the log of fail2ban %s', (version) => {
  it('is read line by line', async () => {
    await using f2b = await startFail2ban({
      version,
      jails: { demo: { maxretry: 2, extra: { 'bantime.increment': 'true' } }, plain: {} },
    });
    await using client = new Fail2banClient({ socketPath: f2b.socketPath });
    const events = async (): Promise<LogEvent[]> =>
      (await readFile(f2b.logPath, 'utf8')).split('\n').flatMap((line) => parseLogLine(line) ?? []);
    const expectEvent = (event: Partial<LogEvent>): Promise<unknown> =>
      eventually(async () => expect(await events()).toContainEqual(expect.objectContaining(event)), {
        withinMs: 15_000,
      });

    await expectEvent({ kind: 'starting', version });
    await expectEvent({ kind: 'jailCreated', jail: 'demo' });
    await expectEvent({ kind: 'jailStarted', jail: 'plain' });
    await expectEvent({ kind: 'logfileAdded', path: f2b.jailLogPath('demo') });
    await f2b.appendFailures('demo', '192.0.2.10', 2);
    await expectEvent({ kind: 'found', jail: 'demo', id: '192.0.2.10' });
    await expectEvent({ kind: 'ban', jail: 'demo', id: '192.0.2.10' });
    await client.jail('plain').bans.ban(['2001:db8::1', 'text with  blanks'], { allowText: true });
    await client.jail('plain').bans.unban(['2001:db8::1']);
    await expectEvent({ kind: 'ban', jail: 'plain', id: 'text with  blanks' });
    await expectEvent({ kind: 'unban', jail: 'plain', id: '2001:db8::1' });
    await client.jail('plain').filter.addIgnoreip(['192.0.2.11']);
    await f2b.appendFailures('plain', '192.0.2.11', 1);
    await expectEvent({ kind: 'ignored', jail: 'plain', id: '192.0.2.11', by: 'ip' });
    await client.jail('plain').bans.attempt('192.0.2.12');
    await expectEvent({ kind: 'attempt', jail: 'plain', id: '192.0.2.12' });
    await expect(client.request(['nonsense'])).rejects.toThrow();
    await expectEvent({ kind: 'commandFailed' });
    await client.server.flushLogs();
    await expectEvent({ kind: 'rollover', path: f2b.logPath });
    await f2b.client('reload');
    await expectEvent({ kind: 'jailReloaded', jail: 'plain' });
    await expectEvent({ kind: 'reloadFinished' });
    await f2b.restart();
    await expectEvent({ kind: 'restoreBan', jail: 'plain', id: 'text with  blanks' });
    await expectEvent({ kind: version === '1.1.1' ? 'repealBan' : 'unban', jail: 'plain', id: 'text with  blanks' });
    await expectEvent({ kind: 'jailStopped', jail: 'demo' });
    await expectEvent({ kind: 'shutdown' });
    await expectEvent({ kind: 'exited' });
  });
});
