import { describe, expect, it } from '@jest/globals';
import { testedFail2banVersions, eventually, startFail2ban, type Fail2banInstance } from '@bailiff/testing';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { Fail2banClient } from '../fail2ban-client.js';
import { RequestDispatcher } from './request-dispatcher.js';

/** Opens connections to a stopped server until its backlog takes no more. */
async function fillBacklog(f2b: Fail2banInstance): Promise<Socket[]> {
  const sockets: Socket[] = [];
  for (;;) {
    const socket = connect({ path: f2b.socketPath });
    const failed = await Promise.race([
      once(socket, 'connect').then(() => undefined),
      once(socket, 'error').then(([error]) => error as NodeJS.ErrnoException),
    ]).catch((error: unknown) => error as NodeJS.ErrnoException);
    if (failed === undefined) sockets.push(socket);
    else {
      expect(failed.code).toBe('EAGAIN');
      return sockets;
    }
  }
}

describe.each(testedFail2banVersions)(`${RequestDispatcher.name} and fail2ban %s`, (version) => {
  it('serves 200 requests at once without an error', async () => {
    await using f2b = await startFail2ban({ version, jails: { demo: {} } });
    await using client = new Fail2banClient({ socketPath: f2b.socketPath });
    const replies = await Promise.all(Array.from({ length: 200 }, (_, i) => client.server.echo([`n${i}`])));
    expect(replies).toEqual(Array.from({ length: 200 }, (_, i) => [`n${i}`]));
  });

  it('takes a server that is not served any more for busy, not for away, and goes on when it is', async () => {
    await using f2b = await startFail2ban({ version, jails: { demo: {} } });
    await using client = new Fail2banClient({ socketPath: f2b.socketPath, connectPatienceMs: 0 });
    process.kill(f2b.pid, 'SIGSTOP');
    const sockets = await fillBacklog(f2b);
    try {
      await expect(client.server.ping({ timeoutMs: 200 })).rejects.toMatchObject({ code: 'fail2ban/busy' });
      const ping = client.server.ping({ timeoutMs: 30_000 });
      process.kill(f2b.pid, 'SIGCONT');
      await ping;
    } finally {
      process.kill(f2b.pid, 'SIGCONT');
      for (const socket of sockets) socket.destroy();
    }
  });

  it('gives up on a server that hangs, and uses it again when it does not', async () => {
    await using f2b = await startFail2ban({ version, jails: { demo: {} } });
    await using client = new Fail2banClient({ socketPath: f2b.socketPath });
    await client.server.ping();
    process.kill(f2b.pid, 'SIGSTOP');
    try {
      await expect(client.server.ping({ timeoutMs: 100 })).rejects.toMatchObject({ code: 'fail2ban/reply-timeout' });
    } finally {
      process.kill(f2b.pid, 'SIGCONT');
    }
    expect(await client.server.echo(['still there'], { timeoutMs: 10_000 })).toEqual(['still there']);
  });

  it('survives kill -9 and a restart of the server in the middle of a bulk ban', async () => {
    await using f2b = await startFail2ban({ version, jails: { demo: {} } });
    await using client = new Fail2banClient({ socketPath: f2b.socketPath });
    const ids = Array.from({ length: 250 }, (_, i) => `203.0.113.${i}`);
    let done = 0;
    const bulk = client.jail('demo').bans.ban(ids, { onProgress: (progress) => ({ done } = progress) });
    const outcome = bulk.catch((error: unknown) => error);
    await eventually(() => expect(done).toBeGreaterThan(0));
    await f2b.kill();
    expect(await outcome).toMatchObject({ code: 'fail2ban/unreachable' });
    await f2b.start();
    const { requested } = await client.jail('demo').bans.ban(ids);
    expect(requested).toBe(250);
    expect(new Set(await client.jail('demo').bans.list())).toEqual(new Set(ids));
  });

  it('notices at once that a stopped server is gone', async () => {
    await using f2b = await startFail2ban({ version, jails: { demo: {} } });
    await using client = new Fail2banClient({ socketPath: f2b.socketPath, connectPatienceMs: 0 });
    await client.server.ping();
    await f2b.stop();
    await eventually(() => expect(client.isConnected).toBe(false));
    await expect(client.server.ping()).rejects.toMatchObject({ code: 'fail2ban/unreachable', isSent: false });
  });
});
