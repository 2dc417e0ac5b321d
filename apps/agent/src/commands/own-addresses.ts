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
  #remote: readonly IpAddress[] = [];
  #readMs = -Infinity;

  /** @param remoteHosts names or addresses of the gateway and its Redis */
  constructor(private readonly remoteHosts: readonly string[]) {}

  async list(): Promise<IpAddress[]> {
    if (performance.now() - this.#readMs > KEEP_MS) {
      this.#readMs = performance.now();
      this.#remote = await this.#resolve();
    }
    const local = Object.values(networkInterfaces()).flatMap((entries) => entries ?? []);
    const own = local.flatMap(({ address }) => tryParseAddress(address.split('%')[0] ?? '') ?? []);
    return [...own, ...defaultGateways(), ...this.#remote];
  }

  async #resolve(): Promise<IpAddress[]> {
    const found = await Promise.all(this.remoteHosts.map((host) => addressesOf(host)));
    return found.flat();
  }
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
    return []; // A name that does not resolve now protects nothing now.
  } finally {
    clearTimeout(timer);
  }
}
