import { AgentError } from './agent.error.js';

/** A file or folder that only root may be able to change is missing, or someone else could have written it. */
export class UnsafeFileError extends AgentError {
  constructor(
    readonly path: string,
    readonly problem: string,
    options?: ErrorOptions,
  ) {
    super('agent/unsafe-file', 'user', `${path}: ${problem}`, options);
  }
}
