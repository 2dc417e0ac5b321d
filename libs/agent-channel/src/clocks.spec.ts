import { describe, expect, it } from '@jest/globals';
import { eventually } from '@bailiff/testing';
import { ManualClock } from '../test/manual-clock.js';
import { MemoryPair } from '../test/memory-pair.js';
import { systemClock } from './time/clock.js';

/** Real time plus what the test adds. */
class ShiftedClock extends ManualClock {
  override wallMs(): number {
    return systemClock.wallMs() + this.wall;
  }

  override monotonicMs(): number {
    return systemClock.monotonicMs() + this.monotonic;
  }
}

const shifted = (): ShiftedClock => Object.assign(new ShiftedClock(), { wall: 0 });

describe('clocks', () => {
  it('that are hours off on the host do no harm', async () => {
    await using pair = new MemoryPair();
    const clock = shifted();
    clock.wall = -7 * 3_600_000;
    await pair.startGateway();
    await pair.startAgent({ clock });
    await eventually(() => pair.isOnline);
    expect(await pair.call('ban.add')).toEqual({ echo: {} });
    expect(pair.agent.refusals).toEqual([]);
  });

  it('are not set by a welcome that was held back, which only leads to another greeting', async () => {
    await using pair = new MemoryPair();
    const clock = shifted();
    const held: Buffer[] = [];
    pair.wire.filter = (stream, _, bytes) => stream !== 'cmd' || held.push(bytes) === 0;
    await pair.startGateway();
    await pair.startAgent({ clock });
    await eventually(() => held.length > 0);
    pair.wire.filter = () => true;
    clock.advance(5_001);
    for (const bytes of held) pair.wire.inject('cmd', pair.id, bytes);
    await eventually(() => pair.agent.refusalCodes.includes('late_welcome'));
    await eventually(() => pair.isOnline);
    expect(await pair.call('ban.add')).toEqual({ echo: {} });
  });

  it('are asked for again after the machine slept; until then no command runs', async () => {
    await using pair = new MemoryPair();
    const clock = shifted();
    await pair.startGateway();
    await pair.startAgent({ clock });
    await eventually(() => pair.isOnline);
    const { sid } = pair.agent.endpoint ?? { sid: '' };
    clock.wall += 60_000; // the monotonic clock stood still meanwhile
    await expect(pair.call('ban.add')).rejects.toMatchObject({ code: 'agent/offline' });
    expect(pair.agent.refusalCodes).toContain('not_welcomed');
    expect(pair.ran).toHaveLength(0);
    expect(pair.agent.endpoint?.sid).not.toBe(sid);
    await eventually(() => pair.isOnline);
    expect(await pair.call('ban.add')).toEqual({ echo: {} });
  });

  it('of the gateway that jumped make the agents ask again', async () => {
    await using pair = new MemoryPair();
    const clock = shifted();
    await pair.startGateway({ clock });
    await pair.startAgent();
    await eventually(() => pair.isOnline);
    clock.monotonic -= 60_000;
    await expect(pair.call('ban.add')).rejects.toMatchObject({ code: 'channel/expired' });
    expect(pair.alarms).toEqual(['clock']);
    await eventually(() => pair.agent.sessions.length === 2 && pair.isOnline);
    expect(await pair.call('ban.add')).toEqual({ echo: {} });
    expect(pair.ran).toHaveLength(1);
  });
});

describe('a gateway that is given more than it can take', () => {
  it('stops reading an agent that floods it, for a while, and no other', async () => {
    await using pair = new MemoryPair();
    const other = pair.gateway.addAgent();
    await pair.startGateway();
    await pair.startAgent();
    await other.start(pair.wire.agent(other.identity.agentId));
    await eventually(() => pair.isOnline && pair.gateway.endpoint.isOnline(other.identity.agentId));
    for (let i = 0; i < 1_500; i += 1) pair.wire.inject('out', pair.id, Buffer.alloc(200, 7));
    await eventually(() => pair.alarms.includes('flood'));
    expect(await pair.gateway.endpoint.call(other.identity.agentId, 'read.status', {})).toEqual({ echo: {} });
    await eventually(() => !pair.isOnline);
    await eventually(() => pair.isOnline, { what: 'the flood to be over' });
    expect(pair.gateway.alarmCodes(other.identity.agentId)).toEqual([]);
  });

  it('stops reading while its database is slow, and then takes everything in order', async () => {
    await using pair = new MemoryPair();
    await pair.startGateway();
    await pair.startAgent({ ackTimeoutMs: 60_000 });
    await eventually(() => pair.isOnline);
    let release: (() => void) | undefined;
    const blocked = new Promise<void>((resolve) => (release = resolve));
    pair.gateway.beforeStore = ({ events }) => (events.length === 0 ? Promise.resolve() : blocked);
    const { endpoint } = pair.agent;
    const total = 7_000;
    for (let row = 0; row < total; row += 1) {
      await endpoint?.sendEvent('ban', row);
      if (row % 500 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    expect(pair.gateway.events(pair.id)).toEqual([]);
    release?.();
    await eventually(() => pair.gateway.events(pair.id).length === total, { withinMs: 20_000 });
    expect(pair.gateway.events(pair.id).map(({ body }) => body)).toEqual(Array.from({ length: total }, (_, i) => i));
    expect(Math.max(...pair.gateway.batches.map(({ events }) => events.length))).toBeLessThanOrEqual(500);
    expect(pair.alarms).toEqual([]);
  });

  it('works through a long backlog in one session when each piece of it takes its time', async () => {
    await using pair = new MemoryPair();
    const clock = new ManualClock();
    await pair.startGateway();
    await pair.startAgent({ ackTimeoutMs: 400, clock });
    await eventually(() => pair.isOnline);
    const { endpoint } = pair.agent;
    const pieces = Array.from({ length: 8 }, (_, piece) => ({ piece, text: 'x'.repeat(150_000) }));
    // Each piece takes less than the agent's patience, all of them together much more.
    pair.gateway.beforeStore = async ({ events }) => {
      if (events.length === 0) return;
      await new Promise((resolve) => setTimeout(resolve, 120)); // the agent's timer looks meanwhile
      clock.advance(300);
    };
    for (const piece of pieces) await endpoint?.sendEvent('ban', piece);
    await eventually(() => pair.gateway.events(pair.id).length >= pieces.length);
    expect(pair.gateway.events(pair.id).map(({ body }) => body)).toEqual(pieces);
    expect(pair.agent.sessions).toHaveLength(1);
  });
});
