import type { AsnNetworks, Rir } from '@bailiff/contracts/http';
import { type AsnNetworksJob, JOBS } from '@bailiff/contracts/jobs';
import { addressCount, compareNetworks, family, parseNetwork, tryParseNetwork } from '@bailiff/ip';
import { currentCorrelationId } from '@bailiff/nest-kit';
import { Injectable } from '@nestjs/common';
import { isStale } from './address-cache.js';
import { AsNames } from './as-names.js';
import { GeoUnavailableError } from './geo-unavailable.error.js';
import { GeoLookups } from './geo-lookups.js';
import { isAsn } from './geo-result.js';
import { KnownAddresses } from './known-addresses.js';
import { isPublicAddress } from './public-address.js';

/** Longest wait for a worker's answer, milliseconds. */
const TIMEOUT_MS = 10_000;

/** Where an address is and whose it is; null where nobody knows. */
export interface AddressFacts {
  /** ISO 3166-1 alpha-2. */
  readonly country: string | null;
  readonly asn: number | null;
  /** Untrusted text. */
  readonly asName: string | null;
  readonly rir: Rir | null;
  /** Whether the answer is old, or there is none yet: a newer one was asked for. */
  readonly isStale: boolean;
}

/** Which network an address belongs to. */
export type NetworkFacts = Pick<AddressFacts, 'asn' | 'asName'>;

const NOTHING = { country: null, asn: null, asName: null, rir: null };

/** What is known of addresses and networks, for everybody who shows it. */
@Injectable()
export class NetworkInfo {
  constructor(
    private readonly known: KnownAddresses,
    private readonly names: AsNames,
    private readonly lookups: GeoLookups,
  ) {}

  /**
   * What is known now of canonical single addresses; never waits for a resolution. What is unknown or old is asked for, and
   * comes to open browsers as `geo_resolved`.
   */
  async describe(addresses: readonly string[]): Promise<Map<string, AddressFacts>> {
    const found = await this.known.find(addresses);
    const names = await this.names.find([...found.values()].flatMap(({ asn }) => asn ?? []));
    this.lookups.notice(addresses);
    const now = Date.now();
    return new Map(
      addresses.map((address) => {
        const known = found.get(address);
        if (known === undefined) return [address, { ...NOTHING, isStale: isPublicAddress(address) }];
        const { country, asn, rir } = known;
        const asName = asn === null ? null : (names.get(asn) ?? null);
        return [address, { country, asn, asName, rir, isStale: isStale(known, now) && isPublicAddress(address) }];
      }),
    );
  }

  /** Operators of systems by number; those nobody knows are left out. Untrusted text. */
  asNames(asns: readonly number[]): Promise<Map<number, string>> {
    return this.names.find(asns);
  }

  /**
   * Every network a system announces, by the worker's data: the fewest that cover it and may be banned, sorted, at most 20,000.
   * @throws {GeoUnavailableError} when no worker answers in time
   */
  async networksOf(asn: number, timeoutMs = TIMEOUT_MS): Promise<string[]> {
    const payload: AsnNetworksJob = { v: 1, correlationId: currentCorrelationId(), asn };
    let result: unknown;
    try {
      result = await this.lookups.run(JOBS.asnNetworks, payload, `${JOBS.asnNetworks}-${asn}`, timeoutMs);
    } catch (error) {
      throw new GeoUnavailableError(error);
    }
    const networks = networksFrom(result, asn);
    if (networks === undefined) throw new GeoUnavailableError(new Error('the answer is none'));
    return networks;
  }

  /** {@link networksOf} with its operator and size. @throws {GeoUnavailableError} */
  async announcedBy(asn: number): Promise<AsnNetworks> {
    const networks = (await this.networksOf(asn)).map(parseNetwork).sort(compareNetworks);
    const ipv4 = networks.filter((network) => family(network) === 4);
    const names = await this.names.find([asn]);
    return {
      asn,
      name: names.get(asn) ?? null,
      networks,
      ipv4Addresses: ipv4.reduce((sum, network) => sum + Number(addressCount(network)), 0),
      ipv4Networks: ipv4.length,
      ipv6Networks: networks.length - ipv4.length,
    };
  }
}

/** The worker parses the internet: only canonical networks pass. */
function networksFrom(result: unknown, asn: number): string[] | undefined {
  if (typeof result !== 'object' || result === null) return undefined;
  const { asn: answered, networks } = result as { asn?: unknown; networks?: unknown };
  if (!isAsn(answered) || answered !== asn || !Array.isArray(networks)) return undefined;
  return (networks as unknown[]).filter(
    (network): network is string => typeof network === 'string' && tryParseNetwork(network) === network,
  );
}
