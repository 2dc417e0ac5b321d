import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  type AgentIdentity,
  assertAgentId,
  type EnrolledAgent,
  type GatewayPublicKeys,
  loadPrivateKeys,
  loadPublicKeys,
  serialisePrivateKeys,
  serialisePublicKeys,
} from '@bailiff/agent-channel';
import { AgentError } from '../state/agent.error.js';
import { readPrivateFile, writePrivateFile } from '../state/private-files.js';

const KEYS = 'keys.json';
const REDIS = 'redis.json';

/** This host has no keys yet. */
export class NotEnrolledError extends AgentError {
  constructor(configDir: string) {
    super(
      'agent/not-enrolled',
      'user',
      `This host is not enrolled (no ${KEYS} in ${configDir}): run "bailiff-agent enrol URL" with a token from the console`,
    );
  }
}

/** A file of the enrolment is not what enrolment wrote. */
export class EnrolmentFileError extends AgentError {
  constructor(path: string, options?: ErrorOptions) {
    super('agent/enrolment-file', 'user', `${path} is damaged: enrol this host again with --force`, options);
  }
}

/** Who this agent is, how it reaches Redis, and where it was enrolled. */
export interface Enrolment extends EnrolledAgent {
  readonly gatewayUrl: string;
}

export function isEnrolled(configDir: string): boolean {
  return existsSync(join(configDir, KEYS)) || existsSync(join(configDir, REDIS));
}

/**
 * Reads `keys.json` and `redis.json`.
 * @throws {NotEnrolledError} @throws {UnsafeFileError} @throws {EnrolmentFileError}
 */
export function readEnrolment(configDir: string): Enrolment {
  if (!isEnrolled(configDir)) throw new NotEnrolledError(configDir);
  const identity = readIdentity(configDir);
  const path = join(configDir, REDIS);
  const { url, username, password, ca, gatewayUrl } = parseObject(path);
  const isComplete = [url, username, password, gatewayUrl].every((value) => typeof value === 'string');
  if (!isComplete || (ca !== undefined && typeof ca !== 'string')) throw new EnrolmentFileError(path);
  const redis = { url: String(url), username: String(username), password: String(password) };
  return { identity, redis: ca === undefined ? redis : { ...redis, ca }, gatewayUrl: String(gatewayUrl) };
}

/** Reads `keys.json` alone. @throws as {@link readEnrolment} */
export function readIdentity(configDir: string): AgentIdentity {
  if (!isEnrolled(configDir)) throw new NotEnrolledError(configDir);
  const path = join(configDir, KEYS);
  const { agentId, keys, gateway } = parseObject(path);
  try {
    if (typeof agentId !== 'string' || !Array.isArray(gateway) || gateway.length === 0)
      throw new EnrolmentFileError(path);
    assertAgentId(agentId);
    return { agentId, keys: loadPrivateKeys(keys), gateway: gateway.map(loadPublicKeys) };
  } catch (cause) {
    // The cause is left out of what is shown: it could quote the file.
    throw cause instanceof EnrolmentFileError ? cause : new EnrolmentFileError(path, { cause });
  }
}

/** Writes `redis.json`, then `keys.json`; with `replace` over those that are there. */
export function writeEnrolment(configDir: string, enrolment: Enrolment, options: { readonly replace: boolean }): void {
  const { identity, redis, gatewayUrl } = enrolment;
  writePrivateFile(join(configDir, REDIS), textOf({ ...redis, gatewayUrl }), options);
  writePrivateFile(join(configDir, KEYS), keysText(identity, identity.gateway), options);
}

/** Writes the gateway's keys anew, after it rotated them. */
export function writeTrustedKeys(
  configDir: string,
  identity: AgentIdentity,
  gateway: readonly GatewayPublicKeys[],
): void {
  writePrivateFile(join(configDir, KEYS), keysText(identity, gateway), { replace: true });
}

function keysText({ agentId, keys }: AgentIdentity, gateway: readonly GatewayPublicKeys[]): string {
  return textOf({ agentId, keys: serialisePrivateKeys(keys), gateway: gateway.map(serialisePublicKeys) });
}

const textOf = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;

function parseObject(path: string): Record<string, unknown> {
  const text = readPrivateFile(path);
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // Told below, without the text: it holds secrets.
  }
  throw new EnrolmentFileError(path);
}
