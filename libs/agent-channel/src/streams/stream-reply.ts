import type { TransportEntry } from '../transport/transport.js';
import { FIELD } from './stream-keys.js';
import { isStreamId } from './stream-id.js';

/** Entries of one stream out of a reply to XREAD. */
export interface StreamReply {
  readonly key: string;
  readonly entries: TransportEntry[];
  /** All fields of each entry, for streams of our own that carry words. */
  readonly fields: Buffer[][];
}

/**
 * Reads a reply to XREAD (RESP2, Buffers) from a Redis that is not trusted: what does not have the form of a reply is
 * left out, an entry that does not have ours comes without bytes.
 */
export function readStreamReply(reply: unknown): StreamReply[] {
  if (!Array.isArray(reply)) return [];
  return reply.flatMap((stream: unknown) => {
    if (!Array.isArray(stream) || !Buffer.isBuffer(stream[0]) || !Array.isArray(stream[1])) return [];
    const entries: TransportEntry[] = [];
    const fields: Buffer[][] = [];
    for (const item of stream[1] as unknown[]) {
      if (!Array.isArray(item) || !Buffer.isBuffer(item[0])) continue;
      const position = item[0].toString('latin1');
      if (!isStreamId(position)) continue;
      const words: unknown[] = Array.isArray(item[1]) ? item[1] : [];
      const [name, value] = words;
      const isOurs = words.length === 2 && Buffer.isBuffer(name) && name.toString('latin1') === FIELD;
      entries.push({ position, bytes: isOurs && Buffer.isBuffer(value) ? value : undefined });
      fields.push(words.filter((word) => Buffer.isBuffer(word)));
    }
    return [{ key: stream[0].toString('latin1'), entries, fields }];
  });
}
