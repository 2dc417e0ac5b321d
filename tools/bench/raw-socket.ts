import { createConnection, type Socket } from 'node:net';

import { encodeRequest } from '@bailiff/fail2ban-protocol';

const endMarker = Buffer.from('<F2B_END_COMMAND>');

/** The fastest thing that Node can do with fail2ban's socket: writes ready-made bytes and waits for the end marker of the
 *  reply, which it does not read. One request at a time. */
export class RawSocket {
  readonly #socket: Socket;
  #resolve: (() => void) | undefined;
  #tail = Buffer.alloc(0);

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk) => {
      this.#tail = this.#tail.length === 0 ? chunk : Buffer.concat([this.#tail, chunk]);
      if (!this.#tail.subarray(-endMarker.length).equals(endMarker)) return;
      this.#tail = Buffer.alloc(0);
      this.#resolve?.();
    });
  }

  /** @throws the error of the connection, EAGAIN among them */
  static async connect(path: string): Promise<RawSocket> {
    return new Promise((resolve, reject) => {
      const socket = createConnection(path, () => {
        socket.off('error', reject);
        resolve(new RawSocket(socket));
      });
      socket.once('error', reject);
    });
  }

  /** The bytes of a command. */
  static prepare(words: readonly string[]): Buffer {
    return encodeRequest(words);
  }

  send(request: Buffer): Promise<void> {
    return new Promise((resolve) => {
      this.#resolve = resolve;
      this.#socket.write(request);
    });
  }

  close(): void {
    this.#socket.destroy();
  }
}
