import { tempDir } from '@bailiff/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';

import { SupervisedChild } from './child.ts';
import { DataDir } from './data-dir.ts';
import { preparePrivateRedis, type PrivateRedis } from './private-redis.ts';

describe(preparePrivateRedis.name, () => {
  let dir: Awaited<ReturnType<typeof tempDir>>;
  let data: DataDir;
  let redis: PrivateRedis;
  let child: SupervisedChild;

  const start = async () => {
    redis = await preparePrivateRedis(data);
    child = new SupervisedChild(redis.plan, () => undefined);
    await child.start();
  };
  const as = async <T>(url: string, use: (client: Redis) => Promise<T>): Promise<T> => {
    const client = new Redis(url, { enableReadyCheck: false, maxRetriesPerRequest: 0, retryStrategy: () => null });
    client.on('error', () => undefined);
    try {
      return await use(client);
    } finally {
      client.disconnect();
    }
  };

  beforeEach(async () => {
    dir = await tempDir('bailiff-redis-');
    data = DataDir.open(dir.path);
    data.folder('logs');
    await start();
  });
  afterEach(async () => {
    await child.stop();
    await dir[Symbol.asyncDispose]();
  });

  it('lets nobody in without a user', async () => {
    await expect(as(redis.publicUrl, (client) => client.ping())).rejects.toThrow(/NOAUTH/);
  });

  it('keeps queue and edge apart', async () => {
    const stream = 'bailiff:{0123456789abcdef}:cmd';
    await expect(as(redis.internalUrl, (client) => client.set('bull:jobs:meta', '1'))).resolves.toBe('OK');
    await expect(as(redis.internalUrl, (client) => client.xadd(stream, '*', 'b', '1'))).rejects.toThrow(/NOPERM/);
    await expect(as(redis.edgeUrl, (client) => client.xadd(stream, '*', 'b', '1'))).resolves.toMatch(/-0$/);
    await expect(as(redis.edgeUrl, (client) => client.get('bull:jobs:meta'))).rejects.toThrow(/NOPERM/);
  });

  it('keeps transactions, agents and port when it starts again after kill -9', async () => {
    // BullMQ's scripts end up as transactions in the append-only file.
    await as(redis.internalUrl, (client) => client.multi().set('bull:a', '1').set('bull:b', '2').exec());
    await as(redis.provisionUrl, async (client) => {
      await client.call('ACL', 'SETUSER', 'ag-0123456789abcdef', 'on', `#${'a'.repeat(64)}`, 'resetchannels', '-@all');
      await client.call('ACL', 'SAVE');
    });
    const before = redis;
    process.kill(child.identity!.pid, 'SIGKILL');
    await child.stop();
    await start();
    expect(redis.publicUrl).toBe(before.publicUrl);
    expect(await as(before.internalUrl, (client) => client.mget('bull:a', 'bull:b'))).toEqual(['1', '2']);
    await expect(
      as(redis.publicUrl.replace('//', '//ag-0123456789abcdef:wrong@'), (client) => client.ping()),
    ).rejects.toThrow(/WRONGPASS|NOAUTH/);
    const log = await as(redis.provisionUrl, (client) => client.call('ACL', 'LOG'));
    expect(JSON.stringify(log)).toContain('ag-0123456789abcdef');
  });
});
