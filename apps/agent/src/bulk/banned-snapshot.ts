import type { Fail2banClient } from '@bailiff/fail2ban-protocol';
import { isAddress, NetworkSet, tryParseNetwork, type IpNetwork } from '@bailiff/ip';

/** How long fail2ban's list is taken for what is banned; what this agent's lists do meanwhile is added. */
const FRESH_MS = 15_000;

/**
 * What one jail bans, by exact text. fail2ban looks each id it is asked about up in its whole list (40 ms an id where 30,000 are
 * banned, nobody else served meanwhile), so that the list itself is the cheaper question; it is asked for only when networks
 * come up, and seldom.
 */
export class BannedSnapshot {
  #banned = new Set<string>();
  #jail: string | undefined;
  #atMs = -Infinity;

  constructor(private readonly client: Fail2banClient) {}

  /** Those of some ids that are banned. @param isAnew whether what is known from before does not do */
  async among(jail: string, ids: readonly string[], signal: AbortSignal, isAnew = false): Promise<ReadonlySet<string>> {
    if (ids.length === 0) return new Set();
    const banned = await this.#of(jail, signal, isAnew);
    return new Set(ids.filter((id) => banned.has(id)));
  }

  /** Banned ids inside any of some networks that are not banned themselves yet. */
  async inside(jail: string, networks: readonly IpNetwork[], signal: AbortSignal): Promise<string[]> {
    const banned = await this.#of(jail, signal, false);
    const wide = networks.filter((network) => !isAddress(network) && !banned.has(network));
    if (wide.length === 0) return [];
    const set = new NetworkSet(wide);
    return [...banned].filter((id) => {
      const network = tryParseNetwork(id);
      return network !== undefined && set.covers(network);
    });
  }

  /** fail2ban has banned these. */
  add(jail: string, ids: Iterable<string>): void {
    if (jail === this.#jail) for (const id of ids) this.#banned.add(id);
  }

  /** fail2ban has unbanned these. */
  remove(jail: string, ids: Iterable<string>): void {
    if (jail === this.#jail) for (const id of ids) this.#banned.delete(id);
  }

  /** fail2ban may have started anew, or the list is through. */
  forget(): void {
    this.#banned = new Set();
    this.#jail = undefined;
  }

  async #of(jail: string, signal: AbortSignal, isAnew: boolean): Promise<ReadonlySet<string>> {
    if (isAnew || jail !== this.#jail || performance.now() - this.#atMs > FRESH_MS) {
      this.forget();
      const ids = await this.client.jail(jail).bans.listUnsorted({ signal, priority: 'bulk' });
      this.#banned = new Set(ids.map(canonical));
      this.#jail = jail;
      this.#atMs = performance.now();
    }
    return this.#banned;
  }
}

/** fail2ban spells some IPv6 addresses with an IPv4 tail. */
function canonical(id: string): string {
  return id.includes(':') && id.includes('.') ? (tryParseNetwork(id) ?? id) : id;
}
