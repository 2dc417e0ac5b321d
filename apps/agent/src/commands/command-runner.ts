import { CommandError, type VerifiedCommand } from '@bailiff/agent-channel';
import { AGENT_COMMANDS, type AgentCommandName } from '@bailiff/contracts/agent';
import { nullPointers } from '@bailiff/nest-kit';
import { plainToInstance } from 'class-transformer';
import { validateSync, type ValidationError } from 'class-validator';
import type { PolicyFile } from '../policy/policy-file.js';
import { toCommandError } from './command-failure.js';
import { recordedArgs } from './recorded-args.js';
import { checkHandlers, isCommandName, type CommandHandlers } from './command-table.js';

/** One line for each command that was carried out or refused: the host's own record, whatever the console keeps. */
export interface CommandRecord {
  readonly command: string;
  readonly commandId: string;
  readonly correlationId: string | undefined;
  /** As they came; of large ones only what they are told by. */
  readonly args: unknown;
  /** `ok`, or the code of the refusal. */
  readonly outcome: string;
  readonly durationMs: number;
  /** What only the host may know. */
  readonly error?: unknown;
}

/** Checks a command that the channel found authentic (a good signature is not good input), asks the policy, carries it out. */
export class CommandRunner {
  /** @throws {CommandTableError} when the handlers are not exactly those of the contract */
  constructor(
    private readonly handlers: CommandHandlers,
    private readonly policy: PolicyFile,
    private readonly record: (record: CommandRecord) => void,
  ) {
    checkHandlers(handlers);
  }

  /** Whether a command changes nothing; an unknown one is refused before it could. */
  isRead(command: string): boolean {
    return isCommandName(command) && AGENT_COMMANDS[command].read;
  }

  /** @throws {CommandError} the answer to give */
  async run(command: VerifiedCommand, signal: AbortSignal): Promise<unknown> {
    const startedMs = performance.now();
    const { cmd, id, correlationId, args } = command;
    const note = (outcome: string, error?: unknown) =>
      this.record({
        command: cmd.slice(0, 100),
        commandId: id,
        correlationId,
        args: recordedArgs(args),
        outcome,
        durationMs: Math.round(performance.now() - startedMs),
        ...(error === undefined ? {} : { error }),
      });
    try {
      const result = await this.#runChecked(cmd, args, signal);
      note('ok');
      return result;
    } catch (error) {
      const failure = toCommandError(error);
      note(failure.code, error);
      throw failure;
    }
  }

  #runChecked(name: string, args: unknown, signal: AbortSignal): Promise<unknown> {
    if (!isCommandName(name)) throw new CommandError('agent/refused', 'This agent has no such command');
    const { group } = AGENT_COMMANDS[name];
    const checked = checkArgs(name, args);
    if (!this.policy.current().groups.has(group))
      throw new CommandError('agent/policy-denied', `The host's policy does not grant "${group}"; nothing was done`);
    const handler = this.handlers[name] as (args: object, signal: AbortSignal) => Promise<unknown>;
    return handler(checked, signal);
  }
}

function checkArgs(name: AgentCommandName, args: unknown): object {
  const given = args ?? {};
  if (typeof given !== 'object' || Array.isArray(given)) throw invalid('arguments must be an object');
  const [nothing] = nullPointers(given);
  if (nothing !== undefined) throw invalid(`${nothing.slice(0, 100)} is null`);
  const type: new () => object = AGENT_COMMANDS[name].args;
  const instance = plainToInstance(type, given);
  const errors = validateSync(instance, {
    whitelist: true,
    forbidNonWhitelisted: true,
    // A command without arguments has no rules, which this option would take for an unknown value.
    forbidUnknownValues: Object.keys(given).length > 0,
  });
  if (errors.length > 0) throw invalid(errors.map(reasonOf).join('; '));
  return instance;
}

function invalid(detail: string): CommandError {
  return new CommandError('request/invalid', `The command was refused and nothing was done: ${detail}`.slice(0, 1000));
}

function reasonOf({ property, constraints }: ValidationError): string {
  // A class without rules has no property to blame.
  const name: string | undefined = property;
  return `${name?.slice(0, 50) ?? 'arguments'}: ${Object.values(constraints ?? {}).join(', ')}`;
}
