import type { LiveMessage } from '@bailiff/contracts/http';

/** What a client needs of its WebSocket. */
export interface LiveSocket {
  readonly bufferedAmount: number;
  send(text: string, flushed: () => void): void;
}

/** A message made once for every client. `feedId` only on what a client may have to catch up. */
export interface LiveFrame {
  readonly text: string;
  readonly feedId: number | undefined;
}

/** A client that reads slower than this (bytes waiting in our memory) is sent nothing more until it caught up. */
export const MAX_BUFFERED_BYTES = 4 * 1024 * 1024;
const RESUME_BELOW_BYTES = 256 * 1024;
/** Messages that may be lost are not sent to a client that has more than this waiting: they must never cost it a `resync`. */
export const MAX_BUFFERED_BYTES_FOR_SPARE = 512 * 1024;
/** Frames kept for one client while its catch-up is read from the database. */
export const MAX_PENDING_FRAMES = 2_000;

const RESYNC: LiveFrame = frameOf({ type: 'resync' });

/** Serialises a message once. */
export function frameOf(message: LiveMessage): LiveFrame {
  return { text: JSON.stringify(message), feedId: 'feedId' in message ? Number(message.feedId) : undefined };
}

/**
 * One browser on the live feed. Starts holding frames back until {@link finishCatchUp}; never lets more than
 * {@link MAX_BUFFERED_BYTES} wait for a slow reader: it then misses frames and is told so with `resync`.
 */
export class LiveClient {
  private pending: LiveFrame[] | undefined = [];
  private hasOverflowed = false;
  private isLagging = false;

  constructor(private readonly socket: LiveSocket) {}

  /** Sends a frame, holds it back during catch-up, or drops it for a reader that is too slow. */
  deliver(frame: LiveFrame): void {
    if (this.pending !== undefined) {
      if (this.pending.length < MAX_PENDING_FRAMES) this.pending.push(frame);
      else this.hasOverflowed = true;
      return;
    }
    if (!this.isLagging && this.socket.bufferedAmount > MAX_BUFFERED_BYTES) this.isLagging = true;
    if (!this.isLagging) this.write(frame);
  }

  /** Sends what may be lost, if there is room right now. @returns whether it was sent */
  offer(frame: LiveFrame): boolean {
    if (this.pending !== undefined || this.isLagging) return false;
    if (this.socket.bufferedAmount > MAX_BUFFERED_BYTES_FOR_SPARE) return false;
    this.write(frame);
    return true;
  }

  /**
   * Sends what was missed, says `ready`, then what arrived meanwhile and was not among it.
   * @param missed frames after the client's last position, or undefined when too many or unknown: `resync`
   * @param head newest position stored when `missed` was read
   */
  finishCatchUp(missed: readonly LiveFrame[] | undefined, head: number): void {
    const held = this.pending ?? [];
    this.pending = undefined;
    if (missed === undefined || this.hasOverflowed) this.write(RESYNC);
    for (const frame of missed ?? []) this.write(frame);
    this.write(frameOf({ type: 'ready', feedId: String(head), at: new Date().toISOString() }));
    for (const frame of held) if (frame.feedId === undefined || frame.feedId > head) this.deliver(frame);
  }

  private write(frame: LiveFrame): void {
    this.socket.send(frame.text, () => {
      if (!this.isLagging || this.socket.bufferedAmount > RESUME_BELOW_BYTES) return;
      this.isLagging = false;
      this.write(RESYNC);
    });
  }
}
