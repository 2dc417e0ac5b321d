import { describe, expect, it } from '@jest/globals';
import { frameOf, LiveClient, MAX_BUFFERED_BYTES, MAX_PENDING_FRAMES, type LiveSocket } from './live-client.js';

/** A reader that reads only when told to. */
class SlowReader implements LiveSocket {
  readonly received: { type: string; feedId?: string }[] = [];
  private readonly waiting: { text: string; flushed: () => void }[] = [];
  bufferedAmount = 0;

  send(text: string, flushed: () => void): void {
    this.bufferedAmount += text.length;
    this.waiting.push({ text, flushed });
  }

  read(): void {
    for (const { text, flushed } of this.waiting.splice(0)) {
      this.bufferedAmount -= text.length;
      this.received.push(JSON.parse(text) as { type: string; feedId?: string });
      flushed();
    }
  }

  types(): string[] {
    this.read();
    return this.received.map(({ type, feedId }) => (feedId === undefined ? type : `${type} ${feedId}`));
  }
}

const ban = (feedId: number) => ({ text: JSON.stringify({ type: 'ban_event', feedId: String(feedId) }), feedId });
const heartbeat = frameOf({ type: 'heartbeat', at: '2026-01-01T00:00:00.000Z' });

describe(LiveClient, () => {
  it('sends what was missed, then ready, then what came meanwhile, each once and in order', () => {
    const socket = new SlowReader();
    const client = new LiveClient(socket);
    for (const id of [4, 5]) client.deliver(ban(id));
    client.deliver(heartbeat);
    client.finishCatchUp([ban(3), ban(4)], 4);
    client.deliver(ban(6));
    expect(socket.types()).toEqual([
      'ban_event 3',
      'ban_event 4',
      'ready 4',
      'ban_event 5',
      'heartbeat',
      'ban_event 6',
    ]);
  });

  it('says resync when too much was missed', () => {
    const socket = new SlowReader();
    new LiveClient(socket).finishCatchUp(undefined, 9);
    expect(socket.types()).toEqual(['resync', 'ready 9']);
  });

  it('says resync when too much arrived during the catch-up', () => {
    const socket = new SlowReader();
    const client = new LiveClient(socket);
    for (let id = 1; id <= MAX_PENDING_FRAMES + 1; id += 1) client.deliver(ban(id));
    client.finishCatchUp([], 0);
    expect(socket.types()[0]).toBe('resync');
  });

  it('keeps little for a reader that does not read, and tells it to load again once it does', () => {
    const socket = new SlowReader();
    const client = new LiveClient(socket);
    client.finishCatchUp([], 0);
    const large = { text: JSON.stringify({ type: 'ban_event', filler: 'x'.repeat(100_000) }), feedId: 1 };
    for (let i = 0; i < 1_000; i += 1) client.deliver(large);
    expect(socket.bufferedAmount).toBeLessThan(MAX_BUFFERED_BYTES + 200_000);
    socket.read();
    client.deliver(ban(2_000));
    expect(socket.types().slice(-2)).toEqual(['resync', 'ban_event 2000']);
  });
});
