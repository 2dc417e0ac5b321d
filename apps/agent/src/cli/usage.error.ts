import { AgentError } from '../state/agent.error.js';

/** The command line makes no sense; the message says how it would. */
export class UsageError extends AgentError {
  constructor(problem: string, options?: ErrorOptions) {
    super('agent/usage', 'user', problem, options);
  }
}
