import { Database } from '@bailiff/persistence';
import { Injectable, Logger } from '@nestjs/common';
import { SYSTEM_ACTOR } from '../auth/actor.js';
import { AuditService } from '../audit/audit.service.js';
import { BanNotes } from '../bans/ban-notes.js';
import { readOutcomes } from '../bans/ban-outcomes.js';
import { AgentCommands } from '../channel/agent-commands.js';
import { CommandFailedError } from '../channel/command-failure.js';
import type { PrefixGroup } from './ipv6-groups.js';

/** After a refusal a prefix is left alone for so long. */
const REST_MS = 10 * 60_000;
const ACTOR = { ...SYSTEM_ACTOR, name: 'ipv6-policy' };

/** Puts the ban of a prefix in the place of those of its addresses: the prefix first, so that nobody gets in between. */
@Injectable()
export class PrefixBans {
  private readonly logger = new Logger(PrefixBans.name);
  /** Prefixes under way, and those that were refused, until when. */
  private readonly resting = new Map<string, number>();

  constructor(
    private readonly database: Database,
    private readonly commands: AgentCommands,
    private readonly audit: AuditService,
    private readonly notes: BanNotes,
  ) {}

  /** Whether it was done. Every try is in the audit log. */
  async replace(group: PrefixGroup): Promise<boolean> {
    const key = `${group.hostId} ${group.jail} ${group.prefix}`;
    if ((this.resting.get(key) ?? 0) > Date.now()) return false;
    this.resting.set(key, Infinity);
    let isDone = false;
    try {
      isDone = await this.audited(group);
    } finally {
      if (isDone) this.resting.delete(key);
      else this.resting.set(key, Date.now() + REST_MS);
    }
    return isDone;
  }

  private async audited(group: PrefixGroup): Promise<boolean> {
    const { hostId, jail, prefix, addresses } = group;
    const host = await this.database.read.hosts.find(hostId);
    if (host === null) return false;
    const entry = await this.audit.begin({
      actor: ACTOR,
      action: 'ban.aggregate',
      host: { id: host.id, name: host.name },
      target: `${prefix} in ${jail}`,
      before: { addresses },
      after: { prefix, jail, expiresAtMs: group.expiresAtMs },
    });
    try {
      const refusal = await this.run(group);
      await this.audit.complete(entry, refusal === null ? { result: 'ok' } : { result: 'failed', code: refusal });
      return refusal === null;
    } catch (error) {
      if (!(error instanceof CommandFailedError)) throw error;
      await this.audit.complete(entry, { result: error.isOutcomeUnknown ? 'unknown' : 'failed', code: error.code });
      this.logger.warn({ hostId, jail, prefix, code: error.code }, 'IPv6 prefix not banned');
      return false;
    }
  }

  /** The code of what stood in the way, or null. */
  private async run({ hostId, jail, prefix, addresses, expiresAtMs }: PrefixGroup): Promise<string | null> {
    const durationSeconds = expiresAtMs === null ? -1 : Math.max(1, Math.ceil((expiresAtMs - Date.now()) / 1_000));
    const args = { jails: [jail], addresses: [prefix], durationSeconds };
    const outcomes = readOutcomes(hostId, await this.commands.command(hostId, 'bans.ban', args));
    const [outcome] = outcomes;
    if (outcome === undefined || outcome.result === 'failed') return outcome?.code ?? 'agent/failed';
    const reason = `${addresses.length} addresses of it were banned`;
    await this.notes.keep(ACTOR, outcomes, { reason, durationSeconds });
    for (let start = 0; start < addresses.length; start += 500)
      await this.commands.command(hostId, 'bans.unban', {
        jails: [jail],
        addresses: addresses.slice(start, start + 500),
      });
    return null;
  }
}
