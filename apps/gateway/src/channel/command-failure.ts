import { AgentOfflineError, ChannelDownError, CommandRefusedError, OutcomeUnknownError } from '@bailiff/agent-channel';
import { PROBLEM_CODES, type ProblemCode } from '@bailiff/contracts/http';

const isProblemCode = (code: string): code is ProblemCode => (PROBLEM_CODES as readonly string[]).includes(code);

/** Faults the channel itself answers a command with before the agent's handler saw it. */
const REFUSALS = /^(channel|command|session)\//;

/** A command that an agent did not carry out, or of which nobody knows whether it did. */
export class CommandFailedError extends Error {
  constructor(
    readonly hostId: string,
    /** One of the API's problem codes. */
    readonly code: ProblemCode,
    readonly kind: 'user' | 'operational' | 'bug',
    /** Safe to show. */
    readonly detail: string,
    options?: ErrorOptions,
  ) {
    super(`${code} on host ${hostId}: ${detail}`, options);
    this.name = 'CommandFailedError';
  }

  /** Whether the command may have been carried out all the same. */
  get isOutcomeUnknown(): boolean {
    return this.code === 'agent/outcome-unknown';
  }
}

/**
 * What a failed call means to whoever asked. An agent's own code is kept when it is one of the API's; any other becomes
 * `agent/refused` or `agent/failed`, so that a newer agent never makes a bare 500.
 */
export function commandFailure(hostId: string, error: unknown): CommandFailedError {
  const cause = { cause: error };
  if (error instanceof AgentOfflineError)
    return new CommandFailedError(
      hostId,
      'agent/offline',
      'operational',
      'The agent of this host is offline. Nothing was changed.',
      cause,
    );
  if (error instanceof ChannelDownError)
    return new CommandFailedError(
      hostId,
      'edge/unavailable',
      'operational',
      'The gateway has no connection to the agents at the moment. Nothing was changed.',
      cause,
    );
  if (error instanceof OutcomeUnknownError)
    return new CommandFailedError(
      hostId,
      'agent/outcome-unknown',
      'operational',
      'The host did not answer in time. The command may have been carried out: look at the host’s state.',
      cause,
    );
  if (error instanceof CommandRefusedError) {
    const { code, kind, detail } = error;
    if (isProblemCode(code)) return new CommandFailedError(hostId, code, kind, detail, cause);
    const fallback = REFUSALS.test(code) ? 'agent/refused' : 'agent/failed';
    return new CommandFailedError(hostId, fallback, kind, `${detail} (${code})`, cause);
  }
  return new CommandFailedError(hostId, 'internal/unexpected', 'bug', 'Something went wrong inside Bailiff.', cause);
}
