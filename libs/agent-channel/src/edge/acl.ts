import { createHash } from 'node:crypto';
import { EdgeError } from '../errors/edge.error.js';
import { assertAgentId } from '../messages/agent-id.js';
import { commandKey, outKey, WAKE_KEY } from '../streams/stream-keys.js';

const SHA256_HEX = /^[0-9a-f]{64}$/;
const AGENT_USER = /^ag-([0-9a-f]{16})$/;

/** SHA-256 of a password in lower-case hex, the only form in which Redis and the gateway know it. */
export function passwordSha256(password: string): string {
  return createHash('sha256').update(password).digest('hex');
}

/** Redis user of an agent. @throws {AgentIdError} */
export function agentUserName(agentId: string): string {
  assertAgentId(agentId);
  return `ag-${agentId}`;
}

/** Id of the agent a Redis user belongs to; undefined for other users. */
export function agentOfUser(userName: string): string | undefined {
  return AGENT_USER.exec(userName)?.[1];
}

function assertHash(hash: string): void {
  // The hash is one word of an ACL rule: anything else could bring rules of its own.
  if (!SHA256_HEX.test(hash)) throw new EdgeError('edge/bad-password-hash', 'user', 'Not a SHA-256 in lower-case hex');
}

/** What an agent may do: read one stream and append to one. @throws {AgentIdError} {@link EdgeError} for a bad hash */
export function agentAclRules(agentId: string, passwordHash: string): string[] {
  assertHash(passwordHash);
  return [
    'on',
    `#${passwordHash}`,
    'resetchannels',
    '-@all',
    `(+xread %R~${commandKey(agentId)})`,
    `(+xadd %W~${outKey(agentId)})`,
  ];
}

export interface EdgeAclOptions {
  readonly gatewayPasswordSha256: string;
  readonly provisionerPasswordSha256: string;
}

/**
 * Lines of the edge Redis' `aclfile`: nobody by default, the gateway (`gw`), and the provisioner (`prov`), which must be
 * treated as an administrator, since whoever may set users can make one with every right.
 * @throws {EdgeError} for a bad hash
 */
export function edgeAclLines({ gatewayPasswordSha256, provisionerPasswordSha256 }: EdgeAclOptions): string[] {
  assertHash(gatewayPasswordSha256);
  assertHash(provisionerPasswordSha256);
  const cmd = 'bailiff:{*}:cmd';
  const out = 'bailiff:{*}:out';
  return [
    'user default off resetchannels -@all',
    `user gw on #${gatewayPasswordSha256} resetchannels -@all` +
      ` (+xadd %W~${cmd} %W~${WAKE_KEY}) (+xread %R~${out} %R~${WAKE_KEY}) (+memory|usage +del ~${out} ~${cmd})`,
    `user prov on #${provisionerPasswordSha256} resetchannels -@all` +
      ' +acl|setuser +acl|deluser +acl|save +acl|log +client|kill',
  ];
}
