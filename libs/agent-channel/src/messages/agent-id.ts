import { randomBytes } from 'node:crypto';
import { AgentIdError } from '../errors/envelope.error.js';

const AGENT_ID = /^[0-9a-f]{16}$/;

/** Whether `value` is an agent id. Anchored on both ends: the id becomes part of a Redis ACL glob, where `*` opens every stream. */
export function isAgentId(value: unknown): value is string {
  return typeof value === 'string' && value.length === 16 && AGENT_ID.test(value);
}

/** @throws {AgentIdError} when `value` is not an agent id. */
export function assertAgentId(value: unknown): asserts value is string {
  if (!isAgentId(value)) throw new AgentIdError();
}

/** A new random agent id; only the gateway makes them. */
export function createAgentId(): string {
  return randomBytes(8).toString('hex');
}
