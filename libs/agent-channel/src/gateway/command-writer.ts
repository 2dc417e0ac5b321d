import { ENVELOPE_OVERHEAD } from '../envelope/envelope.js';
import { cutIntoChunks } from '../messages/chunks.js';
import { MAX_MESSAGE_BYTES } from '../messages/limits.js';
import type { CommandMessage, GatewayMessage } from '../messages/message.js';

const JSON_LIMIT = MAX_MESSAGE_BYTES - ENVELOPE_OVERHEAD;

/** The JSON of a message that is always small. */
export function writeMessage(message: GatewayMessage): Buffer {
  return Buffer.from(JSON.stringify(message));
}

/**
 * The JSON of a command: one message, or several when its arguments are large.
 * @throws {MessageTooLargeError} when the arguments are over 8 MiB
 */
export function writeCommand(message: CommandMessage): Buffer[] {
  const whole = writeMessage(message);
  if (whole.length <= JSON_LIMIT) return [whole];
  const { args, ...head } = message;
  return cutIntoChunks(Buffer.from(JSON.stringify(args))).map((chunk) => writeMessage({ ...head, chunk }));
}
