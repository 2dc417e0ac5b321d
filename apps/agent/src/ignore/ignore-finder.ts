import type { IgnoreFindAnswer } from '@bailiff/contracts/agent';
import { type Fail2banClient, isJailName, UnknownJailError } from '@bailiff/fail2ban-protocol';
import { contains, type IpNetwork, NetworkSet, overlaps, parseNetwork, tryParseNetwork } from '@bailiff/ip';
import { localAddresses } from '../commands/own-addresses.js';
import type { HostFail2ban } from '../jails/host-fail2ban.js';
import { sourcesOf } from './ignore-sources.js';
import { PermanentIgnores } from './permanent-ignores.js';

type Match = IgnoreFindAnswer['matches'][number];

const MAX_MATCHES = 2_000;

/** Finds the jails that ignore an address: by their lists as they are in force, and as their files say. */
export class IgnoreFinder {
  readonly #permanent: PermanentIgnores;

  /** @param allowedIn what the allow list keeps in a jail's list */
  constructor(
    private readonly client: Fail2banClient,
    host: HostFail2ban,
    private readonly allowedIn: (jail: string) => readonly string[] = () => [],
  ) {
    this.#permanent = new PermanentIgnores(host);
  }

  /** @param text an address or network, canonical */
  async find(text: string, signal: AbortSignal): Promise<IgnoreFindAnswer> {
    const about = parseNetwork(text);
    const { jails } = await this.client.server.status({ signal });
    const configured = await this.#permanent.configured();
    // What `ignoreself` means, as far as interfaces tell.
    const own = new NetworkSet(localAddresses());
    const matches: Match[] = [];
    let unresolved = 0;
    for (const jail of jails.filter(isJailName)) {
      const lists = await this.#listsOf(jail, signal);
      if (lists === undefined) continue;
      const files = typeof configured === 'string' ? undefined : (configured.get(jail)?.ignoreip ?? []);
      unresolved += lists.running.filter((entry) => tryParseNetwork(entry) === undefined).length;
      matches.push(...matchesOf(jail, about, sourcesOf(lists.running, files, this.allowedIn(jail))));
      if (lists.ignoreself && own.touches(about))
        matches.push({ jail, entry: null, source: 'unknown', isWhole: own.covers(about) });
    }
    return { matches: matches.slice(0, MAX_MATCHES), unresolved };
  }

  /** undefined for a jail that has just gone. */
  async #listsOf(jail: string, signal: AbortSignal) {
    const { filter } = this.client.jail(jail);
    try {
      return { running: await filter.ignoreip({ signal }), ignoreself: (await filter.ignoreself({ signal })) === true };
    } catch (error) {
      if (error instanceof UnknownJailError) return undefined;
      throw error;
    }
  }
}

function matchesOf(jail: string, about: IpNetwork, sources: ReturnType<typeof sourcesOf>): Match[] {
  return sources.flatMap(({ entry, source }) => {
    const network = tryParseNetwork(entry);
    if (network === undefined || !overlaps(network, about)) return [];
    return { jail, entry: entry.slice(0, 4_200), source, isWhole: contains(network, about) };
  });
}
