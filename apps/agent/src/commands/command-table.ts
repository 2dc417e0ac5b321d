import { AGENT_COMMANDS, type AgentCommandName, type AgentCommandResults } from '@bailiff/contracts/agent';
import { AgentError } from '../state/agent.error.js';

/** Arguments of each command, checked. */
export type AgentCommandArgs<N extends AgentCommandName> = InstanceType<(typeof AGENT_COMMANDS)[N]['args']>;

/** Carries out one command whose arguments were checked and which the host's policy allows. */
export type CommandHandler<N extends AgentCommandName> = (
  args: AgentCommandArgs<N>,
  signal: AbortSignal,
) => Promise<AgentCommandResults[N]>;

/** One handler for each command of the contract. */
export type CommandHandlers = { readonly [N in AgentCommandName]: CommandHandler<N> };

/** The handlers are not exactly those of the contract. */
export class CommandTableError extends AgentError {
  constructor(missing: readonly string[], extra: readonly string[]) {
    super(
      'agent/command-table',
      'bug',
      `Command handlers: missing [${missing.join()}], without contract [${extra.join()}]`,
    );
  }
}

/**
 * Whether `name` is a command of the contract.
 */
export function isCommandName(name: string): name is AgentCommandName {
  return Object.hasOwn(AGENT_COMMANDS, name);
}

/** @throws {CommandTableError} unless there is one handler for each command and none besides */
export function checkHandlers(handlers: object): void {
  const names = Object.keys(AGENT_COMMANDS);
  const missing = names.filter((name) => !Object.hasOwn(handlers, name));
  const extra = Object.keys(handlers).filter((name) => !isCommandName(name));
  if (missing.length + extra.length > 0) throw new CommandTableError(missing, extra);
}
