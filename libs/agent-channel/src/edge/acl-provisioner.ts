import type { Redis } from 'ioredis';
import { EdgeError } from '../errors/edge.error.js';
import { connectRedis, type RedisTarget } from '../streams/redis-connection.js';
import { agentAclRules, agentOfUser, agentUserName } from './acl.js';

/** Something an agent's Redis user tried and may not: a sign of intrusion. */
export interface AclDenial {
  readonly agentId: string;
  /** `command`, `key`, `channel` or `auth`. */
  readonly reason: string;
  /** The command or key refused. */
  readonly object: string;
  /** How often. */
  readonly count: number;
}

const LOG_LENGTH = 1_000;
const COMMAND_TIMEOUT_MS = 5_000;

/** Makes and removes the agents' Redis users. Holds the provisioner's connection, so only enrolment and the watchdog use it. */
export class AclProvisioner {
  private readonly redis: Redis;
  private connecting: Promise<void> | undefined;
  private lastFailure: Error | undefined;

  constructor(target: RedisTarget) {
    this.redis = connectRedis(target, (error) => (this.lastFailure = error));
  }

  /**
   * Creates an agent's user, or replaces it with exactly the rights of an agent.
   * @param passwordSha256Hex 64 lower-case hex digits
   * @throws {AgentIdError} {@link EdgeError}
   */
  async provision(agentId: string, passwordSha256Hex: string): Promise<void> {
    const rules = agentAclRules(agentId, passwordSha256Hex);
    await this.run('ACL', 'SETUSER', agentUserName(agentId), 'reset', ...rules);
    await this.save();
  }

  /** Removes an agent's user, which also closes its connections. Drop its streams with `GatewayEndpoint.refresh`. */
  async revoke(agentId: string): Promise<void> {
    await this.run('ACL', 'DELUSER', agentUserName(agentId));
    await this.save();
  }

  /** Locks an agent out, at once and on every connection, until `release`. */
  async quarantine(agentId: string): Promise<void> {
    const user = agentUserName(agentId);
    await this.run('ACL', 'SETUSER', user, 'off');
    // `off` alone leaves live connections working.
    await this.run('CLIENT', 'KILL', 'USER', user).catch((error: unknown) => {
      if (!isReply(error, 'No such')) throw error;
    });
    await this.save();
  }

  /** Lets a quarantined agent in again, with its password. */
  async release(agentId: string): Promise<void> {
    await this.run('ACL', 'SETUSER', agentUserName(agentId), 'on');
    await this.save();
  }

  /** Second password for an agent, or the end of the old one: add the new, let the agent reconnect, drop the old. */
  async addPassword(agentId: string, passwordSha256Hex: string): Promise<void> {
    agentAclRules(agentId, passwordSha256Hex);
    await this.run('ACL', 'SETUSER', agentUserName(agentId), `#${passwordSha256Hex}`);
    await this.save();
  }

  /** Ends a password; see `addPassword`. */
  async dropPassword(agentId: string, passwordSha256Hex: string): Promise<void> {
    agentAclRules(agentId, passwordSha256Hex);
    await this.run('ACL', 'SETUSER', agentUserName(agentId), `!${passwordSha256Hex}`);
    await this.save();
  }

  /** What agents' users were refused since the last poll. Empties Redis' log. */
  async pollAclLog(): Promise<AclDenial[]> {
    // Both in one packet: Redis runs them one after the other, so that nothing falls between.
    const [log] = await Promise.all([this.run('ACL', 'LOG', LOG_LENGTH), this.run('ACL', 'LOG', 'RESET')]);
    return Array.isArray(log) ? log.flatMap((entry: unknown) => readDenial(entry)) : [];
  }

  close(): Promise<void> {
    this.redis.disconnect();
    return Promise.resolve();
  }

  private async save(): Promise<void> {
    try {
      await this.run('ACL', 'SAVE');
    } catch (error) {
      // A Redis without an aclfile keeps users elsewhere; that is its operator's choice.
      if (!isReply(error, 'not configured to use an ACL file')) throw error;
    }
  }

  private async run(command: string, ...args: (string | number)[]): Promise<unknown> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        this.redis.disconnect(true);
        reject(new EdgeError('edge/time-out', 'operational', 'The agents’ Redis does not answer'));
      }, COMMAND_TIMEOUT_MS);
    });
    try {
      return await Promise.race([this.connected().then(() => this.redis.call(command, ...args)), late]);
    } catch (cause) {
      if (cause instanceof EdgeError) throw cause;
      const [verb = ''] = args;
      throw new EdgeError('edge/refused', 'operational', `${command} ${verb} failed on the agents’ Redis`, { cause });
    } finally {
      clearTimeout(timer);
    }
  }

  private async connected(): Promise<void> {
    if (this.redis.status === 'ready') return;
    if (this.redis.status === 'wait') this.connecting = this.redis.connect();
    try {
      await (this.connecting ?? new Promise<void>((resolve) => this.redis.once('ready', () => resolve())));
    } catch (cause) {
      // What `connect` rejects with says only that the connection is closed.
      throw (
        this.lastFailure ??
        new EdgeError('edge/unreachable', 'operational', 'The agents’ Redis cannot be reached', { cause })
      );
    } finally {
      this.connecting = undefined;
    }
  }
}

function isReply(error: unknown, text: string): boolean {
  const cause = error instanceof EdgeError ? error.cause : error;
  return cause instanceof Error && cause.message.includes(text);
}

function readDenial(entry: unknown): AclDenial[] {
  if (!Array.isArray(entry)) return [];
  const fields = new Map<unknown, unknown>();
  for (let i = 0; i + 1 < entry.length; i += 2) fields.set(entry[i], entry[i + 1]);
  const [user, reason, object, count] = ['username', 'reason', 'object', 'count'].map((name) => fields.get(name));
  const agentId = typeof user === 'string' ? agentOfUser(user) : undefined;
  if (agentId === undefined || typeof reason !== 'string' || typeof object !== 'string') return [];
  return [{ agentId, reason, object: object.slice(0, 200), count: Number(count) }];
}
