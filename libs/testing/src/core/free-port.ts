import { createServer } from 'node:net';
import { ProcessFailedError } from './testing.errors.js';

/** A TCP port that was free on 127.0.0.1 a moment ago. Somebody else may take it: be ready to try again. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        if (address === null || typeof address === 'string')
          reject(new ProcessFailedError('No TCP port could be had on 127.0.0.1'));
        else resolve(address.port);
      });
    });
  });
}
