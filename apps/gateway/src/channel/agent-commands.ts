import type { AgentCommandName, AgentCommandResults, AGENT_COMMANDS } from '@bailiff/contracts/agent';
import { currentCorrelationId } from '@bailiff/nest-kit';
import { Injectable, Logger } from '@nestjs/common';
import { Metrics } from '../metrics/metrics.js';
import { AgentChannel } from './agent-channel.js';
import { commandFailure } from './command-failure.js';

/** Arguments of a command, as its class in the contracts has them. */
export type AgentCommandArgs<Name extends AgentCommandName> = InstanceType<(typeof AGENT_COMMANDS)[Name]['args']>;

/** Life of a command by what it does, milliseconds. */
const TTL_MS: Record<AgentCommandName, number> = {
  'host.ping': 10_000,
  'host.report': 10_000,
  'bans.snapshot': 30_000,
  'jails.get': 25_000,
  'jails.log': 15_000,
  'jails.preview': 45_000,
  'jails.act': 60_000,
  'jails.act-state': 10_000,
  'ignore.list': 45_000,
  'ignore.find': 15_000,
  'ignore.change': 90_000,
  'bans.ban': 20_000,
  'bans.unban': 20_000,
  'bans.unban-everything': 60_000,
  'bulk.begin': 20_000,
  'bulk.chunk': 20_000,
  'bulk.start': 20_000,
  'bulk.cancel': 20_000,
  'bulk.report': 10_000,
  'allow.sync': 60_000,
  'guard.list': 10_000,
  'jails.networks': 10_000,
};

/** Asks agents to do things, and says what went wrong in the API's own codes. */
@Injectable()
export class AgentCommands {
  private readonly logger = new Logger(AgentCommands.name);

  constructor(
    private readonly channel: AgentChannel,
    private readonly metrics: Metrics,
  ) {}

  /**
   * Signs and sends a command and waits for the agent's signed answer.
   * @param ttlMs longest time until the agent must have begun it, when the usual one does not fit
   * @throws {CommandFailedError} with the API's code for whatever stood in the way
   */
  async command<Name extends AgentCommandName>(
    hostId: string,
    name: Name,
    args: AgentCommandArgs<Name>,
    ttlMs = TTL_MS[name],
  ): Promise<AgentCommandResults[Name]> {
    const startedAt = performance.now();
    const log = (outcome: string) => {
      const durationMs = performance.now() - startedAt;
      this.metrics.observeCommand(name, outcome, durationMs / 1_000);
      this.logger.log({ hostId, command: name, outcome, durationMs: Math.round(durationMs) }, 'command');
    };
    try {
      const result = await this.channel.call(hostId, name, args, { ttlMs, correlationId: currentCorrelationId() });
      log('ok');
      return result as AgentCommandResults[Name];
    } catch (error) {
      const failure = commandFailure(hostId, error);
      log(failure.code);
      throw failure;
    }
  }
}
