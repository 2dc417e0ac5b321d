import { connect, type Socket } from 'node:net';

/** Opens a connection to a Unix socket; rejects with the system's error (`code`: ENOENT, ECONNREFUSED, EAGAIN…). */
export function openSocket(path: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ path });
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.off('error', reject);
      resolve(socket);
    });
  });
}

/** The system's error code, or the message of anything else. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message;
}

/** Whether the server's tiny backlog (`listen(1)`) is full: it is busy, not away. */
export function isBacklogFull(error: unknown): boolean {
  return reasonOf(error) === 'EAGAIN';
}
