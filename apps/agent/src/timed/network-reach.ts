import type { NetworkSupport } from '@bailiff/contracts/agent';
import type { Fail2banClient } from '@bailiff/fail2ban-protocol';
import { family, isAddress, type IpNetwork } from '@bailiff/ip';

/** Whether the actions of a jail put networks into the firewall. */
export interface JailReach {
  readonly jail: string;
  readonly ipv4: NetworkSupport;
  readonly ipv6: NetworkSupport;
  /** The action that takes single addresses only; null when there is none. */
  readonly action: string | null;
  /** Whether the firewall refuses a network while an address inside it is banned, and the other way round. */
  readonly isDisjoint: boolean;
}

type Reach = Pick<JailReach, 'ipv4' | 'ipv6' | 'isDisjoint'>;

const TAKEN: Reach = { ipv4: 'yes', ipv6: 'yes', isDisjoint: false };
const REFUSED: Reach = { ipv4: 'no', ipv6: 'no', isDisjoint: false };
const UNKNOWN: Reach = { ipv4: 'unknown', ipv6: 'unknown', isDisjoint: false };
const REMEMBERED_MS = 30_000;
const MAX_TEXT = 20_000;

/**
 * What an action of fail2ban does with a network, by its own commands. Tried with the actions that fail2ban 1.0.2 and 1.1.1
 * bring: rules (`iptables -s`, ufw, rich rules, routes, pf tables, hosts.deny) take networks; sets of single addresses do not.
 * ipset's `hash:ip` takes those of IPv4 by adding every address, and refuses those of IPv6; nftables' sets refuse all, unless
 * they are made with `flags interval` (1.1.1 does so), and even then they refuse what overlaps.
 * @param start text of `actionstart` and of what it names @param ban text of `actionban`
 */
export function reachOf(start: string, ban: string): Reach {
  const commands = `${start}\n${ban}`;
  if (ban.trim() === '') return UNKNOWN;
  if (/\bipset\b/.test(ban) || /<ipset\w*>/.test(ban)) {
    if (/hash:net\b/.test(commands)) return TAKEN;
    if (/hash:ip\b/.test(commands)) return { ...UNKNOWN, ipv4: 'yes', ipv6: 'no' };
    return UNKNOWN;
  }
  if (/<nftables>|\bnft\b/.test(ban)) {
    if (!/flags[^;}]*\binterval\b/.test(start)) return REFUSED;
    return { ...TAKEN, isDisjoint: !start.includes('auto-merge') };
  }
  if (/<iptables>|\bip6?tables\b/.test(ban)) return /\s-s\s+<ip>/.test(ban) ? TAKEN : UNKNOWN;
  if (
    /\bufw\b|\bip route\b|\bip -[46] route\b|\bpfctl\b|firewall-cmd|hosts\.deny|<daemon_list>|\bshorewall\b/.test(ban)
  )
    return TAKEN;
  return UNKNOWN;
}

/** Why a network is not to be banned in a jail: fail2ban would say that it is, and the firewall would not know of it. */
export function whyNotTaken(reach: JailReach, network: IpNetwork): string | undefined {
  if (isAddress(network) || reach[family(network) === 4 ? 'ipv4' : 'ipv6'] !== 'no') return undefined;
  return `The action ${reach.action ?? ''} of ${reach.jail} takes single addresses only: ${network} would not be in the firewall. It was not banned`;
}

/** Asks fail2ban for the commands of a jail's actions, and remembers for a while. */
export class NetworkReach {
  readonly #known = new Map<string, { readonly reach: JailReach; readonly atMs: number }>();

  constructor(private readonly client: Fail2banClient) {}

  /** @throws {UnknownJailError} and what else the protocol library throws */
  async of(jail: string, options: { readonly signal?: AbortSignal } = {}): Promise<JailReach> {
    const known = this.#known.get(jail);
    if (known !== undefined && performance.now() - known.atMs < REMEMBERED_MS) return known.reach;
    const { actions } = this.client.jail(jail);
    let reach: JailReach = { jail, ...UNKNOWN, action: null };
    for (const name of await actions.names(options)) {
      const text = async (property: string) => {
        const value = await actions.property(name, property, options).catch(() => '');
        return typeof value === 'string' ? value.slice(0, MAX_TEXT) : '';
      };
      const start = await text('actionstart');
      reach = combine(reach, name, reachOf(`${start}\n${await text('addr_options')}`, await text('actionban')));
    }
    this.#known.set(jail, { reach, atMs: performance.now() });
    return reach;
  }

  /** Asks anew next time: fail2ban was configured anew. */
  forget(): void {
    this.#known.clear();
  }
}

/** One action that does not reach the firewall is enough for a ban to be a half truth. */
function combine(reach: JailReach, name: string, { ipv4, ipv6, isDisjoint }: Reach): JailReach {
  const worse = (a: NetworkSupport, b: NetworkSupport): NetworkSupport =>
    a === 'no' || b === 'no' ? 'no' : a === 'yes' || b === 'yes' ? 'yes' : 'unknown';
  const isTheOne = reach.action === null && (ipv4 === 'no' || ipv6 === 'no');
  return {
    ...reach,
    ipv4: worse(reach.ipv4, ipv4),
    ipv6: worse(reach.ipv6, ipv6),
    action: isTheOne ? name : reach.action,
    isDisjoint: reach.isDisjoint || isDisjoint,
  };
}
