import { createHash } from 'node:crypto';
import { EnvelopeError, MessageTooLargeError } from '../errors/envelope.error.js';
import { CHUNK_BYTES, MAX_VALUE_BYTES } from './limits.js';
import type { Chunk } from './message.js';

/**
 * Cuts a JSON text into parts.
 * @throws {MessageTooLargeError} over 8 MiB
 */
export function cutIntoChunks(json: Buffer): Chunk[] {
  if (json.length > MAX_VALUE_BYTES) throw new MessageTooLargeError(json.length, MAX_VALUE_BYTES);
  const sha256 = createHash('sha256').update(json).digest('hex');
  const count = Math.ceil(json.length / CHUNK_BYTES);
  return Array.from({ length: count }, (_, index) => ({
    index,
    count,
    sha256,
    data: json.subarray(index * CHUNK_BYTES, (index + 1) * CHUNK_BYTES).toString('base64'),
  }));
}

/** Puts the parts of one value together again, in whatever order they come. */
export class ChunkAssembly {
  private readonly parts: (Buffer | undefined)[];
  private missing: number;
  private bytes = 0;

  constructor(private readonly first: Chunk) {
    this.parts = new Array<Buffer | undefined>(first.count).fill(undefined);
    this.missing = first.count;
  }

  /** Bytes held so far. */
  get heldBytes(): number {
    return this.bytes;
  }

  /**
   * Adds a part; returns the whole value once none is missing.
   * @throws {EnvelopeError} `bad_message` when parts disagree, repeat, are too large together or do not match their digest
   */
  add(chunk: Chunk): { value: unknown } | undefined {
    const { count, sha256 } = this.first;
    if (chunk.count !== count || chunk.sha256 !== sha256) throw new EnvelopeError('bad_message', 'parts disagree');
    if (this.parts[chunk.index] !== undefined) throw new EnvelopeError('bad_message', 'a part came twice');
    const data = Buffer.from(chunk.data, 'base64');
    this.bytes += data.length;
    if (this.bytes > MAX_VALUE_BYTES) throw new EnvelopeError('bad_message', 'parts are too large together');
    this.parts[chunk.index] = data;
    this.missing -= 1;
    if (this.missing > 0) return undefined;
    const json = Buffer.concat(this.parts.filter((part) => part !== undefined));
    if (createHash('sha256').update(json).digest('hex') !== sha256) {
      throw new EnvelopeError('bad_message', 'parts do not match their digest');
    }
    try {
      return { value: JSON.parse(json.toString('utf8')) as unknown };
    } catch (cause) {
      throw new EnvelopeError('bad_message', 'parts are not JSON', { cause });
    }
  }
}
