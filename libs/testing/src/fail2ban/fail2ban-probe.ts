import { connect } from 'node:net';
import { ProcessFailedError } from '../core/testing.errors.js';

const endMarker = '<F2B_END_COMMAND>';
const maxReplyBytes = 1_000_000;

/**
 * Jails that a fail2ban names in its answer to `status`. The harness asks in its own few bytes on purpose: what it
 * proves must not rest on the client under test. Reads only what `status` answers, a label and a string after it.
 * @throws {ProcessFailedError} while nothing answers properly.
 * @see fail2ban/fail2ban:fail2ban/server/asyncserver.py
 */
export async function runningJails(socketPath: string, timeoutMs = 2_000): Promise<string[]> {
  const reply = await ask(socketPath, timeoutMs);
  const label = Buffer.from('Jail list');
  const at = reply.indexOf(label);
  if (at < 0)
    throw new ProcessFailedError(`fail2ban's status has no jail list: ${reply.toString('latin1').slice(0, 200)}`);
  let position = at + label.length;
  if (reply[position] === 0x94) position += 1; // MEMOIZE
  const opcode = reply[position];
  // SHORT_BINUNICODE has one byte of length, BINUNICODE four; a memoised empty string would be a BINGET.
  if (opcode === 0x8c) return names(reply, position + 2, reply.readUInt8(position + 1));
  if (opcode === 0x58) return names(reply, position + 5, reply.readUInt32LE(position + 1));
  throw new ProcessFailedError(`fail2ban's jail list has the unexpected opcode ${String(opcode)}`);
}

function names(reply: Buffer, start: number, length: number): string[] {
  const text = reply.toString('utf8', start, start + length);
  return text === '' ? [] : text.split(', ');
}

function ask(socketPath: string, timeoutMs: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const socket = connect(socketPath);
    const chunks: Buffer[] = [];
    let size = 0;
    const settle = (error?: Error): void => {
      socket.destroy();
      const reply = Buffer.concat(chunks);
      const end = reply.indexOf(endMarker);
      if (end >= 0) resolve(reply.subarray(0, end));
      else
        reject(
          new ProcessFailedError(
            `fail2ban does not answer on ${socketPath}: ${error?.message ?? 'connection closed'}`,
            { cause: error },
          ),
        );
    };
    socket.setTimeout(timeoutMs, () => {
      settle(new Error(`no answer within ${timeoutMs} ms`));
    });
    socket.on('error', settle).on('close', () => {
      settle();
    });
    socket.on('data', (chunk) => {
      chunks.push(chunk);
      size += chunk.length;
      if (size > maxReplyBytes || Buffer.concat(chunks).includes(endMarker)) settle();
    });
    // A pickled ['status']: PROTO 2, EMPTY_LIST, BINUNICODE, APPEND, STOP.
    socket.write(
      Buffer.concat([Buffer.from([0x80, 0x02, 0x5d, 0x58, 6, 0, 0, 0]), Buffer.from(`statusa.${endMarker}`)]),
    );
  });
}
