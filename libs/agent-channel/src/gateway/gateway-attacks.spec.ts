import { describe, expect, it } from '@jest/globals';
import { eventually } from '@bailiff/testing';
import { MemoryPair } from '../../test/memory-pair.js';
import { TestOutbox } from '../../test/test-outbox.js';
import { seal, sealingContext } from '../envelope/envelope.js';
import { generateKeys } from '../keys/key-serialisation.js';
import { MAX_MESSAGE_BYTES } from '../messages/limits.js';

/** Whoever can write or delete in the agent's stream: nothing they add is stored, nothing they take goes unnoticed. */
describe('an attacker who owns the wire to the gateway', () => {
  async function online(): Promise<{ pair: MemoryPair; outbox: TestOutbox }> {
    const pair = new MemoryPair();
    await pair.startGateway();
    await pair.startAgent();
    const { endpoint } = pair.agent;
    if (endpoint === undefined) throw new Error('no agent');
    const outbox = new TestOutbox(endpoint);
    await eventually(() => pair.isOnline);
    return { pair, outbox };
  }

  const rows = (pair: MemoryPair): unknown[] => pair.gateway.events(pair.id).map((event) => event.body);

  /** Adds a row and returns the bytes that carried it. */
  async function sent({ pair, outbox }: { pair: MemoryPair; outbox: TestOutbox }, row: number): Promise<Buffer> {
    const before = pair.bytes('out').length;
    outbox.add(row);
    const bytes = pair.bytes('out')[before];
    if (bytes === undefined) throw new Error('no event was written');
    await eventually(() => outbox.rows.length === 0, { what: 'the event to be acknowledged' });
    return bytes;
  }

  it('cannot have an event counted twice', async () => {
    const one = await online();
    await using pair = one.pair;
    pair.wire.inject('out', pair.id, await sent(one, 1));
    await eventually(() => pair.alarms.includes('replay'));
    expect(rows(pair)).toEqual([{ row: 1 }]);
  });

  it('cannot give one agent’s event out for another’s', async () => {
    const one = await online();
    await using pair = one.pair;
    const other = pair.gateway.addAgent().identity.agentId;
    await pair.gateway.endpoint.refresh();
    pair.wire.inject('out', other, await sent(one, 1));
    await eventually(() => pair.gateway.alarmCodes(other).includes('bad_seal'));
    expect(pair.gateway.events(other)).toEqual([]);
  });

  it('cannot forge an event, unsigned, with own keys or with half of the agent’s', async () => {
    const { pair: opened } = await online();
    await using pair = opened;
    const { keys, gateway } = pair.agent.identity;
    const [pinned] = gateway;
    if (pinned === undefined) throw new Error('no gateway key');
    const event = { t: 'evt', from: pair.id, sid: pair.agent.endpoint?.sid, seq: 9, at: 1, kind: 'ban', body: {} };
    const json = Buffer.from(JSON.stringify(event));
    const mine = generateKeys(keys.kid);
    pair.wire.inject('out', pair.id, json);
    pair.wire.inject('out', pair.id, seal(sealingContext(mine, pinned, 'a2g', pair.id, false), mine.signing, json));
    pair.wire.inject('out', pair.id, seal(sealingContext(keys, pinned, 'a2g', pair.id, false), mine.signing, json));
    await eventually(() => pair.alarms.length >= 3);
    expect(pair.alarms).toEqual(['bad_header', 'bad_seal', 'bad_signature']);
    expect(rows(pair)).toEqual([]);
  });

  it('cannot take an event out of the middle: alarm, new session, sent again', async () => {
    const { pair: opened, outbox } = await online();
    await using pair = opened;
    const session = pair.agent.endpoint?.sid;
    pair.swallowNext('out');
    outbox.add(1);
    outbox.add(2);
    await eventually(() => outbox.rows.length === 0);
    expect(pair.alarms).toEqual(['gap']);
    expect(pair.agent.endpoint?.sid).not.toBe(session);
    expect(rows(pair)).toEqual([{ row: 1 }, { row: 2 }]);
  });

  it('cannot take the last event: the next heartbeat shows it', async () => {
    const { pair: opened, outbox } = await online();
    await using pair = opened;
    pair.swallowNext('out');
    outbox.add(1);
    await eventually(() => outbox.rows.length === 0);
    expect(pair.alarms).toEqual(['gap']);
    expect(rows(pair)).toEqual([{ row: 1 }]);
  });

  it('cannot swap two events unnoticed', async () => {
    const { pair: opened, outbox } = await online();
    await using pair = opened;
    let held: Buffer | undefined;
    pair.wire.filter = (stream, _, bytes) => {
      if (stream !== 'out' || held !== undefined) return true;
      held = bytes;
      return false;
    };
    outbox.add(1);
    outbox.add(2);
    if (held === undefined) throw new Error('nothing was held');
    pair.wire.inject('out', pair.id, held);
    await eventually(() => outbox.rows.length === 0);
    expect(pair.alarms).toEqual(['gap']);
    expect(rows(pair)).toEqual([{ row: 1 }, { row: 2 }]);
  });

  it('cannot begin a session with an old hello', async () => {
    const { pair: opened } = await online();
    await using pair = opened;
    const hello = pair.bytes('out')[0];
    if (hello === undefined) throw new Error('no hello was written');
    pair.wire.inject('out', pair.id, hello);
    await eventually(() => pair.alarms.includes('hello_replay'));
    pair.wire.reconnectAgent(pair.id);
    await eventually(() => pair.agent.sessions.length === 2 && pair.isOnline);
    pair.gateway.alarms.length = 0;
    pair.wire.inject('out', pair.id, hello);
    await pair.call('read.status');
    expect(pair.agent.endpoint?.sid).toBe(pair.agent.sessions[1]);
    expect(pair.gateway.sessions.get(pair.id)?.boot).toBe(2);
  });

  it('cannot make a restarted gateway believe an old stream', async () => {
    const one = await online();
    await using pair = one.pair;
    await sent(one, 1);
    const old = pair.bytes('out');
    await pair.gateway.endpoint.stop();
    pair.gateway.alarms.length = 0;
    for (const bytes of old) pair.wire.inject('out', pair.id, bytes);
    await pair.startGateway();
    await eventually(() => pair.alarms.includes('hello_replay') && pair.alarms.includes('replay'));
    await eventually(() => pair.isOnline);
    expect(rows(pair)).toEqual([{ row: 1 }]);
  });

  it('cannot keep it from going on with garbage, oversize entries and floods, one alarm for each kind', async () => {
    const one = await online();
    await using pair = one.pair;
    pair.wire.inject('out', pair.id, undefined);
    pair.wire.inject('out', pair.id, Buffer.alloc(MAX_MESSAGE_BYTES + 1, 1));
    for (let i = 0; i < 500; i += 1) pair.wire.inject('out', pair.id, Buffer.alloc(200, 7));
    await sent(one, 1);
    expect(pair.alarms).toEqual(['garbage', 'oversize', 'bad_header']);
    expect(rows(pair)).toEqual([{ row: 1 }]);
  });

  it('cannot have presence forged by an old stream', async () => {
    const { pair: opened } = await online();
    await using pair = opened;
    await pair.agent.endpoint?.stop();
    await pair.gateway.endpoint.stop();
    pair.gateway.sessions.clear();
    pair.gateway.presence.length = 0;
    await pair.startGateway();
    await eventually(() => pair.gateway.sessions.get(pair.id)?.boot === 1);
    expect(pair.isOnline).toBe(false);
    expect(pair.gateway.presence).toEqual([]);
  });
});
