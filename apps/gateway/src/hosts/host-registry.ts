import { Database, type EnrolmentToken, type Host } from '@bailiff/persistence';
import { EdgeError, fingerprint, type AgentPublicKeys, serialisePublicKeys } from '@bailiff/agent-channel';
import { Injectable, Logger } from '@nestjs/common';
import { AgentChannel } from '../channel/agent-channel.js';
import { EdgeAccess } from '../channel/edge-access.js';
import { LiveFeed } from '../live/live-feed.js';
import { LiveHosts } from '../live/live-hosts.js';
import { EdgeUnavailableError, EnrolmentTokenError } from './enrolment.errors.js';
import { freeName } from './free-name.js';
import { HostNames } from './host-names.js';

/** What a checked enrolment request brings. */
export interface Newcomer {
  readonly hostId: string;
  readonly hostname: string;
  readonly keys: AgentPublicKeys;
  readonly redisPasswordSha256: string;
}

/** Adds hosts to the fleet and takes them out: rows, Redis users and the channel together. */
@Injectable()
export class HostRegistry {
  private readonly logger = new Logger(HostRegistry.name);

  constructor(
    private readonly database: Database,
    private readonly edge: EdgeAccess,
    private readonly channel: AgentChannel,
    private readonly hostNames: HostNames,
    private readonly feed: LiveFeed,
    private readonly liveHosts: LiveHosts,
  ) {}

  /**
   * Lets a host in, pending until its first signed hello, and uses its token up in the same transaction.
   * The Redis user comes first: when Redis is away the token stays good, and when the token was used meanwhile by a
   * quicker request the user goes again.
   * @throws {EdgeUnavailableError} {@link EnrolmentTokenError}
   */
  async admit(newcomer: Newcomer, token: EnrolmentToken, maxWrongTries: number): Promise<void> {
    const { hostId } = newcomer;
    try {
      await this.edge.admit(hostId, newcomer.redisPasswordSha256);
    } catch (cause) {
      if (cause instanceof EdgeError) throw new EdgeUnavailableError({ cause });
      throw cause;
    }
    let name = newcomer.hostname;
    try {
      await this.database.withTransaction(async ({ enrolmentTokens, hosts }) => {
        const isOurs = await enrolmentTokens.use(token.id, hostId, Date.now(), maxWrongTries);
        if (!isOurs) throw new EnrolmentTokenError('This token was used before');
        name = freeName(newcomer.hostname, new Set((await hosts.listUsable()).map((host) => host.name)));
        await hosts.insert(newHost(newcomer, name, token.isLocal));
      });
    } catch (error) {
      await this.expel(hostId);
      throw error;
    }
    this.hostNames.set(hostId, name);
    await this.channel.refresh();
    this.liveHosts.changed(hostId);
  }

  /**
   * Takes a host out for ever. The flag in the database comes first: from then on its messages are ignored, whatever
   * becomes of Redis. Its archive stays.
   */
  async revoke(hostId: string): Promise<void> {
    await this.database.withTransaction(async ({ hosts }) => {
      await hosts.update(hostId, { state: 'revoked' });
      await hosts.forgetCurrent(hostId);
    });
    await this.expel(hostId);
    await this.channel.refresh();
    this.liveHosts.changed(hostId);
    this.feed.publish({ type: 'resync' });
  }

  private async expel(hostId: string): Promise<void> {
    try {
      await this.edge.expel(hostId);
    } catch (error) {
      if (!(error instanceof EdgeError)) throw error;
      this.logger.warn({ err: error, hostId }, 'agent’s Redis user not removed yet; done when Redis is back');
      this.edge.restoreSoon();
    }
  }
}

function newHost({ hostId, hostname, keys, redisPasswordSha256 }: Newcomer, name: string, isLocal: boolean): Host {
  const { kid, ed25519, x25519 } = serialisePublicKeys(keys);
  return {
    id: hostId,
    agentId: hostId,
    name,
    hostname,
    tags: [],
    state: 'pending',
    isLocal,
    signPublicKey: ed25519,
    sealPublicKey: x25519,
    keyId: kid,
    fingerprint: fingerprint(keys),
    redisPasswordSha256,
    enrolledAtMs: Date.now(),
    lastSeenAtMs: null,
    agentVersion: null,
    fail2banVersion: null,
    socketPath: null,
    policyGroups: [],
    clockSkewMs: null,
    status: null,
    statusAtMs: null,
    alarmCount: 0,
    sessionSid: null,
    sessionBoot: 0,
    sessionSeq: 0,
    streamPosition: null,
    snapshotId: null,
    snapshotNextIndex: 0,
    failureNumber: 0,
  };
}
