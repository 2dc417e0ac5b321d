import { ChannelError } from './channel.error.js';

/** Administration of the agents' Redis failed. */
export class EdgeError extends ChannelError {}
