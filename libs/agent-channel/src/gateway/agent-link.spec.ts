import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ChannelKeyring } from '../envelope/channel-keyring.js';
import { generateKeys, publicKeysOf } from '../keys/key-serialisation.js';
import type { AgentMessage } from '../messages/message.js';
import type { TransportEntry } from '../transport/transport.js';
import { AgentLink } from './agent-link.js';
import type { StoredSession, VerifiedBatch } from './gateway-options.js';
import { StoreQueue } from './store-queue.js';

const agentId = '00112233445566aa';
const agentKeys = generateKeys(1);
const gatewayKeys = generateKeys(1);
const atAgent = new ChannelKeyring(agentId, 'agent', [agentKeys], [publicKeysOf(gatewayKeys)], () => 0);
const sid = (session: number): string => String(session).padStart(32, '0');
const sealed = (message: AgentMessage): Buffer => atAgent.seal(Buffer.from(JSON.stringify(message)));

/** Two sessions of an honest agent, seven messages each; event bodies are numbers that grow. */
const honest: Buffer[] = [1, 2].flatMap((boot) => {
  const base = { from: agentId, sid: sid(boot), at: 1 };
  const body = { agentVersion: '0', fail2banVersion: null, hostName: 'h', capabilities: [], fingerprint: 'f' };
  return [
    sealed({ t: 'hello', ...base, seq: 1, boot, nonce: sid(9), body }),
    ...[2, 3, 4, 5, 6].map((seq) => sealed({ t: 'evt', ...base, seq, kind: 'ban', body: boot * 10 + seq })),
    sealed({ t: 'hb', ...base, seq: 7, load: 0, spool: 0, dropped: 0 }),
  ];
});

interface Seen {
  readonly rows: unknown[];
  readonly alarms: string[];
  readonly resets: string[];
  readonly session: StoredSession | undefined;
}

async function follow(entries: readonly (Buffer | undefined)[], stored?: StoredSession): Promise<Seen> {
  const rows: unknown[] = [];
  const alarms: string[] = [];
  const resets: string[] = [];
  let session = stored;
  const queue = new StoreQueue({
    agentId,
    store: (batch: VerifiedBatch) => {
      rows.push(...batch.events.map((event) => event.body));
      ({ session } = batch);
      return Promise.resolve();
    },
    onStored: () => undefined,
    onFailed: () => undefined,
    now: () => 0,
  });
  const link = new AgentLink({
    agentId,
    keyring: new ChannelKeyring(agentId, 'gateway', [gatewayKeys], [publicKeysOf(agentKeys)], () => 0),
    stored,
    queue,
    onAlarm: (code) => alarms.push(code),
    onResult: () => undefined,
    onReset: (of) => resets.push(of),
    monotonicMs: () => 0,
  });
  link.accept(entries.map((bytes, i): TransportEntry => ({ position: `${i + 1}-0`, bytes })));
  for (let i = 0; i < 20; i += 1) await new Promise((resolve) => setImmediate(resolve));
  queue.close();
  return { rows, alarms, resets, session };
}

const all = [12, 13, 14, 15, 16, 22, 23, 24, 25, 26];

describe(AgentLink.name, () => {
  it('takes an honest stream whole and without alarm', async () => {
    expect(await follow(honest)).toMatchObject({ rows: all, alarms: [], resets: [] });
  });

  it('continues where a stored session ended', async () => {
    const stored = { sid: sid(1), boot: 1, seq: 4, position: '4-0' };
    expect(await follow(honest.slice(4), stored)).toMatchObject({ rows: all.slice(3), alarms: [] });
  });

  it('asks an agent it knows nothing of for a new session', async () => {
    expect(await follow(honest.slice(3, 5))).toMatchObject({ rows: [], resets: [sid(1)] });
  });

  it('keeps order and never takes anything twice, whatever is dropped, doubled, moved or spoiled', async () => {
    const place = fc.nat({ max: honest.length - 1 });
    const trick = fc.oneof(
      fc.record({ kind: fc.constant('drop' as const), at: place }),
      fc.record({ kind: fc.constant('copy' as const), at: place, to: place }),
      fc.record({ kind: fc.constant('move' as const), at: place, to: place }),
      fc.record({ kind: fc.constant('flip' as const), at: place, to: fc.nat({ max: 300 }) }),
      fc.record({ kind: fc.constant('junk' as const), at: place }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(trick, { minLength: 1, maxLength: 6 }), async (tricks) => {
        const stream: (Buffer | undefined)[] = [...honest];
        for (const one of tricks) {
          const { at } = one;
          const bytes = stream[at];
          if (one.kind === 'drop') stream.splice(at, 1);
          else if (one.kind === 'copy') stream.splice(one.to, 0, bytes);
          else if (one.kind === 'move') stream.splice(one.to, 0, ...stream.splice(at, 1));
          else if (one.kind === 'junk') stream.splice(at, 0, undefined);
          else if (bytes !== undefined) {
            const spoiled = Buffer.from(bytes);
            const where = one.to % spoiled.length;
            spoiled[where] = (spoiled[where] ?? 0) ^ 4;
            stream[at] = spoiled;
          }
        }
        const { rows, alarms } = await follow(stream);
        for (const session of [1, 2]) {
          const mine = all.filter((row) => Math.floor(row / 10) === session);
          const taken = rows.filter((row) => Math.floor(Number(row) / 10) === session);
          // What was taken of a session is its beginning: no hole, no repeat, no other order.
          expect(taken).toEqual(mine.slice(0, taken.length));
        }
        const isSame = stream.length === honest.length && stream.every((bytes, i) => bytes === honest[i]);
        // Only cutting a session's end off makes no alarm by itself; the next heartbeat would.
        const isShortened = stream.every((bytes) => bytes !== undefined && honest.includes(bytes));
        if (!isSame && !isShortened) expect(alarms.length).toBeGreaterThan(0);
      }),
      { numRuns: 300 },
    );
  });
});
