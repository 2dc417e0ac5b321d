import type { AsnNetworks, Rir } from '@bailiff/contracts/http';
import { type AsnNetworksJob, JOBS } from '@bailiff/contracts/jobs';
import { addressCount, family, type IpNetwork, sortKey } from '@bailiff/ip';
import { currentCorrelationId } from '@bailiff/nest-kit';
import { Injectable } from '@nestjs/common';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { isStale } from './address-cache.js';
import { AsNames } from './as-names.js';
import { GeoFailedError, GeoNoDataError } from './geo.errors.js';
import { GeoLookups } from './geo-lookups.js';
import { KnownAddresses } from './known-addresses.js';
import { isPublicAddress } from './public-address.js';
import { readSystemNetworks, type SystemNetworks } from './system-networks.js';

/** Longest wait for a worker's answer, milliseconds. */
const TIMEOUT_MS = 10_000;

/** Networks looked at before others have their turn: some milliseconds. */
const SLICE = 2_000;

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
  /** Questions under way, by system: whoever asks meanwhile shares the answer. */
  private readonly asked = new Map<number, Promise<SystemNetworks>>();

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
   * Every network a system announces, by the worker's data: the fewest that cover it and may be banned, at most 20,000.
   * @throws {GeoUnavailableError} when no worker answers in time @throws {GeoFailedError} when it answers nothing of use
   */
  networksOf(asn: number, timeoutMs = TIMEOUT_MS): Promise<SystemNetworks> {
    const asked = this.asked.get(asn) ?? this.askFor(asn, timeoutMs).finally(() => this.asked.delete(asn));
    this.asked.set(asn, asked);
    return asked;
  }

  /** {@link networksOf} with its operator and size. @throws {GeoUnavailableError} {@link GeoFailedError} {@link GeoNoDataError} */
  async announcedBy(asn: number): Promise<AsnNetworks> {
    const { networks: listed, source, isTruncated } = await this.networksOf(asn);
    if (source === null) throw new GeoNoDataError();
    const networks = await inOrder(listed);
    await nextTurn();
    const ipv4 = networks.filter((network) => family(network) === 4);
    const names = await this.names.find([asn]);
    return {
      asn,
      name: names.get(asn) ?? null,
      networks,
      isTruncated,
      source,
      ipv4Addresses: ipv4.reduce((sum, network) => sum + Number(addressCount(network)), 0),
      ipv4Networks: ipv4.length,
      ipv6Networks: networks.length - ipv4.length,
    };
  }

  private async askFor(asn: number, timeoutMs: number): Promise<SystemNetworks> {
    const payload: AsnNetworksJob = { v: 1, correlationId: currentCorrelationId(), asn };
    const answer = await readSystemNetworks(await this.lookups.run(JOBS.asnNetworks, payload, timeoutMs), asn);
    if (answer === undefined) throw new GeoFailedError(new Error('the answer is none'));
    return answer;
  }
}

/** IPv4 before IPv6, then by number, then wider before narrower. A large system has 20,000. */
async function inOrder(networks: readonly IpNetwork[]): Promise<IpNetwork[]> {
  const keyed: { readonly network: IpNetwork; readonly key: string }[] = [];
  for (const network of networks) {
    keyed.push({ network, key: sortKey(network) });
    if (keyed.length % SLICE === 0) await nextTurn();
  }
  return keyed.sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ network }) => network);
}
