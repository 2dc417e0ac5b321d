import { MalformedReplyError } from '../errors/malformed-reply.error.js';
import { ByteInput } from './byte-input.js';
import { PickleReader, type ReadState } from './pickle-reader.js';
import type { PyValue } from './py-value.js';
import { DEFAULT_REPLY_LIMITS, type ReplyLimits } from './reply-limits.js';

/** What ends every message in both directions. */
export const END_MARKER = Buffer.from('<F2B_END_COMMAND>');

/** One reply as it came, before its envelope is opened. */
export interface RawReply {
  readonly value: PyValue;
  /** Whether the outermost value is a tuple, as a proper envelope is. */
  readonly isTuple: boolean;
}

/**
 * Cuts the byte stream of a connection into replies. The marker is looked for only behind a pickle's `STOP`,
 * because a reply's text may hold it as well.
 */
export class ReplyReader {
  private readonly input: ByteInput;
  private pickle: PickleReader;

  constructor(private readonly limits: ReplyLimits = DEFAULT_REPLY_LIMITS) {
    this.input = new ByteInput(limits.maxReplyBytes + END_MARKER.length);
    this.pickle = new PickleReader(this.input, limits);
  }

  /** Adds received bytes. @throws {MalformedReplyError} beyond the limit */
  push(chunk: Buffer): void {
    this.input.push(chunk);
  }

  /** Whether there are bytes that belong to no finished reply. */
  get hasBytes(): boolean {
    return this.input.available > 0;
  }

  /**
   * Reads on; after `done`, `take` returns the reply.
   * @throws {MalformedReplyError} when the bytes are no reply; the connection is then of no further use
   */
  run(deadline: number): ReadState {
    if (!this.input.isReady) return 'more';
    const state = this.pickle.run(deadline);
    if (state !== 'done') return state;
    const { input } = this;
    if (!input.has(END_MARKER.length)) return 'more';
    const end = input.position + END_MARKER.length;
    if (END_MARKER.compare(input.buffer, input.position, end) !== 0) throw new MalformedReplyError('no end marker');
    input.position = end;
    return 'done';
  }

  /** Returns the finished reply and starts on the next. */
  take(): RawReply {
    const { value, isTuple } = this.pickle;
    this.pickle = new PickleReader(this.input, this.limits);
    this.input.restart();
    return { value, isTuple };
  }
}

/**
 * Decodes one complete reply, marker included, in one go: for tests, captures and tools.
 * @throws {MalformedReplyError} when it is not exactly one reply
 */
export function decodeReply(bytes: Buffer, limits: ReplyLimits = DEFAULT_REPLY_LIMITS): RawReply {
  const reader = new ReplyReader(limits);
  reader.push(bytes);
  if (reader.run(Infinity) !== 'done') throw new MalformedReplyError('truncated');
  const reply = reader.take();
  if (reader.hasBytes) throw new MalformedReplyError('bytes behind the end marker');
  return reply;
}
