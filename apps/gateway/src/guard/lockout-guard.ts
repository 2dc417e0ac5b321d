import { networkInterfaces } from 'node:os';
import type { GuardFinding } from '@bailiff/contracts/http';
import { parseNetwork, tryParseAddress, tryParseNetwork, type IpNetwork } from '@bailiff/ip';
import { Database } from '@bailiff/persistence';
import { Injectable } from '@nestjs/common';
import type { Actor } from '../auth/actor.js';
import { ProtectedAddressError } from '../bans/ban.errors.js';
import { findGuarded, type Guarded } from './find-guarded.js';
import { ProtectedList } from './protected-list.js';

const LOOPBACK = ['127.0.0.0/8', '::1'].map(parseNetwork);
/** A browser that was not heard of for this long is where it was no more, milliseconds. */
const SESSION_FRESH_MS = 24 * 3_600_000;

/**
 * The lock-out guard: what must not be banned without force, whoever asks and however: by hand, in bulk, by a rule. The
 * host's own addresses are guarded by its agent, which knows them.
 */
@Injectable()
export class LockoutGuard {
  constructor(
    private readonly database: Database,
    private readonly list: ProtectedList,
  ) {}

  /**
   * What each target would lock out; targets that lock nobody out are not named.
   * @param targets canonical networks, any number of them
   * @param actor who asks; its address is protected first
   */
  async check(targets: readonly IpNetwork[], actor: Pick<Actor, 'address'>): Promise<GuardFinding[]> {
    return findGuarded(targets, await this.guarded(actor));
  }

  /** @throws {ProtectedAddressError} naming what would be locked out, when anything would */
  async assertHarmless(targets: readonly IpNetwork[], actor: Pick<Actor, 'address'>): Promise<void> {
    const findings = await this.check(targets, actor);
    if (findings.length > 0) throw new ProtectedAddressError(findings);
  }

  /** Everything that is guarded now. */
  async guarded(actor: Pick<Actor, 'address'>): Promise<Guarded[]> {
    const nowMs = Date.now();
    const { sessions, allow } = this.database.read;
    const [open, listed, allowed] = await Promise.all([sessions.list(nowMs), this.list.entries(), allow.list(nowMs)]);
    const fresh = open.filter(({ lastSeenAtMs }) => nowMs - lastSeenAtMs < SESSION_FRESH_MS);
    return [
      ...guard('operator', null, actor.address),
      ...fresh.flatMap(({ address }) => guard('session', null, address)),
      ...gatewayAddresses().map((network) => ({ network, owner: 'gateway' as const, note: null })),
      ...listed.flatMap(({ address, comment }) => guard('protected', comment, address)),
      ...allowed.flatMap(({ address, comment }) => guard('allowed', comment, address)),
    ];
  }
}

function guard(owner: Guarded['owner'], note: string | null, text: string | null): Guarded[] {
  const network = text === null ? undefined : tryParseNetwork(text);
  return network === undefined ? [] : [{ network, owner, note }];
}

// Asked each time: interfaces come and go, and a ban by hand is rare.
function gatewayAddresses(): IpNetwork[] {
  const found = Object.values(networkInterfaces()).flatMap((entries) =>
    (entries ?? []).flatMap(({ address }) => tryParseAddress(address.replace(/%.*$/, '')) ?? []),
  );
  return [...LOOPBACK, ...found];
}
