import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { eventually } from '../core/eventually.js';
import { startRedis } from './start-redis.js';

/** One exchange in Redis's inline form: a simple reply or error with its sign, or a string without its length. */
async function ask(port: number, command: string): Promise<string> {
  const socket = connect(port, '127.0.0.1').setEncoding('utf8');
  try {
    socket.write(`${command}\r\n`);
    let reply = '';
    while (!isWhole(reply)) reply += ((await once(socket, 'data')) as [string])[0];
    return reply.trim().replace(/^\$\d+\r\n/, '');
  } finally {
    socket.destroy();
  }
}

function isWhole(reply: string): boolean {
  const [, length] = /^\$(\d+)\r\n/.exec(reply) ?? [];
  if (length !== undefined) return Buffer.byteLength(reply) >= `$${length}\r\n\r\n`.length + Number(length);
  return reply.endsWith('\r\n');
}

const backend = process.env['TEST_BACKEND'];
afterEach(() => {
  if (backend === undefined) delete process.env['TEST_BACKEND'];
  else process.env['TEST_BACKEND'] = backend;
});

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
    await redis.stop();
    expect(redis.isRunning).toBe(false);
    await redis.start();
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

  it('keeps what a persistent one had on disk when it was killed', async () => {
    await using redis = await startRedis({ persistent: true });
    await ask(redis.port, 'SET colour green');
    // WAITAOF (7.2) would be the short way; a rewritten file is on disk in every version.
    await ask(redis.port, 'BGREWRITEAOF');
    await eventually(async () =>
      expect(await ask(redis.port, 'INFO persistence')).toContain('aof_rewrite_in_progress:0'),
    );
    await redis.kill();
    await redis.start();
    expect(await ask(redis.port, 'GET colour')).toBe('green');
  });

  it('runs as a process with a pid of its own when told so', async () => {
    process.env['TEST_BACKEND'] = 'process';
    await using redis = await startRedis();
    const before = redis.pid;
    await redis.kill();
    expect(() => redis.pid).toThrow('not running');
    await redis.start();
    expect(redis.pid).not.toBe(before);
  });
});
