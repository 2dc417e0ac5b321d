import { ChannelError } from './channel.error.js';

/** Why bytes were refused before anything in them was believed. */
export type EnvelopeFault = 'oversize' | 'bad_header' | 'unknown_kid' | 'bad_seal' | 'bad_signature' | 'bad_message';

/** Bytes from the wire that are not an authentic message of ours. */
export class EnvelopeError extends ChannelError {
  constructor(
    readonly fault: EnvelopeFault,
    detail: string,
    options?: ErrorOptions,
  ) {
    super(`channel/${fault.replaceAll('_', '-')}`, 'operational', detail, options);
  }
}

/** A message or value we were asked to send is larger than the channel carries. */
export class MessageTooLargeError extends ChannelError {
  constructor(
    readonly bytes: number,
    readonly limitBytes: number,
  ) {
    super('channel/too-large', 'user', `Message of ${bytes} bytes is over the limit of ${limitBytes} bytes`);
  }
}

/** The agent has no welcomed session at the moment; wait for `onSession`. */
export class NotWelcomedError extends ChannelError {
  constructor() {
    super('channel/not-welcomed', 'operational', 'No session with the gateway at the moment');
  }
}

/** Key material that is malformed, of the wrong type or out of range. */
export class KeyError extends ChannelError {
  constructor(detail: string, options?: ErrorOptions) {
    super('channel/bad-key', 'user', detail, options);
  }
}

/** An agent id that is not 16 lower-case hexadecimal characters. */
export class AgentIdError extends ChannelError {
  constructor() {
    super('agent/bad-id', 'user', 'An agent id is 16 lower-case hexadecimal characters');
  }
}
