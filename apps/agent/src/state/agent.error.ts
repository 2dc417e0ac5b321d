/** Who can mend an error: the caller's input, the world (may be retried), or our own code. */
export type ErrorKind = 'user' | 'operational' | 'bug';

/** Base of the agent's own errors. `code` is stable (`area/kebab`); the message is safe to show to an operator. */
export class AgentError extends Error {
  constructor(
    readonly code: string,
    readonly kind: ErrorKind,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = new.target.name;
  }
}
