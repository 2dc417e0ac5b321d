import { WIDEST_BAN_PREFIX } from '@bailiff/contracts/http';
import { family, NetworkSet, parseNetwork, prefixLength, type IpNetwork } from '@bailiff/ip';

/** Why an address must not be banned. */
export interface GuardVerdict {
  readonly code: 'ban/too-wide' | 'ban/protected-address';
  readonly detail: string;
}

/** This host speaking to itself, and nobody's address. */
const NEVER = new NetworkSet(['127.0.0.0/8', '::1', '0.0.0.0/8', '::'].map(parseNetwork));

/** What the host itself refuses to ban, whoever asks. */
export class BanGuard {
  readonly #own: NetworkSet;
  readonly #allowed: NetworkSet;

  /**
   * @param own the host's and the gateway's addresses
   * @param protectedNetworks the host administrator's list
   * @param allowed what is on the allow list
   */
  constructor(
    own: Iterable<IpNetwork>,
    private readonly protectedNetworks: NetworkSet,
    allowed: Iterable<IpNetwork> = [],
  ) {
    this.#own = new NetworkSet(own);
    this.#allowed = new NetworkSet(allowed);
  }

  /** @param force whether protected addresses are banned all the same; too wide networks never are */
  judge(network: IpNetwork, force: boolean): GuardVerdict | undefined {
    const widest = WIDEST_BAN_PREFIX[family(network)];
    if (prefixLength(network) < widest)
      return { code: 'ban/too-wide', detail: `${network} is wider than /${widest}; nothing was banned` };
    if (force) return undefined;
    const why = this.#whyProtected(network);
    if (why === undefined) return undefined;
    return { code: 'ban/protected-address', detail: `${network} ${why}; it was not banned` };
  }

  #whyProtected(network: IpNetwork): string | undefined {
    if (NEVER.touches(network)) return 'covers addresses of this host itself';
    if (this.#own.touches(network)) return 'covers an address of this host, of its default gateway or of the console';
    if (this.protectedNetworks.touches(network)) return "covers an address that the host's policy protects";
    if (this.#allowed.touches(network)) return 'covers an address that is on the allow list';
    return undefined;
  }
}
