import { Database, type AllowEntry, type Host } from '@bailiff/persistence';
import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { AgentCommands } from '../channel/agent-commands.js';
import { CommandFailedError } from '../channel/command-failure.js';
import { FleetEvents } from '../channel/fleet-events.js';
import { Presence } from '../channel/presence.js';
import { concerns } from './allow-view.js';

/** A host says hello a moment before it takes commands. */
const AFTER_HELLO_MS = 500;
const LOOK_EVERY_MS = 15_000;
const PURGE_EVERY_MS = 60_000;
/** A host that refuses is asked again after so long, or when something else is to be allowed. */
const REST_MS = 60_000;
/** Set with the first entry: hosts of a fleet that never had any are told nothing. */
export const ALLOW_USED = 'allow-used';

/**
 * Tells hosts what is allowed on them: all of it, each time, so that nothing stale is left. A host that was offline is told when it
 * says hello; tags and hosts that change are noticed by and by.
 */
@Injectable()
export class AllowSync implements OnModuleInit {
  private readonly logger = new Logger(AllowSync.name);
  /** What each host last confirmed. */
  private readonly confirmed = new Map<string, string>();
  private readonly refused = new Map<string, { readonly stamp: string; readonly untilMs: number }>();
  private readonly running = new Map<string, Promise<void>>();
  private isUsed = false;

  constructor(
    private readonly database: Database,
    private readonly commands: AgentCommands,
    private readonly presence: Presence,
    private readonly events: FleetEvents,
  ) {}

  onModuleInit(): void {
    this.events.onHello((hostId) => {
      this.confirmed.delete(hostId);
      this.refused.delete(hostId);
      setTimeout(() => void this.syncQuietly(hostId), AFTER_HELLO_MS).unref();
    });
  }

  /** Tells hosts that are online what is allowed now; resolves when they have answered. Offline ones are told later. */
  async syncAll(): Promise<void> {
    const hosts = await this.database.read.hosts.listUsable();
    await Promise.all(
      hosts.filter(({ agentId }) => this.presence.isOnline(agentId)).map(({ id }) => this.syncQuietly(id)),
    );
  }

  @Interval(LOOK_EVERY_MS)
  async look(): Promise<void> {
    try {
      await this.syncAll();
    } catch (error) {
      this.logger.warn({ err: error }, 'allow lists not compared');
    }
  }

  @Interval(PURGE_EVERY_MS)
  async purge(): Promise<void> {
    try {
      await this.database.withTransaction(({ allow }) => allow.purgeExpired(Date.now()));
    } catch (error) {
      this.logger.warn({ err: error }, 'allow entries that are over not purged');
    }
  }

  private syncQuietly(hostId: string): Promise<void> {
    // What is asked for while one is under way comes after it, with what is allowed by then.
    const next = (this.running.get(hostId) ?? Promise.resolve()).then(async () => {
      try {
        await this.sync(hostId);
      } catch (error) {
        this.logger.warn({ err: error, hostId }, 'allow list not told');
      }
    });
    this.running.set(hostId, next);
    return next;
  }

  private async sync(hostId: string): Promise<void> {
    if (!(await this.isNeeded())) return;
    const { hosts, allow } = this.database.read;
    const host = await hosts.find(hostId);
    if (host === null || host.state === 'revoked') return;
    const now = Date.now();
    const entries = (await allow.list(now)).filter((entry) => concerns(entry, host));
    const stamp = entries
      .map(({ id, revision }) => `${id} ${revision}`)
      .sort()
      .join();
    const refusal = this.refused.get(hostId);
    if (this.confirmed.get(hostId) === stamp || (refusal?.stamp === stamp && refusal.untilMs > now)) return;
    try {
      const result = await this.commands.command(hostId, 'allow.sync', {
        entries: entries.map((entry) => argsOf(entry, host)),
      });
      const outcomes = new Map(result.entries.map((outcome) => [outcome.id, outcome]));
      await this.answer(host, entries, (id) => outcomes.get(id) ?? { state: 'failed', detail: null });
      if (result.entries.every(({ state }) => state === 'applied')) this.confirmed.set(hostId, stamp);
      else this.refused.set(hostId, { stamp, untilMs: now + REST_MS });
    } catch (error) {
      if (!(error instanceof CommandFailedError)) throw error;
      if (error.code === 'agent/offline') return;
      this.refused.set(hostId, { stamp, untilMs: now + REST_MS });
      await this.answer(host, entries, () => ({
        state: 'failed',
        detail: `${error.code}: ${error.detail}`.slice(0, 300),
      }));
    }
  }

  private answer(
    { id: hostId }: Host,
    entries: readonly AllowEntry[],
    outcomeOf: (id: string) => { readonly state: string; readonly detail: string | null },
  ): Promise<void> {
    const answers = entries.map(({ id, revision }) => {
      const { state, detail } = outcomeOf(id);
      return {
        entryId: id,
        revision,
        state: state === 'applied' ? 'applied' : 'failed',
        detail: detail?.slice(0, 300) ?? null,
      };
    });
    return this.database.withTransaction(({ allow }) => allow.answered(hostId, Date.now(), answers));
  }

  private async isNeeded(): Promise<boolean> {
    this.isUsed ||= (await this.database.read.settings.get(ALLOW_USED)) === true;
    return this.isUsed;
  }
}

/** The end by the host's own clock, which is what its agent goes by. */
function argsOf({ id, address, jails, expiresAtMs }: AllowEntry, { clockSkewMs }: Host) {
  return {
    id,
    address,
    ...(jails === null ? {} : { jails }),
    ...(expiresAtMs === null ? {} : { expiresAtMs: Math.max(0, expiresAtMs + (clockSkewMs ?? 0)) }),
  };
}
