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
  // Not `instanceof`: errors of Node's core need not share our realm.
  if (typeof error !== 'object' || error === null) return String(error);
  if ('code' in error && typeof error.code === 'string') return error.code;
  return 'message' in error && typeof error.message === 'string' ? error.message : 'unknown error';
}

/** Whether the server's tiny backlog (`listen(1)`) is full: it is busy, not away. */
export function isBacklogFull(error: unknown): boolean {
  return reasonOf(error) === 'EAGAIN';
}
