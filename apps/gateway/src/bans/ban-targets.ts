import { WIDEST_BAN_PREFIX } from '@bailiff/contracts/http';
import { family, parseNetwork, prefixLength, tryParseNetwork, type IpNetwork } from '@bailiff/ip';
import { BanRequestError, NetworkTooWideError } from './ban.errors.js';

/** Most addresses times jails one request may name for a host. */
export const MAX_PAIRS = 10_000;

/**
 * Targets of a ban in canonical form, each once.
 * @throws {NetworkTooWideError} @throws {BanRequestError} when jails times addresses are too many
 */
export function banTargets(addresses: readonly string[], jails: readonly string[]): IpNetwork[] {
  const targets = [...new Set(addresses.map(parseNetwork))];
  const tooWide = targets.find(isTooWide);
  if (tooWide !== undefined) throw new NetworkTooWideError(tooWide);
  assertFits(targets.length, jails.length);
  return targets;
}

/** Whether banning a network would be taken for a mistake. The agent refuses it on its own. */
export function isTooWide(target: IpNetwork): boolean {
  return prefixLength(target) < WIDEST_BAN_PREFIX[family(target)];
}

/** Ban ids to lift: addresses in canonical form, anything else as fail2ban printed it. Each once. */
export function unbanTargets(addresses: readonly string[], jails: readonly string[] | undefined): string[] {
  const targets = [...new Set(addresses.map((address) => tryParseNetwork(address) ?? address))];
  assertFits(targets.length, jails?.length ?? 1);
  return targets;
}

function assertFits(addresses: number, jails: number): void {
  if (addresses * jails <= MAX_PAIRS) return;
  const detail = `times jails must be at most ${MAX_PAIRS}; ask in several requests`;
  throw new BanRequestError([{ pointer: '/addresses', detail }]);
}
