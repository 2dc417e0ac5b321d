import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, type RedisInstance, startRedis } from '@bailiff/testing';
import { Redis } from 'ioredis';
import { attackedAclLines, edgeArgs, EdgeFixture } from '../../test/edge-fixture.js';
import { createAgentId, edgeAclLines } from '../index.js';
import { passwordSha256 } from './acl.js';

/** What each user may do on Redis, tried against a real one. */
describe('edge ACL', () => {
  let redis: RedisInstance;
  let edge: EdgeFixture;
  let root: Redis;
  let a: string;
  let b: string;

  beforeAll(async () => {
    redis = await startRedis({ aclFile: attackedAclLines(), args: edgeArgs });
    edge = new EdgeFixture(redis.port);
    root = new Redis(edge.url('root'));
    a = (await edge.addAgent()).identity.agentId;
    b = (await edge.addAgent()).identity.agentId;
  });
  afterAll(async () => {
    root.disconnect();
    await edge[Symbol.asyncDispose]();
    await redis[Symbol.asyncDispose]();
  });

  const words = (line: string): string[] => line.replaceAll('<A>', a).replaceAll('<B>', b).split(' ');
  const dryRun = async (user: string, line: string): Promise<unknown> =>
    root.call('ACL', 'DRYRUN', user, ...words(line));

  it.each([
    'XREAD COUNT 64 BLOCK 5000 STREAMS bailiff:{<A>}:cmd 0-0',
    'XADD bailiff:{<A>}:out MAXLEN ~ 20000 * m x',
    'XADD bailiff:{<A>}:out MINID ~ 1-1 * m x',
  ])('lets an agent %s', async (line) => {
    expect(await dryRun(`ag-${a}`, line)).toBe('OK');
  });

  const denied = [
    // another agent's streams, and what only looks like one's own
    'XREAD STREAMS bailiff:{<B>}:cmd 0-0',
    'XREAD STREAMS bailiff:{<A>}:cmd bailiff:{<B>}:cmd 0-0 0-0',
    'XADD bailiff:{<B>}:out * m x',
    'XREAD STREAMS bailiff:{<A>0}:cmd 0-0',
    'XADD bailiff:{<A>}:out2 * m x',
    // the wrong end of one's own
    'XADD bailiff:{<A>}:cmd * m x',
    'XREAD STREAMS bailiff:{<A>}:out 0-0',
    'XRANGE bailiff:{<A>}:cmd - +',
    'XTRIM bailiff:{<A>}:out MAXLEN 0',
    'XDEL bailiff:{<A>}:out 1-1',
    'DEL bailiff:{<A>}:out',
    'EXPIRE bailiff:{<A>}:out 1',
    'SET bailiff:{<A>}:out x',
    'XGROUP CREATE bailiff:{<A>}:cmd g 0',
    'XREADGROUP GROUP g c STREAMS bailiff:{<A>}:cmd >',
    'XSETID bailiff:{<A>}:out 1-1',
    // the gateway's own keys and anything of the application
    'XADD bailiff:gw:wake * by x',
    'XREAD STREAMS bailiff:gw:wake 0-0',
    'GET session:1',
    'HGETALL bull:imports:meta',
    'LPUSH bull:imports:wait 1',
    'SET x y',
    // scripts and everything that reaches beyond keys
    'EVAL return 0',
    'EVALSHA 0123456789012345678901234567890123456789 0',
    'FCALL f 0',
    'FUNCTION LIST',
    'SCRIPT FLUSH',
    'KEYS *',
    'SCAN 0',
    'RANDOMKEY',
    'MONITOR',
    'SUBSCRIBE c',
    'PSUBSCRIBE *',
    'PUBLISH c x',
    'CONFIG GET *',
    'ACL LIST',
    'ACL WHOAMI',
    'CLIENT LIST',
    'CLIENT KILL TYPE normal',
    'INFO',
    'FLUSHALL',
    'FLUSHDB',
    'SHUTDOWN',
    'SAVE',
    'SELECT 1',
    'SLOWLOG GET',
    'DUMP bailiff:{<A>}:cmd',
    'RESTORE bailiff:{<A>}:out 0 x',
    'MIGRATE 127.0.0.1 6379 k 0 1000',
    'REPLICAOF 127.0.0.1 6379',
    'DEBUG SLEEP 1',
    'MODULE LIST',
    'MEMORY USAGE bailiff:{<A>}:out',
    'MULTI',
    'WAIT 1 0',
  ].map((line) => ({ line }));

  it.each(denied)('does not let an agent $line', async ({ line }) => {
    // A command whose arguments Redis finds wrong before it looks at rights would prove nothing.
    expect(await dryRun(`ag-${a}`, line).catch((error: unknown) => String(error))).toMatch(
      /has no permissions|no permission|can't run/i,
    );
  });

  it('refuses the same live, and the refusals are seen', async () => {
    await edge.provisioner.pollAclLog();
    const agent = new Redis({
      port: redis.port,
      username: `ag-${a}`,
      password: `ag-${a}`,
      enableReadyCheck: false,
      disableClientInfo: true,
      protocol: 2,
    });
    try {
      for (const { line } of denied) {
        const [command = '', ...args] = words(line);
        await expect(agent.call(command, ...args)).rejects.toThrow(/NOPERM|DEBUG command not allowed/);
      }
    } finally {
      agent.disconnect();
    }
    const denials = await edge.provisioner.pollAclLog();
    expect(denials.length).toBeGreaterThan(20);
    expect(new Set(denials.map((denial) => denial.agentId))).toEqual(new Set([a]));
    expect(denials.map((denial) => denial.object)).toContain(`bailiff:{${b}}:out`);
    expect(await edge.provisioner.pollAclLog()).toEqual([]);
  });

  it.each([
    ['gw', 'XADD bailiff:{<A>}:cmd * m x', true],
    ['gw', 'XREAD STREAMS bailiff:gw:wake bailiff:{<A>}:out bailiff:{<B>}:out 0 0 0', true],
    ['gw', 'MEMORY USAGE bailiff:{<A>}:out SAMPLES 0', true],
    ['gw', 'DEL bailiff:{<A>}:out bailiff:{<A>}:cmd', true],
    ['gw', 'XADD bailiff:{<A>}:out * m x', false],
    ['gw', 'ACL SETUSER x on', false],
    ['gw', 'FLUSHALL', false],
    ['gw', 'DEL session:1', false],
    ['prov', 'ACL SETUSER x on', true],
    ['prov', 'XADD bailiff:{<A>}:cmd * m x', false],
    ['prov', 'ACL LIST', false],
    ['default', 'PING', false],
  ])('as %s, %s: %s', async (user, line, isAllowed) => {
    expect((await dryRun(user, line)) === 'OK').toBe(isAllowed);
  });

  it('never lets an id or a password hash become a rule of its own', async () => {
    const hash = passwordSha256('x');
    for (const id of ['*', '', `${a}\n`, `${a} ~*`, a.toUpperCase(), `${a}0`]) {
      await expect(edge.provisioner.provision(id, hash)).rejects.toMatchObject({ code: 'agent/bad-id' });
    }
    for (const bad of ['', 'nopass', `${hash} ~*`, hash.toUpperCase(), `>${hash}`]) {
      await expect(edge.provisioner.provision(a, bad)).rejects.toMatchObject({ code: 'edge/bad-password-hash' });
      expect(() => edgeAclLines({ gatewayPasswordSha256: bad, provisionerPasswordSha256: hash })).toThrow();
    }
    expect(await root.call('ACL', 'USERS')).toHaveLength(6);
  });

  it('lets an agent’s password be changed in two steps, both valid in between', async () => {
    const agentId = createAgentId();
    const [old, next] = [passwordSha256('old'), passwordSha256('next')];
    const user = `ag-${agentId}`;
    const auth = async (password: string): Promise<void> => {
      const connection = root.duplicate();
      await connection.call('AUTH', user, password).finally(() => connection.disconnect());
    };
    const tries = async (): Promise<string[]> =>
      (await Promise.allSettled(['old', 'next'].map(auth))).map(({ status }) => status);
    await edge.provisioner.provision(agentId, old);
    expect(await tries()).toEqual(['fulfilled', 'rejected']);
    await edge.provisioner.addPassword(agentId, next);
    expect(await tries()).toEqual(['fulfilled', 'fulfilled']);
    await edge.provisioner.dropPassword(agentId, old);
    expect(await tries()).toEqual(['rejected', 'fulfilled']);
    await edge.provisioner.revoke(agentId);
  });

  it('survives a restart of Redis, and a revoked agent does not come back with it', async () => {
    const gone = createAgentId();
    await edge.provisioner.provision(gone, passwordSha256('gone'));
    const live = connect(redis.port, '127.0.0.1');
    live.write(`AUTH ag-${gone} gone\r\nXADD bailiff:{${gone}}:out * m x\r\n`);
    let said = '';
    live.on('data', (data) => (said += data.toString()));
    await eventually(() => /^\+OK\r\n\$\d+\r\n\d+-\d+\r\n$/.test(said));
    const closed = new Promise((resolve) => live.once('close', resolve));
    await edge.provisioner.revoke(gone);
    await closed;
    await redis.stop();
    await redis.start();
    const users = await eventually(() => root.call('ACL', 'USERS'));
    expect(users).toContain(`ag-${a}`);
    expect(users).not.toContain(`ag-${gone}`);
  });
});

it('works on a Redis without an aclfile, where nothing can be saved', async () => {
  await using redis = await startRedis();
  const { AclProvisioner } = await import('../index.js');
  const provisioner = new AclProvisioner({ url: redis.url });
  const agentId = createAgentId();
  await provisioner.provision(agentId, passwordSha256('x'));
  await provisioner.quarantine(agentId);
  await provisioner.release(agentId);
  await provisioner.revoke(agentId);
  await provisioner.close();
});
