import { describe, expect, it } from '@jest/globals';
import { EnvelopeError, MessageTooLargeError } from '../errors/envelope.error.js';
import { ChunkAssembly, cutIntoChunks } from './chunks.js';
import { CHUNK_BYTES, MAX_CHUNKS, MAX_VALUE_BYTES } from './limits.js';
import type { Chunk } from './message.js';

const value = { text: 'é'.repeat(CHUNK_BYTES) };
const cut = (input: unknown): Chunk[] => cutIntoChunks(Buffer.from(JSON.stringify(input)));
const first = (chunks: Chunk[]): Chunk => chunks[0] ?? { index: 0, count: 0, sha256: '', data: '' };

describe('values in parts', () => {
  it('come together again in any order', () => {
    const chunks = cut(value);
    expect(chunks).toHaveLength(3);
    const assembly = new ChunkAssembly(first(chunks));
    const results = [...chunks].reverse().map((chunk) => assembly.add(chunk));
    expect(results.filter((result) => result !== undefined)).toEqual([{ value }]);
  });

  it('may be 8 MiB together, not more', () => {
    expect(cut('x'.repeat(MAX_VALUE_BYTES - 2))).toHaveLength(MAX_CHUNKS);
    expect(() => cut('x'.repeat(MAX_VALUE_BYTES - 1))).toThrow(MessageTooLargeError);
  });

  it('are refused when one comes twice, differs, or the digest does not match', () => {
    const chunks = cut(value);
    const assembly = new ChunkAssembly(first(chunks));
    assembly.add(first(chunks));
    expect(() => assembly.add(first(chunks))).toThrow(EnvelopeError);
    expect(() => assembly.add({ ...first(chunks), index: 1, sha256: '0'.repeat(64) })).toThrow(EnvelopeError);
    expect(() => assembly.add({ ...first(chunks), index: 1, count: 4 })).toThrow(EnvelopeError);
    const swapped = new ChunkAssembly(first(chunks));
    swapped.add({ ...first(chunks), index: 1 });
    swapped.add({ ...first(chunks), index: 0 });
    expect(() => swapped.add({ ...first(chunks), index: 2 })).toThrow(/digest/);
  });

  it('hold no more than 8 MiB while they come', () => {
    const chunk = { index: 0, count: MAX_CHUNKS, sha256: '0'.repeat(64), data: 'A'.repeat(4 * 1024 * 1024) };
    const assembly = new ChunkAssembly(chunk);
    assembly.add(chunk);
    assembly.add({ ...chunk, index: 1 });
    expect(() => assembly.add({ ...chunk, index: 2 })).toThrow(/too large/);
  });
});
