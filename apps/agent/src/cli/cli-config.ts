import { loadConfig } from '@bailiff/nest-kit/config';
import { AgentConfig } from '../agent.config.js';
import type { CliContext } from './cli-command.js';

/**
 * The agent's settings, checked.
 * @throws {ConfigError} naming every variable that is wrong
 */
export function readAgentConfig({ env }: Pick<CliContext, 'env'>): AgentConfig {
  return loadConfig(AgentConfig, env, { prefix: 'BAILIFF_AGENT_' });
}
