import { eventually, startRedis } from '@bailiff/testing';
import { expect, it } from '@jest/globals';
import { OutReader } from './out-reader.js';
import { connectRedis } from './redis-connection.js';
import { FIELD, outKey, WAKE_KEY } from './stream-keys.js';

const AGENT = '0123456789abcdef';

it('reads on after its connection was cut while an answer came, as when a machine wakes up from sleep', async () => {
  await using redis = await startRedis();
  const writer = connectRedis({ url: redis.url });
  const connection = connectRedis({ url: redis.url });
  const reader = new OutReader(connection, 'one', () => Promise.resolve());
  const heard: string[] = [];
  try {
    await writer.connect();
    reader.startWakeAt('0-0');
    reader.follow(AGENT, undefined);
    let timesReady = 0;
    connection.on('ready', () => {
      timesReady += 1;
      // From here on it refuses every question, and still calls itself ready until the other side has hung up.
      if (timesReady === 1) connection.stream.prependOnceListener('data', () => connection.disconnect(true));
    });
    reader.open({
      connected: () => undefined,
      disconnected: () => undefined,
      received: (_agentId, entries) => void heard.push(...entries.map(({ position }) => position)),
      unreadable: () => undefined,
      agentsChanged: () => undefined,
      failed: () => undefined,
    });
    await eventually(() => expect(timesReady).toBe(1));
    await writer.callBuffer('XADD', WAKE_KEY, '1-1', 'by', 'two', 'what', 'interrupt');
    await eventually(() => expect(timesReady).toBeGreaterThan(1));
    await writer.callBuffer('XADD', outKey(AGENT), '2-1', FIELD, 'hello');
    await eventually(() => expect(heard).toEqual(['2-1']));
  } finally {
    reader.close();
    writer.disconnect();
  }
});
