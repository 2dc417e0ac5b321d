import type { Ipv6Candidate, Ipv6Policy, Ipv6Preview } from '@bailiff/contracts/http';
import { Database, type ActiveBan, type IngestResult } from '@bailiff/persistence';
import { isAddress, parseNetwork, tryParseAddress } from '@bailiff/ip';
import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Actor, SYSTEM_ACTOR } from '../auth/actor.js';
import { AuditService } from '../audit/audit.service.js';
import { BanCheckService } from '../bans/ban-check.service.js';
import { FleetEvents } from '../channel/fleet-events.js';
import { LockoutGuard } from '../guard/lockout-guard.js';
import { HostNames } from '../hosts/host-names.js';
import { type PrefixGroup, PrefixGroups, prefixOf } from './ipv6-groups.js';
import { PrefixBans } from './prefix-bans.js';

const KEY = 'ipv6-policy';
const OFF: Ipv6Policy = { enabled: false, prefixLength: 64, threshold: 4 };
const SLICE = 2_000;
/** Bans looked through for a preview. */
const MAX_EXAMINED = 100_000;
/** Prefixes a preview shows. */
const MAX_SHOWN = 500;

type Rule = Pick<Ipv6Policy, 'prefixLength' | 'threshold'>;

/** Bans the prefix where several of its addresses are banned: for IPv6, where one attacker has billions of addresses. */
@Injectable()
export class Ipv6PolicyService implements OnModuleInit {
  private readonly logger = new Logger(Ipv6PolicyService.name);

  constructor(
    private readonly database: Database,
    private readonly audit: AuditService,
    private readonly guard: LockoutGuard,
    private readonly checks: BanCheckService,
    private readonly names: HostNames,
    private readonly events: FleetEvents,
    private readonly prefixBans: PrefixBans,
  ) {}

  onModuleInit(): void {
    this.events.onStored((hostId, result) => void this.noticed(hostId, result));
  }

  async policy(): Promise<Ipv6Policy> {
    const stored = await this.database.read.settings.get(KEY);
    // Only change() writes there.
    return typeof stored === 'object' && stored !== null ? { ...OFF, ...stored } : OFF;
  }

  /** Sets the rule; switched on, it is applied at once to what is banned now. */
  async change(actor: Actor, { enabled, prefixLength, threshold }: Ipv6Policy): Promise<Ipv6Policy> {
    const after: Ipv6Policy = { enabled, prefixLength, threshold };
    const before = await this.policy();
    await this.database.withTransaction(async (repositories) => {
      await repositories.settings.set(KEY, after, Date.now());
      await this.audit.record(repositories, { actor, action: 'ipv6-policy.change', before, after });
    });
    if (enabled) void this.applyNow(after);
    return after;
  }

  /** What a rule would do now. Nothing is changed. */
  async preview(rule: Rule): Promise<Ipv6Preview> {
    const { groups, examined } = await this.groups(rule);
    const names = await this.names.load();
    const first = groups.slice(0, MAX_SHOWN);
    const guarded = await this.guardedAmong(first);
    const shown = await Promise.all(
      first.map(async (group): Promise<Ipv6Candidate> => {
        const { hostId, jail, prefix, addresses, expiresAtMs } = group;
        return {
          hostId,
          hostName: names.get(hostId) ?? hostId,
          jail,
          prefix,
          addresses,
          expiresAt: expiresAtMs === null ? null : new Date(expiresAtMs).toISOString(),
          hindrance: await this.hindrance(group, guarded),
        };
      }),
    );
    return { candidates: shown, examined };
  }

  private async applyNow(rule: Rule): Promise<void> {
    try {
      for (const group of (await this.groups(rule)).groups) await this.apply(group);
    } catch (error) {
      this.logger.error({ err: error }, 'IPv6 rule not applied to what is banned');
    }
  }

  /** Bans came in: their prefixes are looked at. */
  private async noticed(hostId: string, { events }: IngestResult): Promise<void> {
    const fresh = events.flatMap(({ event, active }) => (active === null || event.kind !== 'ban' ? [] : [event]));
    const singles = fresh.filter(({ address }) => address.includes(':') && tryParseAddress(address) !== undefined);
    if (singles.length === 0) return;
    try {
      const rule = await this.policy();
      if (!rule.enabled) return;
      const keys = new Set(singles.map(({ jail, address }) => `${prefixOf(address, rule.prefixLength)} ${jail}`));
      for (const key of keys) {
        const [prefix = '', jail = ''] = key.split(' ', 2);
        const inside = await this.database.read.activeBans.inNetwork(parseNetwork(prefix), { hostId, jail });
        const groups = new PrefixGroups(rule);
        groups.add(inside.filter(isSingle));
        const [group] = groups.found();
        // Where the prefix is banned already, its addresses are on their way out.
        if (group !== undefined && inside.every(({ address }) => address !== prefix)) await this.apply(group);
      }
    } catch (error) {
      this.logger.error({ err: error, hostId }, 'IPv6 rule not applied');
    }
  }

  private async apply(group: PrefixGroup): Promise<void> {
    const hindrance = await this.hindrance(group, await this.guardedAmong([group]));
    if (hindrance === null) await this.prefixBans.replace(group);
    else this.logger.log({ ...group, addresses: group.addresses.length, hindrance }, 'IPv6 prefix left alone');
  }

  /** Why each of some prefixes must not be banned, where it must not. */
  private async guardedAmong(groups: readonly PrefixGroup[]): Promise<ReadonlyMap<string, string>> {
    const prefixes = [...new Set(groups.map(({ prefix }) => prefix))];
    const findings = await this.guard.check(prefixes, SYSTEM_ACTOR);
    return new Map(findings.map(({ address, detail }) => [address, detail]));
  }

  private async hindrance(
    { hostId, jail, prefix }: PrefixGroup,
    guarded: ReadonlyMap<string, string>,
  ): Promise<string | null> {
    const detail = guarded.get(prefix);
    if (detail !== undefined) return detail;
    const without = await this.checks.withoutNetworks(hostId, [jail]);
    const action = without.find(({ family }) => family === 6)?.action;
    return action === undefined ? null : `The action ${action} of ${jail} takes single addresses only`;
  }

  private async groups(rule: Rule): Promise<{ groups: PrefixGroup[]; examined: number }> {
    const groups = new PrefixGroups(rule);
    let examined = 0;
    for (let afterId = 0; examined < MAX_EXAMINED;) {
      const slice = await this.database.read.activeBans.ipv6Singles(afterId, SLICE);
      groups.add(slice);
      examined += slice.length;
      const last = slice.at(-1);
      if (last === undefined || slice.length < SLICE) break;
      afterId = last.id;
      await nextTurn();
    }
    return { groups: groups.found(), examined };
  }
}

function isSingle({ address }: ActiveBan): boolean {
  const network = tryParseAddress(address);
  return network !== undefined && isAddress(network);
}
