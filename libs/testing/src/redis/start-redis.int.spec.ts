import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { startRedis } from './start-redis.js';

/** One exchange in Redis's inline form; the reply's first line. */
async function ask(port: number, command: string): Promise<string> {
  const socket = connect(port, '127.0.0.1').setEncoding('utf8');
  try {
    socket.write(`${command}\r\n`);
    const [reply] = (await once(socket, 'data')) as [string];
    return (
      reply
        .split('\r\n')
        .filter((line) => line !== '')
        .at(-1) ?? ''
    );
  } finally {
    socket.destroy();
  }
}

describe(startRedis, () => {
  it('takes connections on its own port and is gone after its scope', async () => {
    let port: number;
    {
      await using redis = await startRedis();
      port = redis.port;
      expect(await ask(port, 'PING')).toBe('+PONG');
    }
    await expect(ask(port, 'PING')).rejects.toThrow('ECONNREFUSED');
  });

  it('finds its data again after stop and start when persistent', async () => {
    await using redis = await startRedis({ persistent: true });
    await ask(redis.port, 'SET colour green');
    const before = redis.pid;
    await redis.stop();
    expect(redis.isRunning).toBe(false);
    await redis.start();
    expect(redis.pid).not.toBe(before);
    expect(await ask(redis.port, 'GET colour')).toBe('green');
  });

  it('forgets everything after kill when not persistent', async () => {
    await using redis = await startRedis();
    await ask(redis.port, 'SET colour green');
    await redis.kill();
    await redis.start();
    expect(await ask(redis.port, 'GET colour')).toBe('$-1');
  });

  it('obeys the ACL lines it was given', async () => {
    await using redis = await startRedis({
      aclFile: ['user default on nopass ~* +@all -set', 'user edge on >pw ~edge:* +get'],
    });
    expect(await ask(redis.port, 'SET colour green')).toMatch(/^-NOPERM/);
    expect(await ask(redis.port, 'AUTH edge pw')).toBe('+OK');
  });
});
