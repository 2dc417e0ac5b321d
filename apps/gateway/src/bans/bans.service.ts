import type { BanRequest, BanResult, UnbanRequest } from '@bailiff/contracts/http';
import { parseNetwork } from '@bailiff/ip';
import { Database, type Host } from '@bailiff/persistence';
import { Injectable } from '@nestjs/common';
import type { Actor } from '../auth/actor.js';
import { AuditService } from '../audit/audit.service.js';
import { AgentCommands } from '../channel/agent-commands.js';
import { CommandFailedError } from '../channel/command-failure.js';
import { LockoutGuard } from '../guard/lockout-guard.js';
import { RevokedHostError, UnknownHostError } from '../hosts/host.errors.js';
import { everythingOutcome, readOutcomes, toBanResult, type HostAnswer } from './ban-outcomes.js';
import { banTargets, unbanTargets } from './ban-targets.js';
import { BanRequestError } from './ban.errors.js';
import { BanNotes } from './ban-notes.js';
import { LiftedBans } from './lifted-bans.js';

/** What is asked of each host, and how it is written into the audit log. */
interface Act {
  readonly action: 'ban.apply' | 'ban.lift' | 'ban.lift-everything';
  readonly target: string;
  readonly details: object;
  run(hostId: string): Promise<HostAnswer>;
}

/** Bans and unbans by hand, on one host or many at once. */
@Injectable()
export class BansService {
  constructor(
    private readonly database: Database,
    private readonly commands: AgentCommands,
    private readonly guard: LockoutGuard,
    private readonly audit: AuditService,
    private readonly notes: BanNotes,
    private readonly lifted: LiftedBans,
  ) {}

  /**
   * Bans addresses now, in each jail of each host. Answers once every host has answered or failed.
   * @throws {ProtectedAddressError} when someone would be locked out by an address that is not in `forced`
   * @throws {NetworkTooWideError} {@link UnknownHostError} {@link RevokedHostError}
   * @throws {CommandFailedError} when no host carried it out
   */
  async ban(actor: Actor, request: BanRequest): Promise<BanResult> {
    const { hostIds, jails, durationSeconds, reason = null } = request;
    if (durationSeconds === 0) throw new BanRequestError([{ pointer: '/durationSeconds', detail: 'must not be 0' }]);
    const addresses = banTargets(request.addresses, jails);
    const named = new Set((request.forced ?? []).map(parseNetwork));
    const forced = addresses.filter((address) => named.has(address));
    await this.guard.assertHarmless(
      addresses.filter((address) => !named.has(address)),
      actor,
    );
    const lasting = durationSeconds === undefined ? {} : { durationSeconds };
    return this.onEachHost(actor, hostIds, {
      action: 'ban.apply',
      target: targetText(addresses, jails),
      details: { jails, addresses, forced, reason, ...lasting },
      run: async (hostId) => {
        const args = { jails, addresses, ...(forced.length > 0 ? { forced } : {}), ...lasting };
        const result = await this.commands.command(hostId, 'bans.ban', args);
        const outcomes = readOutcomes(hostId, result);
        await this.notes.keep(actor, outcomes, { reason, durationSeconds: durationSeconds ?? null });
        return { hostId, outcomes };
      },
    });
  }

  /**
   * Lifts bans: of some addresses, or all of them.
   * @throws {BanRequestError} when neither or both are asked for
   * @throws {UnknownHostError} {@link RevokedHostError} {@link CommandFailedError} when no host carried it out
   */
  async unban(actor: Actor, request: UnbanRequest): Promise<BanResult> {
    const { hostIds, jails, addresses, everything = false, reason = null } = request;
    const inJails = jails === undefined ? {} : { jails };
    if (everything === (addresses !== undefined)) {
      const detail = everything ? 'must be absent when everything is lifted' : 'is missing: what is to be lifted?';
      throw new BanRequestError([{ pointer: '/addresses', detail }]);
    }
    if (addresses === undefined) {
      return this.onEachHost(actor, hostIds, {
        action: 'ban.lift-everything',
        target: jails === undefined ? 'every ban' : `every ban in ${shortList(jails)}`,
        details: { ...inJails, reason },
        run: async (hostId) => {
          const result = await this.commands.command(hostId, 'bans.unban-everything', inJails);
          return { hostId, outcomes: [everythingOutcome(hostId, result)] };
        },
      });
    }
    const targets = unbanTargets(addresses, jails);
    return this.onEachHost(actor, hostIds, {
      action: 'ban.lift',
      target: targetText(targets, jails),
      details: { ...inJails, addresses: targets, reason },
      run: async (hostId) => {
        const known = await this.lifted.before(hostId, targets, jails);
        const result = await this.commands.command(hostId, 'bans.unban', { ...inJails, addresses: targets });
        return { hostId, outcomes: readOutcomes(hostId, result).map(known) };
      },
    });
  }

  private async onEachHost(actor: Actor, hostIds: readonly string[], act: Act): Promise<BanResult> {
    const hosts = await this.hostsOf(hostIds);
    return toBanResult(await Promise.all(hosts.map((host) => this.onHost(actor, host, act))));
  }

  /** One host: intent into the audit log, the command, its result into the audit log. */
  private async onHost(actor: Actor, host: Host, act: Act): Promise<HostAnswer> {
    const { action, target, details } = act;
    const entry = await this.audit.begin({
      actor,
      action,
      host: { id: host.id, name: host.name },
      target,
      after: details,
    });
    let answer: HostAnswer;
    try {
      answer = await act.run(host.id);
    } catch (error) {
      if (!(error instanceof CommandFailedError)) {
        await this.audit.complete(entry, { result: 'unknown', code: 'internal/unexpected' });
        throw error;
      }
      answer = { hostId: host.id, failure: error };
    }
    await this.audit.complete(entry, auditEnd(answer));
    return answer;
  }

  private async hostsOf(hostIds: readonly string[]): Promise<Host[]> {
    const byId = new Map((await this.database.read.hosts.listByIds(hostIds)).map((host) => [host.id, host]));
    return hostIds.map((id) => {
      const host = byId.get(id);
      if (host === undefined) throw new UnknownHostError(id);
      if (host.state === 'revoked') throw new RevokedHostError(id);
      return host;
    });
  }
}

function auditEnd(answer: HostAnswer): { result: 'ok' | 'failed' | 'unknown'; code: string | null } {
  if ('failure' in answer) {
    const { code, isOutcomeUnknown } = answer.failure;
    return { result: isOutcomeUnknown ? 'unknown' : 'failed', code };
  }
  const failed = answer.outcomes.find(({ result }) => result === 'failed');
  return failed === undefined ? { result: 'ok', code: null } : { result: 'failed', code: failed.code };
}

function targetText(addresses: readonly string[], jails: readonly string[] | undefined): string {
  return `${shortList(addresses)} in ${jails === undefined ? 'every jail' : shortList(jails)}`;
}

function shortList(items: readonly string[]): string {
  return items.length <= 3 ? items.join(', ') : `${items.slice(0, 3).join(', ')} and ${items.length - 3} more`;
}
