import type { BanCheck, BanCheckRequest, JailWithoutNetworks } from '@bailiff/contracts/http';
import { addressCount, isAddress, isPrivateOrReserved, parseNetwork } from '@bailiff/ip';
import { Injectable } from '@nestjs/common';
import type { Actor } from '../auth/actor.js';
import { AgentCommands } from '../channel/agent-commands.js';
import { CommandFailedError } from '../channel/command-failure.js';
import { LockoutGuard } from '../guard/lockout-guard.js';
import { isTooWide } from './ban-targets.js';

/** Hosts are asked beside one another; one that does not answer holds nobody up for longer, milliseconds. */
const ASK_MS = 4_000;
const REMEMBERED_MS = 60_000;

interface Remembered {
  readonly atMs: number;
  readonly jails: Promise<readonly JailWithoutNetworks[]>;
}

/** Says what a ban would mean before it is asked for. */
@Injectable()
export class BanCheckService {
  private readonly remembered = new Map<string, Remembered>();

  constructor(
    private readonly guard: LockoutGuard,
    private readonly commands: AgentCommands,
  ) {}

  async check(actor: Actor, { addresses, hostIds = [], jails = [] }: BanCheckRequest): Promise<BanCheck> {
    const targets = [...new Set(addresses.map(parseNetwork))];
    const findings = new Map((await this.guard.check(targets, actor)).map((finding) => [finding.address, finding]));
    const families = new Set(
      targets.filter((target) => !isAddress(target)).map((target) => (target.includes(':') ? 6 : 4)),
    );
    const without =
      families.size === 0 || jails.length === 0
        ? []
        : (await Promise.all(hostIds.map((hostId) => this.withoutNetworks(hostId, jails)))).flat();
    return {
      targets: targets.map((address) => ({
        address,
        size: String(addressCount(address)),
        isTooWide: isTooWide(address),
        isPrivate: isPrivateOrReserved(address),
        guard: findings.get(address) ?? null,
      })),
      jailsWithoutNetworks: without.filter(({ family }) => families.has(family)),
    };
  }

  /** Jails of a host whose actions take no networks. A host that cannot be asked has none: it decides itself. */
  withoutNetworks(hostId: string, jails: readonly string[]): Promise<readonly JailWithoutNetworks[]> {
    const key = `${hostId} ${jails.join()}`;
    const known = this.remembered.get(key);
    if (known !== undefined && Date.now() - known.atMs < REMEMBERED_MS) return known.jails;
    if (this.remembered.size > 1_000) this.remembered.clear();
    // Remembered while it is asked for: a preview asks about the same jail hundreds of times at once.
    const asked = this.ask(hostId, jails).catch((error: unknown) => {
      this.remembered.delete(key);
      if (error instanceof CommandFailedError) return [];
      throw error;
    });
    this.remembered.set(key, { atMs: Date.now(), jails: asked });
    return asked;
  }

  private async ask(hostId: string, jails: readonly string[]): Promise<readonly JailWithoutNetworks[]> {
    const answer = await this.commands.command(hostId, 'jails.networks', { jails: [...jails] }, ASK_MS);
    return answer.jails
      .filter(({ jail }) => jails.includes(jail))
      .flatMap(({ jail, ipv4, ipv6, action }): JailWithoutNetworks[] => [
        ...(ipv4 === 'no' ? [{ hostId, jail, family: 4 as const, action: action ?? '' }] : []),
        ...(ipv6 === 'no' ? [{ hostId, jail, family: 6 as const, action: action ?? '' }] : []),
      ]);
  }
}
