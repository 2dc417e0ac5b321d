import { ChannelError, type ErrorKind } from './channel.error.js';

/** The command was never sent (or provably never read) and will never run. */
export class AgentOfflineError extends ChannelError {
  constructor(
    readonly agentId: string,
    options?: ErrorOptions,
  ) {
    super('agent/offline', 'operational', `Agent ${agentId} is offline`, options);
  }
}

/** The gateway itself has no connection to the edge Redis: the command was never sent. */
export class ChannelDownError extends ChannelError {
  constructor(options?: ErrorOptions) {
    super('agent/channel-down', 'operational', 'No connection to the agents’ Redis', options);
  }
}

/** Nobody can say whether the command ran: ask later with `cmd.outcome`, or re-read the host's state. */
export class OutcomeUnknownError extends ChannelError {
  constructor(
    readonly agentId: string,
    readonly commandId: string,
    detail = 'no answer in time',
    options?: ErrorOptions,
  ) {
    super('agent/outcome-unknown', 'operational', `Outcome of command ${commandId} is unknown: ${detail}`, options);
  }
}

/** The agent answered, signed, that the command failed or was refused; `code` and `kind` are the agent's own. */
export class CommandRefusedError extends ChannelError {
  constructor(
    readonly agentId: string,
    readonly commandId: string,
    code: string,
    kind: ErrorKind,
    readonly detail: string,
    readonly data?: unknown,
  ) {
    super(code, kind, detail);
  }
}

/**
 * What an agent's `run` rejects with to answer a command with an error.
 * Everything in it travels to the gateway, so `detail` must be safe to show.
 */
export class CommandError extends ChannelError {
  constructor(
    code: string,
    readonly detail: string,
    kind: ErrorKind = 'user',
    readonly data?: unknown,
    options?: ErrorOptions,
  ) {
    super(code, kind, detail, options);
  }
}
