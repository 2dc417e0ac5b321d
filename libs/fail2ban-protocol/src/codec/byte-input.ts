import { MalformedReplyError } from '../errors/malformed-reply.error.js';

const MAX_PIECES = 512;

/**
 * The bytes of a reply as they arrive. Reading goes on in one contiguous piece; what is missing for the next
 * opcode is waited for, and pieces are joined once, when enough has arrived, however small they come.
 */
export class ByteInput {
  /** The contiguous piece being read. */
  buffer: Buffer = Buffer.alloc(0);
  /** Offset of the next unread byte in it. */
  position = 0;
  private waiting: Buffer[] = [];
  private waitingBytes = 0;
  private wanted = 0;
  private received = 0;

  constructor(private readonly maxBytes: number) {}

  /**
   * Adds bytes.
   * @throws {MalformedReplyError} once more than the limit has arrived since the last `restart`
   */
  push(chunk: Buffer): void {
    this.received += chunk.length;
    if (this.received > this.maxBytes) throw new MalformedReplyError(`longer than ${this.maxBytes} bytes`);
    if (this.position === this.buffer.length && this.waitingBytes === 0) {
      this.buffer = chunk;
      this.position = 0;
      return;
    }
    this.waiting.push(chunk);
    this.waitingBytes += chunk.length;
    // A drip of single bytes must not cost a buffer object each.
    if (this.waiting.length >= MAX_PIECES) this.waiting = [Buffer.concat(this.waiting)];
  }

  /** Bytes that are there and unread. */
  get available(): number {
    return this.buffer.length - this.position + this.waitingBytes;
  }

  /**
   * Whether `count` bytes lie contiguously at `position`; joins pieces when that makes it so.
   * @throws {MalformedReplyError} when that many could never arrive within the limit
   */
  has(count: number): boolean {
    if (this.buffer.length - this.position >= count) return true;
    if (count > this.maxBytes) throw new MalformedReplyError(`announces ${count} bytes`);
    this.wanted = count;
    return this.join();
  }

  /** Whether what was last missing has arrived. */
  get isReady(): boolean {
    return this.available >= this.wanted;
  }

  /** Begins a new reply; what is unread belongs to it. */
  restart(): void {
    this.wanted = 0;
    this.received = this.available;
  }

  private join(): boolean {
    if (this.available < this.wanted) return false;
    this.buffer = Buffer.concat([this.buffer.subarray(this.position), ...this.waiting]);
    this.position = 0;
    this.waiting = [];
    this.waitingBytes = 0;
    return true;
  }
}
