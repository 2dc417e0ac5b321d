import { lookup } from 'node:dns/promises';
import { networkInterfaces } from 'node:os';
import { tryParseAddress, type IpAddress } from '@bailiff/ip';
import { defaultGateways } from './default-gateways.js';

const KEEP_MS = 60_000;
const LOOKUP_MS = 1_000;

/**
 * Addresses whose ban would cut the host or the console off: the host's own, its default gateways, and the console's and its
 * Redis' as far as their names tell.
 */
export class OwnAddresses {
  /** By name, as last resolved: a name server that fails must not open the way to a ban. */
  readonly #remote = new Map<string, readonly IpAddress[]>();
  #reading: Promise<void> = Promise.resolve();
  #readMs = -Infinity;

  /**
   * @param remoteHosts names or addresses of the gateway and its Redis
   * @param resolve finds the addresses of a name; none when it cannot
   */
  constructor(
    private readonly remoteHosts: readonly string[],
    private readonly resolve: (host: string) => Promise<readonly IpAddress[]> = addressesOf,
  ) {}

  async list(): Promise<IpAddress[]> {
    if (performance.now() - this.#readMs > KEEP_MS) {
      this.#readMs = performance.now();
      this.#reading = this.#read();
    }
    // Whoever asks meanwhile waits as well.
    await this.#reading;
    return [...localAddresses(), ...defaultGateways(), ...[...this.#remote.values()].flat()];
  }

  async #read(): Promise<void> {
    await Promise.all(
      this.remoteHosts.map(async (host) => {
        const found = await this.resolve(host);
        if (found.length > 0) this.#remote.set(host, found);
      }),
    );
  }
}

/** Addresses of this host's interfaces. @throws the system's error when it does not tell: nothing may be banned then */
export function localAddresses(): IpAddress[] {
  const local = Object.values(networkInterfaces()).flatMap((entries) => entries ?? []);
  return local.flatMap(({ address }) => tryParseAddress(address.split('%')[0] ?? '') ?? []);
}

async function addressesOf(host: string): Promise<IpAddress[]> {
  const literal = tryParseAddress(host.replace(/^\[|\]$/g, ''));
  if (literal !== undefined) return [literal];
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<[]>((resolve) => (timer = setTimeout(() => resolve([]), LOOKUP_MS)));
  try {
    const entries = await Promise.race([lookup(host, { all: true }), late]);
    return entries.flatMap(({ address }) => tryParseAddress(address) ?? []);
  } catch {
    return []; // A name that never resolved protects nothing.
  } finally {
    clearTimeout(timer);
  }
}
