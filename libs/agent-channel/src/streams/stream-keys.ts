import { assertAgentId } from '../messages/agent-id.js';

/** Added to by gateways; read together with the agents' streams so that a waiting reader can be told something. */
export const WAKE_KEY = 'bailiff:gw:wake';

/** Stream of commands to an agent. The braces are a hash tag. @throws {AgentIdError} */
export function commandKey(agentId: string): string {
  assertAgentId(agentId);
  return `bailiff:{${agentId}}:cmd`;
}

/** Stream of what an agent sends. @throws {AgentIdError} */
export function outKey(agentId: string): string {
  assertAgentId(agentId);
  return `bailiff:{${agentId}}:out`;
}

/** Name of the only field of an entry. */
export const FIELD = 'm';
