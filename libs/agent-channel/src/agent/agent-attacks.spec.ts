import { describe, expect, it } from '@jest/globals';
import { eventually } from '@bailiff/testing';
import { MemoryPair } from '../../test/memory-pair.js';
import { seal, sealingContext } from '../envelope/envelope.js';
import { generateKeys, publicKeysOf } from '../keys/key-serialisation.js';
import { MAX_MESSAGE_BYTES } from '../messages/limits.js';
import { AgentOfflineError, OutcomeUnknownError } from '../index.js';

/** Whoever can write the agent's command stream: nothing they add may run. */
describe('an attacker who owns the wire to the agent', () => {
  async function online(): Promise<MemoryPair> {
    const pair = new MemoryPair();
    await pair.startGateway();
    await pair.startAgent();
    await eventually(() => pair.isOnline);
    return pair;
  }

  /** The bytes of the command that `call` just wrote. */
  async function captured(pair: MemoryPair): Promise<Buffer> {
    const before = pair.bytes('cmd').length;
    await pair.call('ban.add', { address: '192.0.2.1' });
    const bytes = pair.bytes('cmd')[before];
    if (bytes === undefined) throw new Error('no command was written');
    return bytes;
  }

  const forged = (pair: MemoryPair): Buffer =>
    Buffer.from(
      JSON.stringify({
        t: 'cmd',
        id: '01234567-89ab-4cde-8f01-23456789abcd',
        to: pair.id,
        sid: pair.agent.endpoint?.sid,
        iat: Date.now(),
        exp: Date.now() + 5_000,
        cmd: 'ban.add',
        args: {},
      }),
    );

  it('cannot run a command twice', async () => {
    await using pair = await online();
    const bytes = await captured(pair);
    pair.wire.inject('cmd', pair.id, bytes);
    await eventually(() => pair.agent.refusalCodes.includes('replay'));
    expect(pair.ran).toHaveLength(1);
  });

  it('cannot pass a command on to another agent', async () => {
    await using pair = await online();
    const other = pair.gateway.addAgent();
    await pair.gateway.endpoint.refresh();
    await other.start(pair.wire.agent(other.identity.agentId));
    await eventually(() => pair.gateway.endpoint.isOnline(other.identity.agentId));
    pair.wire.inject('cmd', other.identity.agentId, await captured(pair));
    await eventually(() => other.refusalCodes.includes('bad_seal'));
    expect(other.ran).toHaveLength(0);
  });

  it('cannot change a command, whichever tenth byte they flip', async () => {
    await using pair = await online();
    const bytes = await captured(pair);
    let sent = 0;
    for (let at = 0; at < bytes.length; at += 10) {
      const flipped = Buffer.from(bytes);
      flipped[at] = (flipped[at] ?? 0) ^ 0x40;
      pair.wire.inject('cmd', pair.id, flipped);
      sent += 1;
    }
    await eventually(() => pair.agent.refusals.length >= sent, { what: 'every forgery to be refused' });
    expect(new Set(pair.agent.refusalCodes)).toEqual(new Set(['bad_header', 'bad_seal']));
    expect(pair.ran).toHaveLength(1);
  });

  it('cannot forge with keys of their own, nor with the agent’s stolen ones', async () => {
    await using pair = await online();
    const mine = generateKeys(1);
    const { keys, gateway } = pair.agent.identity;
    const [pinned] = gateway;
    if (pinned === undefined) throw new Error('no gateway key');
    const own = sealingContext(mine, publicKeysOf(keys), 'g2a', pair.id, true);
    pair.wire.inject('cmd', pair.id, seal(own, mine.signing, forged(pair)));
    await eventually(() => pair.agent.refusalCodes.includes('bad_seal'));
    // With the agent's X25519 key the seal is right; only the gateway's signature is missing.
    const stolen = sealingContext(keys, pinned, 'g2a', pair.id, false);
    for (const signer of [keys.signing, mine.signing]) {
      pair.wire.inject('cmd', pair.id, seal(stolen, signer, forged(pair)));
    }
    await eventually(() => pair.agent.refusalCodes.filter((code) => code === 'bad_signature').length === 2);
    expect(pair.ran).toHaveLength(0);
  });

  it('cannot make a restarted agent run the old stream', async () => {
    await using pair = await online();
    for (let i = 0; i < 3; i += 1) await pair.call('ban.add', { i });
    const old = pair.bytes('cmd');
    await pair.agent.endpoint?.stop();
    await pair.startAgent();
    await eventually(() => pair.agent.endpoint?.isWelcomed === true);
    pair.agent.refusals.length = 0;
    for (const bytes of old) pair.wire.inject('cmd', pair.id, bytes);
    await eventually(() => pair.agent.refusals.length >= old.length);
    expect(new Set(pair.agent.refusalCodes)).toEqual(new Set(['wrong_session']));
    expect(pair.ran).toHaveLength(3);
  });

  it('cannot hold a command back until after it expired', async () => {
    await using pair = await online();
    const held: Buffer[] = [];
    pair.wire.filter = (stream, _, bytes) => stream !== 'cmd' || held.push(bytes) === 0;
    await expect(pair.call('ban.add', {}, 200)).rejects.toBeInstanceOf(OutcomeUnknownError);
    pair.wire.filter = () => true;
    for (const bytes of held) pair.wire.inject('cmd', pair.id, bytes);
    await eventually(() => pair.agent.refusalCodes.includes('expired'));
    expect(pair.ran).toHaveLength(0);
  });

  it('cannot make an agent that is away do anything later', async () => {
    await using pair = await online();
    await pair.agent.endpoint?.stop();
    await eventually(() => !pair.isOnline, { what: 'the agent to be seen offline' });
    const before = pair.bytes('cmd').length;
    await expect(pair.call('ban.add')).rejects.toBeInstanceOf(AgentOfflineError);
    expect(pair.bytes('cmd')).toHaveLength(before);
    await pair.startAgent();
    await eventually(() => pair.isOnline);
    expect(pair.ran).toHaveLength(0);
  });

  it('cannot bring it down with garbage, oversize entries and floods', async () => {
    await using pair = await online();
    pair.wire.inject('cmd', pair.id, undefined);
    pair.wire.inject('cmd', pair.id, Buffer.alloc(0));
    pair.wire.inject('cmd', pair.id, Buffer.alloc(MAX_MESSAGE_BYTES + 1, 1));
    for (let i = 0; i < 2_000; i += 1) pair.wire.inject('cmd', pair.id, Buffer.alloc(200, i));
    await eventually(() => pair.agent.refusals.length >= 2_003);
    expect(new Set(pair.agent.refusalCodes)).toEqual(new Set(['bad_message', 'bad_header', 'oversize', 'unknown_kid']));
    expect(await pair.call('read.status')).toEqual({ echo: {} });
  });

  it('cannot answer a greeting with an old welcome', async () => {
    await using pair = await online();
    const welcome = pair.bytes('cmd')[0];
    if (welcome === undefined) throw new Error('no welcome was written');
    pair.wire.inject('cmd', pair.id, welcome);
    await eventually(() => pair.agent.refusalCodes.includes('replay'));
    pair.wire.filter = (stream) => stream !== 'cmd';
    pair.wire.reconnectAgent(pair.id);
    pair.wire.inject('cmd', pair.id, welcome);
    await eventually(() => pair.agent.refusalCodes.includes('wrong_session'));
    expect(pair.agent.endpoint?.isWelcomed).toBe(false);
  });
});
