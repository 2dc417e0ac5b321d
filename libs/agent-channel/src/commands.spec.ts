import { describe, expect, it } from '@jest/globals';
import { eventually } from '@bailiff/testing';
import { MemoryPair } from '../test/memory-pair.js';
import {
  generateKeys,
  type GatewayPublicKeys,
  OutcomeUnknownError,
  serialisePublicKeys,
  publicKeysOf,
} from './index.js';

async function online(extra: Parameters<MemoryPair['startAgent']>[0] = {}): Promise<MemoryPair> {
  const pair = new MemoryPair();
  await pair.startGateway();
  await pair.startAgent(extra);
  await eventually(() => pair.isOnline);
  return pair;
}

/** A command that runs until told to end. */
function gate(): { open: () => void; opened: Promise<void> } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { open, opened };
}

describe('commands', () => {
  it('run mutations one at a time in order, and at most four reads beside them', async () => {
    await using pair = await online();
    let reads = 0;
    let mutations = 0;
    const most = { reads: 0, mutations: 0, together: 0 };
    const order: unknown[] = [];
    pair.agent.run = async ({ cmd, args }) => {
      const isRead = cmd.startsWith('read.');
      if (isRead) reads += 1;
      else {
        mutations += 1;
        order.push(args);
      }
      most.reads = Math.max(most.reads, reads);
      most.mutations = Math.max(most.mutations, mutations);
      most.together = Math.max(most.together, reads + mutations);
      for (let i = 0; i < 5; i += 1) await new Promise((resolve) => setImmediate(resolve));
      if (isRead) reads -= 1;
      else mutations -= 1;
    };
    const calls = Array.from({ length: 30 }, (_, i) => [pair.call('ban.add', i), pair.call('read.status', i)]);
    await Promise.all(calls.flat());
    expect(most).toEqual({ reads: 4, mutations: 1, together: 5 });
    expect(order).toEqual(Array.from({ length: 30 }, (_, i) => i));
  });

  it('answer with an internal error, and no detail, when the agent’s own code fails', async () => {
    await using pair = await online();
    pair.agent.run = () => Promise.reject(new TypeError('/root/secret.json is not a function'));
    const error: unknown = await pair.call('read.status').catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'agent/internal', kind: 'bug' });
    expect(JSON.stringify(error)).not.toContain('secret');
    expect(pair.agent.errors).toHaveLength(1);
  });

  it('answer with an error when the result is too large or no JSON', async () => {
    await using pair = await online();
    pair.agent.run = () => Promise.resolve('x'.repeat(9 * 1024 * 1024));
    await expect(pair.call('read.file')).rejects.toMatchObject({ code: 'channel/too-large' });
    pair.agent.run = () => Promise.resolve(1n);
    await expect(pair.call('read.file')).rejects.toMatchObject({ code: 'agent/internal' });
  });

  it('stop when their caller aborts: a running one by its signal, a waiting one never begins', async () => {
    await using pair = await online();
    const aborted: string[] = [];
    pair.agent.run = ({ cmd }, signal) =>
      new Promise((_, reject) => {
        signal.addEventListener('abort', () => {
          aborted.push(cmd);
          reject(new Error('aborted'));
        });
      });
    const controllers = [new AbortController(), new AbortController()];
    const calls = controllers.map(({ signal }, i) =>
      pair.gateway.endpoint.call(pair.id, `ban.add${i}`, {}, { signal }).catch((error: unknown) => error),
    );
    await eventually(() => pair.ran.length === 1);
    for (const controller of controllers.reverse()) controller.abort();
    for (const call of calls) expect(await call).toBeInstanceOf(OutcomeUnknownError);
    await eventually(() => aborted.length === 1);
    await pair.call('read.ping', {}, 1_000).catch(() => undefined);
    expect(pair.ran.map(({ cmd }) => cmd)).toEqual(['ban.add0', 'read.ping']);
  });

  it('that wait past their expiry are refused at the head of the queue', async () => {
    await using pair = await online();
    const { open, opened } = gate();
    pair.agent.run = () => opened;
    const first = pair.call('ban.add', 1);
    const second = pair.call('ban.add', 2, 100);
    const isOver = expect(second).rejects.toMatchObject({ code: 'channel/expired' });
    await eventually(() => pair.ran.length === 1);
    const began = performance.now();
    await eventually(() => performance.now() - began > 150);
    open();
    await first;
    await isOver;
    expect(pair.ran).toHaveLength(1);
  });

  it('over the rate are refused, the rest go on', async () => {
    await using pair = await online({ rate: { perSecond: 0.001, burst: 10 } });
    const results = await Promise.allSettled(Array.from({ length: 15 }, (_, i) => pair.call('ban.add', i)));
    const refused = results.filter((result) => result.status === 'rejected');
    expect(refused.length).toBeGreaterThanOrEqual(5);
    for (const { reason } of refused) expect(reason).toMatchObject({ code: 'channel/rate' });
    expect(pair.ran).toHaveLength(15 - refused.length);
  });

  it('are not run when they cannot be journaled', async () => {
    await using pair = await online();
    pair.agent.journal.begin = () => Promise.reject(new Error('disk full'));
    await expect(pair.call('ban.add')).rejects.toMatchObject({ code: 'channel/journal' });
    expect(pair.ran).toHaveLength(0);
  });

  it('get their answer in the next session when the wire was cut meanwhile', async () => {
    await using pair = await online();
    const { open, opened } = gate();
    pair.agent.run = () => opened.then(() => 'done');
    const call = pair.call('ban.add');
    await eventually(() => pair.ran.length === 1);
    pair.wire.reconnectAgent(pair.id);
    open();
    expect(await call).toBe('done');
    expect(pair.ran).toHaveLength(1);
  });

  it('whose answer was lost get it again in the next session, without running again', async () => {
    await using pair = await online();
    pair.agent.run = () => {
      pair.swallowNext('out');
      return Promise.resolve('done');
    };
    expect(await pair.call('ban.add')).toBe('done');
    expect(pair.alarms).toEqual(['gap']);
    expect(pair.ran).toHaveLength(1);
  });

  it('lost before the agent read them fail as never run, once the agent says so', async () => {
    await using pair = await online();
    pair.swallowNext('cmd');
    const call = pair.call('ban.add');
    pair.wire.reconnectAgent(pair.id);
    await expect(call).rejects.toMatchObject({ code: 'agent/offline' });
    expect(pair.ran).toHaveLength(0);
  });

  it('interrupted by the agent’s death have an unknown outcome, never a failure', async () => {
    await using pair = await online();
    pair.agent.run = () => new Promise(() => undefined);
    const call = pair.call('ban.add');
    await eventually(() => pair.ran.length === 1);
    // A killed process answers nothing any more: a new one takes its place, with the same journal.
    const killed = pair.agent.endpoint;
    await pair.startAgent();
    await expect(call).rejects.toMatchObject({ code: 'agent/outcome-unknown' });
    expect(pair.ran).toHaveLength(1);
    await killed?.stop();
  });
});

describe('presence', () => {
  it('is lost when heartbeats stop, and calls then fail with nothing sent', async () => {
    await using pair = await online();
    await pair.agent.endpoint?.stop();
    await eventually(() => pair.gateway.presence.at(-1)?.online === false);
    const before = pair.bytes('cmd').length;
    await expect(pair.call('read.status')).rejects.toMatchObject({ code: 'agent/offline' });
    expect(pair.bytes('cmd')).toHaveLength(before);
    await pair.startAgent();
    await eventually(() => pair.gateway.presence.at(-1)?.online === true);
    expect(pair.gateway.presence.map(({ online }) => online)).toEqual([true, false, true]);
  });

  it('is not reported lost while a session is renewed', async () => {
    await using pair = await online();
    for (let session = 2; session <= 4; session += 1) {
      pair.wire.reconnectAgent(pair.id);
      await eventually(() => pair.agent.sessions.length === session && pair.isOnline);
    }
    expect(pair.gateway.presence.map(({ online: isOnline }) => isOnline)).toEqual([true]);
  });

  it('comes back to a restarted gateway without a new session', async () => {
    await using pair = await online();
    const { sid } = pair.agent.endpoint ?? { sid: '' };
    await pair.gateway.endpoint.stop();
    await pair.startGateway();
    await eventually(() => pair.isOnline);
    expect(await pair.call('read.status')).toEqual({ echo: {} });
    expect(pair.agent.endpoint?.sid).toBe(sid);
    expect(pair.alarms).toEqual([]);
  });
});

describe('storing', () => {
  it('is tried again until it works; nothing is acknowledged before', async () => {
    await using pair = await online();
    let failures = 0;
    pair.gateway.beforeStore = ({ events }) => {
      if (events.length === 0 || failures >= 3) return Promise.resolve();
      failures += 1;
      return Promise.reject(new Error('database is locked'));
    };
    const seq = await pair.agent.endpoint?.sendEvent('ban', { row: 1 });
    await eventually(() => pair.agent.acks.some((ack) => ack.seq >= (seq ?? Infinity)));
    expect(failures).toBe(3);
    expect(pair.alarms).toEqual(['store_failed']);
    expect(pair.gateway.events(pair.id)).toEqual([{ kind: 'ban', body: { row: 1 } }]);
  });

  it('that never works makes the agent begin anew, and everything comes again', async () => {
    await using pair = await online({ ackTimeoutMs: 400 });
    let isDown = true;
    pair.gateway.beforeStore = () => (isDown ? Promise.reject(new Error('down')) : Promise.resolve());
    await pair.agent.endpoint?.sendEvent('ban', { row: 1 });
    await eventually(() => pair.agent.endpoint?.isWelcomed === false);
    isDown = false;
    await eventually(() => pair.agent.sessions.length === 2);
    expect(pair.gateway.events(pair.id)).toEqual([{ kind: 'ban', body: { row: 1 } }]);
  });
});

describe('key rotation', () => {
  it('makes an agent trust the next key, under the old one, and use it', async () => {
    let trusted: readonly GatewayPublicKeys[] = [];
    await using pair = await online({
      trust: (keys) => {
        trusted = keys;
        return Promise.resolve();
      },
    });
    const next = generateKeys(2);
    pair.gateway.endpoint.useKeys({ current: 2, all: [next, ...pair.gateway.keys.all] });
    await eventually(() => trusted.length === 2);
    expect(trusted.map(({ kid }) => kid)).toEqual([2, 1]);
    expect(trusted[1]?.validUntil).toBeGreaterThan(Date.now());
    await eventually(() => pair.bytes('out').at(-1)?.[1] === 0x21, { what: 'the agent to use the new key' });
    expect(await pair.call('read.status')).toEqual({ echo: {} });
    expect(pair.bytes('cmd').at(-1)?.[1]).toBe(0x21);
    // The old pair may go now.
    pair.gateway.endpoint.useKeys({ current: 2, all: [next] });
    expect(await pair.call('read.status')).toEqual({ echo: {} });
    expect(pair.alarms).toEqual([]);
  });

  it('is refused by an agent that does not allow it, or when the id is taken', async () => {
    await using pair = await online();
    const keys = serialisePublicKeys(publicKeysOf(generateKeys(2)));
    await expect(pair.call('key.rotate', keys)).rejects.toMatchObject({ code: 'channel/rotation-refused' });
    await using open = await online({ trust: () => Promise.resolve() });
    await expect(open.call('key.rotate', { ...keys, kid: 1 })).rejects.toMatchObject({ code: 'channel/bad-key' });
    await expect(open.call('key.rotate', { kid: 2 })).rejects.toMatchObject({ code: 'channel/bad-key' });
  });
});
