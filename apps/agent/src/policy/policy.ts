import { isAbsolute, normalize } from 'node:path';
import { POLICY_GROUPS, type PolicyGroup } from '@bailiff/contracts/http';
import { NetworkSet, tryParseNetwork, type IpNetwork } from '@bailiff/ip';
import { AgentError } from '../state/agent.error.js';

/** What the host's administrator allows the console to do; only they can change it, on the host. */
export interface Policy {
  readonly groups: ReadonlySet<PolicyGroup>;
  /** Folders under which log files may be read. */
  readonly logRoots: readonly string[];
  /** Never banned on the console's behalf, unless forced. */
  readonly protectedNetworks: NetworkSet;
}

/** `policy.json` is not what it must be; nothing is allowed until it is mended. */
export class PolicyError extends AgentError {
  constructor(problem: string, options?: ErrorOptions) {
    super('agent/policy-invalid', 'user', `policy.json: ${problem}`, options);
  }
}

/** What a fresh enrolment grants when nothing else was asked for. */
export const DEFAULT_GROUPS: readonly PolicyGroup[] = ['read', 'ban'];
const DEFAULT_LOG_ROOTS: readonly string[] = ['/var/log'];
const KNOWN_KEYS: readonly string[] = ['groups', 'logRoots', 'protected'];
const MAX_ENTRIES = 10_000;

/** Text of a new `policy.json`. @param logRoot a folder of log files besides the usual ones @throws {PolicyError} when it is none */
export function renderPolicy(groups: readonly PolicyGroup[], logRoot?: string): string {
  const logRoots = [...DEFAULT_LOG_ROOTS, ...(logRoot === undefined ? [] : [rootOf(logRoot)])];
  return `${JSON.stringify({ groups, logRoots, protected: [] }, null, 2)}\n`;
}

/**
 * Reads the text of `policy.json`: `groups`, `logRoots` and `protected`, nothing else.
 * @throws {PolicyError} naming what is wrong
 */
export function parsePolicy(text: string): Policy {
  const value = parseJson(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new PolicyError('is not a JSON object');
  const unknown = Object.keys(value).filter((key) => !KNOWN_KEYS.includes(key));
  if (unknown.length > 0) throw new PolicyError(`has unknown keys: ${unknown.join(', ')}`);
  const { groups, logRoots = [], protected: networks = [] } = value as Record<string, unknown>;
  return {
    groups: new Set(strings('groups', groups).map(groupOf)),
    logRoots: strings('logRoots', logRoots).map(rootOf),
    protectedNetworks: new NetworkSet(strings('protected', networks).map(networkOf)),
  };
}

/**
 * Reads a list such as `read,ban` from the command line.
 * @throws {PolicyError} when it names a group that does not exist, or none
 */
export function parseGroups(text: string): PolicyGroup[] {
  const names = text.split(',').map((name) => name.trim());
  return [...new Set(names.map(groupOf))];
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new PolicyError('is not JSON', { cause });
  }
}

function strings(key: string, value: unknown): string[] {
  const isList = Array.isArray(value) && value.length <= MAX_ENTRIES;
  if (!isList || !value.every((item): item is string => typeof item === 'string'))
    throw new PolicyError(`"${key}" is not a list of strings`);
  return value;
}

function groupOf(name: string): PolicyGroup {
  const group = POLICY_GROUPS.find((known) => known === name);
  if (group === undefined) throw new PolicyError(`no group is named "${name}"; there are ${POLICY_GROUPS.join(', ')}`);
  return group;
}

function rootOf(path: string): string {
  if (!isAbsolute(path) || normalize(path) !== path || path === '/' || path.includes('\0'))
    throw new PolicyError(`"${path}" is not a plain absolute folder below /`);
  return path;
}

function networkOf(text: string): IpNetwork {
  const network = tryParseNetwork(text);
  if (network === undefined) throw new PolicyError(`"${text}" is not an address or network`);
  return network;
}
