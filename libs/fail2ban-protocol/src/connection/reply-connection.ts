import type { Socket } from 'node:net';
import { ReplyReader, type RawReply } from '../codec/reply-reader.js';
import type { ReplyLimits } from '../codec/reply-limits.js';
import { MalformedReplyError } from '../errors/malformed-reply.error.js';

/** Longest stretch of decoding in one turn of the event loop, milliseconds. */
const SLICE_MS = 8;

const POLITE_CLOSE = Buffer.from('<F2B_CLOSE_COMMAND><F2B_END_COMMAND>');

/** Whom a connection tells what happens. */
export interface ConnectionObserver {
  onReply(reply: RawReply): void;
  /** Once, when the connection ended; `error` when the server's bytes or the socket were the reason. */
  onClosed(error: Error | undefined): void;
}

/** One open connection: sends requests, cuts replies out of the stream in short slices. */
export class ReplyConnection {
  private readonly reader: ReplyReader;
  private sliceEnd: number | undefined;
  private immediate: NodeJS.Immediate | undefined;
  private isClosed = false;
  private isExpecting = false;

  constructor(
    private readonly socket: Socket,
    limits: ReplyLimits,
    private readonly observer: ConnectionObserver,
  ) {
    this.reader = new ReplyReader(limits);
    socket.on('data', (chunk) => this.receive(chunk));
    socket.on('error', (error) => this.close(error));
    socket.on('close', () => this.close(undefined));
    socket.resume();
  }

  /** Sends one request; the next `onReply` answers it. One at a time. */
  send(request: Buffer): void {
    this.isExpecting = true;
    this.socket.write(request);
  }

  /** Drops the connection at once; no more calls to the observer follow. */
  destroy(): void {
    this.isClosed = true;
    this.release();
    this.socket.destroy();
  }

  /** Says goodbye and closes; no more calls to the observer follow. */
  end(): Promise<void> {
    this.isClosed = true;
    this.release();
    return new Promise((resolve) => {
      if (this.socket.destroyed) {
        resolve();
        return;
      }
      this.socket.once('close', () => resolve());
      this.socket.resume();
      this.socket.end(POLITE_CLOSE, () => this.socket.destroy());
    });
  }

  private receive(chunk: Buffer): void {
    if (this.isClosed) return;
    try {
      if (!this.isExpecting) throw new MalformedReplyError('a reply that nobody asked for');
      this.reader.push(chunk);
    } catch (error) {
      this.fail(error);
      return;
    }
    // While a slice waits for its turn, bytes only pile up, and no more are read from the socket.
    if (this.immediate === undefined || this.sliceEnd !== undefined) this.read();
  }

  private read(): void {
    const now = performance.now();
    const end = this.sliceEnd ?? now + SLICE_MS;
    try {
      const state = this.reader.run(end);
      if (state === 'done') {
        this.finish();
        return;
      }
      if (state === 'more' && performance.now() < end) {
        this.sliceEnd = end;
        // The socket may deliver many chunks in this same turn: they share the slice.
        this.immediate ??= setImmediate(() => this.turn(false));
        return;
      }
    } catch (error) {
      this.fail(error);
      return;
    }
    this.socket.pause();
    this.sliceEnd = undefined;
    clearImmediate(this.immediate);
    this.immediate = setImmediate(() => this.turn(true));
  }

  private turn(isPaused: boolean): void {
    this.immediate = undefined;
    this.sliceEnd = undefined;
    if (!isPaused) return;
    this.socket.resume();
    this.read();
  }

  private finish(): void {
    this.release();
    this.isExpecting = false;
    const reply = this.reader.take();
    if (this.reader.hasBytes) {
      this.fail(new MalformedReplyError('bytes behind the end marker'));
      return;
    }
    this.observer.onReply(reply);
  }

  private release(): void {
    clearImmediate(this.immediate);
    this.immediate = undefined;
    this.sliceEnd = undefined;
  }

  private fail(error: unknown): void {
    this.socket.destroy();
    this.close(error instanceof Error ? error : new MalformedReplyError(String(error)));
  }

  private close(error: Error | undefined): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.release();
    this.observer.onClosed(error);
  }
}
