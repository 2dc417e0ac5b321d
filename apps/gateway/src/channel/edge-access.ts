import { AclProvisioner, EdgeError, EdgeWatchdog } from '@bailiff/agent-channel';
import { Database } from '@bailiff/persistence';
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { AgentChannel } from './agent-channel.js';
import { edgeAuthority, FleetOptions } from './fleet-options.js';
import { HostAlarms } from './host-alarms.js';

/** How often it is looked whether the edge came back, milliseconds. */
const CHECK_EVERY_MS = 2_000;
const ANSWER_WITHIN_MS = 5_000;
/** How long an agent that abused Redis is locked out, milliseconds: it costs Redis a few seconds of abuse an hour at most. */
export const LOCKED_FOR_MS = 3_600_000;

/**
 * Agents' users at the edge Redis: made at enrolment, made again after the edge lost them, removed at revocation, locked
 * when an agent abuses Redis itself.
 */
@Injectable()
export class EdgeAccess implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(EdgeAccess.name);
  private readonly provisioner: AclProvisioner;
  private readonly watchdog: EdgeWatchdog;
  /** Locked out for abusing Redis, and until when (`performance.now()`): bringing Redis down must not let them in again. */
  private readonly quarantined = new Map<string, number>();
  private timer: NodeJS.Timeout | undefined;
  private isRestored = false;
  private isRestoring = false;
  private outagesSeen = 0;

  constructor(
    options: FleetOptions,
    private readonly database: Database,
    private readonly channel: AgentChannel,
    private readonly alarms: HostAlarms,
  ) {
    this.provisioner = new AclProvisioner({ url: options.edgeProvisionRedisUrl, ...edgeAuthority(options) });
    this.watchdog = new EdgeWatchdog({
      url: options.edgeRedisUrl,
      ...edgeAuthority(options),
      provisioner: this.provisioner,
      list: () => this.usableIds(),
      onQuarantine: (hostId, reason) => {
        this.quarantined.set(hostId, performance.now() + LOCKED_FOR_MS);
        this.raise(hostId, 'quarantined', `locked out of Redis for an hour: ${reason}`);
      },
      onDenial: ({ agentId, reason, object, count }) =>
        this.raise(agentId, 'acl_denied', `its Redis user tried ${reason} ${object} (${count} times)`),
      onError: (error) => this.logger.warn({ err: error.message }, 'edge not watched'),
    });
  }

  onApplicationBootstrap(): void {
    void this.watchdog.start();
    void this.check();
    this.timer = setInterval(() => void this.check(), CHECK_EVERY_MS);
    this.timer.unref();
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await Promise.all([this.watchdog.stop(), this.provisioner.close()]);
  }

  /** Lets an agent in with its password. @throws {EdgeError} when the edge cannot be reached */
  async admit(hostId: string, passwordSha256: string): Promise<void> {
    await this.soon(() => this.provisioner.provision(hostId, passwordSha256));
  }

  /** Shuts an agent out for ever, at once. @throws {EdgeError} when the edge cannot be reached */
  async expel(hostId: string): Promise<void> {
    await this.soon(() => this.provisioner.revoke(hostId));
    // A round that began before may have read that the host still belongs, and make its user again after this.
    if (this.isRestoring) this.restoreSoon();
  }

  /** Has users made and removed again as the database says, as soon as the edge can be reached. */
  restoreSoon(): void {
    this.isRestored = false;
  }

  /** Lets in again those whose time is over, at the next check. @param now as `performance.now()` has it */
  releaseDue(now = performance.now()): void {
    for (const [hostId, until] of this.quarantined) {
      if (until > now) continue;
      this.quarantined.delete(hostId);
      this.restoreSoon();
    }
  }

  /** Somebody waits for this: an edge that is away, or goes away meanwhile, is an error now and not a long wait. */
  private async soon(work: () => Promise<void>): Promise<void> {
    if (!this.channel.isConnected) throw new EdgeError('edge/unreachable', 'operational', 'No connection');
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => reject(new EdgeError('edge/time-out', 'operational', 'No answer in time')),
        ANSWER_WITHIN_MS,
      );
    });
    try {
      await Promise.race([work(), late]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Makes every user again once after the edge came (back): it may have been restarted without its users. */
  private async check(): Promise<void> {
    const { isConnected, outageCount } = this.channel;
    if (outageCount !== this.outagesSeen) this.isRestored = false;
    this.outagesSeen = outageCount;
    this.releaseDue();
    if (isConnected && !this.isRestored && !this.isRestoring) await this.restore();
  }

  private async restore(): Promise<void> {
    this.isRestoring = true;
    // Set first: a change that comes meanwhile asks for another round.
    this.isRestored = true;
    try {
      const hosts = await this.database.read.hosts.list();
      for (const { id, state, redisPasswordSha256 } of hosts) {
        // A revocation whose expulsion failed while the edge was away is made good here.
        if (state === 'revoked') await this.provisioner.revoke(id);
        else if (!this.quarantined.has(id)) await this.provisioner.provision(id, redisPasswordSha256);
      }
    } catch (error) {
      this.isRestored = false;
      this.logger.warn({ err: error }, 'agents’ users not restored; trying again');
    } finally {
      this.isRestoring = false;
    }
  }

  private async usableIds(): Promise<string[]> {
    return (await this.database.read.hosts.listUsable()).map(({ agentId }) => agentId);
  }

  private raise(hostId: string, code: string, detail: string): void {
    void this.alarms.raise({ hostId, code, detail, atMs: Date.now() });
  }
}
