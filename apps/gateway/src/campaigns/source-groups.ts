import type { Campaign } from '@bailiff/contracts/http';
import { parseNetwork } from '@bailiff/ip';
import type { BanSource } from '@bailiff/persistence';
import { setImmediate as nextTurn } from 'node:timers/promises';

type Kind = Campaign['kind'];

/** What is known of the bans from one network. */
export interface SourceGroup {
  readonly kind: Kind;
  readonly network: string;
  readonly addresses: number;
  readonly bans: number;
  readonly share: number | null;
  readonly firstMs: number;
  readonly lastMs: number;
  readonly jails: readonly string[];
  readonly hostIds: readonly string[];
  readonly asn: number | null;
  readonly country: string | null;
  /** Sort keys of the addresses of an autonomous system, which no range holds. */
  readonly keys: readonly string[];
}

/** What is counted of each network, the many that come to nothing too. */
interface Tally {
  readonly kind: Kind;
  readonly key: Key;
  addresses: number;
  /** Narrower networks that took part, of a wide one. */
  readonly parts: Set<Key> | undefined;
  lastMs: number;
}

/** Bits of an address that a group has in common: a number for IPv4 and systems, hexadecimal for IPv6. */
type Key = number | string;

interface Draft extends Tally {
  readonly jails: Map<string, number>;
  readonly hosts: Set<string>;
  readonly keys: Set<string>;
  bans: number;
  firstMs: number;
  asn: number | null;
  country: string | null;
}

/** Narrow networks that a wide one takes: else it is only their sum. */
const MIN_PARTS = 3;
/** An autonomous system takes so many times the addresses of a network. */
const ASN_FACTOR = 3;

/** Bans and networks looked at before others have their turn: a millisecond or two. */
const SLICE = 1_000;
const TALLY_SLICE = 10_000;

/**
 * Gathers bans by the networks they came from. Sort keys are the family digit, the address in hexadecimal, the prefix length in
 * two digits. Counts first, and describes only what is shown: most networks come to nothing.
 */
export class SourceGroups {
  private readonly sources: BanSource[] = [];
  private readonly addresses = new Set<Key>();
  private readonly tallies: Readonly<Record<Kind, Map<Key, Tally>>> = {
    'ipv4-24': new Map(),
    'ipv4-16': new Map(),
    'ipv6-64': new Map(),
    'ipv6-48': new Map(),
    asn: new Map(),
  };

  add(source: BanSource): void {
    const { addressSort: key, asn } = source;
    // Single addresses only: a network that is banned is an answer, not a source.
    if (isSingleIpv4(key)) {
      // 32 bits with their sign: whole numbers of this size cost next to nothing.
      const bits = Number.parseInt(key.slice(1, 9), 16) | 0;
      const isNew = this.isNew(bits);
      this.count('ipv4-24', bits >>> 8, source, isNew);
      this.count('ipv4-16', bits >>> 16, source, isNew, bits >>> 8);
      if (asn !== null) this.count('asn', asn, source, isNew, bits >>> 8);
    } else if (isSingleIpv6(key)) {
      const isNew = this.isNew(key);
      const narrow = key.slice(1, 17);
      this.count('ipv6-64', narrow, source, isNew);
      this.count('ipv6-48', narrow.slice(0, 12), source, isNew, narrow);
      if (asn !== null) this.count('asn', asn, source, isNew, narrow.slice(0, 6));
    } else return;
    this.sources.push(source);
  }

  /**
   * Networks from which at least `min` addresses were banned, most first.
   * @param limit how many at most
   */
  async campaigns(min: number, limit = Infinity): Promise<SourceGroup[]> {
    const chosen = (await this.withAtLeast(min))
      .sort((a, b) => b.addresses - a.addresses || b.lastMs - a.lastMs)
      .slice(0, limit)
      .map(newDraft);
    const drafts = {
      'ipv4-24': ofKind(chosen, 'ipv4-24'),
      'ipv4-16': ofKind(chosen, 'ipv4-16'),
      'ipv6-64': ofKind(chosen, 'ipv6-64'),
      'ipv6-48': ofKind(chosen, 'ipv6-48'),
      asn: ofKind(chosen, 'asn'),
    };
    for (const [index, source] of this.sources.entries()) {
      const { addressSort: key, asn } = source;
      if (key.startsWith('4')) {
        const narrow = narrowIpv4(key);
        put(drafts['ipv4-24'].get(narrow), source);
        put(drafts['ipv4-16'].get(narrow >>> 8), source);
      } else {
        put(drafts['ipv6-64'].get(key.slice(1, 17)), source);
        put(drafts['ipv6-48'].get(key.slice(1, 13)), source);
      }
      if (asn !== null) put(drafts.asn.get(asn), source);
      if (index % SLICE === SLICE - 1) await nextTurn();
    }
    return chosen.map(toGroup);
  }

  /** Those that count as campaigns. */
  private async withAtLeast(min: number): Promise<Tally[]> {
    const found: Tally[] = [];
    let looked = 0;
    for (const tallies of Object.values(this.tallies)) {
      for (const tally of tallies.values()) {
        const { kind, addresses, parts } = tally;
        const isWide = parts === undefined || parts.size >= MIN_PARTS;
        if (isWide && addresses >= neededOf(kind, min)) found.push(tally);
        looked += 1;
        if (looked % TALLY_SLICE === 0) await nextTurn();
      }
    }
    return found;
  }

  private isNew(address: Key): boolean {
    const before = this.addresses.size;
    return this.addresses.add(address).size > before;
  }

  private count(kind: Kind, key: Key, { atMs }: BanSource, isNew: boolean, part?: Key): void {
    const tallies = this.tallies[kind];
    let tally = tallies.get(key);
    if (tally === undefined) {
      tally = { kind, key, addresses: 0, parts: part === undefined ? undefined : new Set(), lastMs: atMs };
      tallies.set(key, tally);
    }
    if (atMs > tally.lastMs) tally.lastMs = atMs;
    if (!isNew) return;
    tally.addresses += 1;
    if (part !== undefined) tally.parts?.add(part);
  }
}

function isSingleIpv4(key: string): boolean {
  return key.length === 11 && key.startsWith('4') && key.endsWith('20');
}

function isSingleIpv6(key: string): boolean {
  return key.length === 35 && key.startsWith('6') && key.endsWith('80');
}

/** The first 24 bits. */
function narrowIpv4(key: string): number {
  return Number.parseInt(key.slice(1, 7), 16);
}

function neededOf(kind: Kind, min: number): number {
  return kind === 'asn' ? min * ASN_FACTOR : kind === 'ipv4-16' || kind === 'ipv6-48' ? min * 2 : min;
}

function newDraft(tally: Tally): Draft {
  const { lastMs: firstMs } = tally;
  const sets = { jails: new Map<string, number>(), hosts: new Set<string>(), keys: new Set<string>() };
  return { ...tally, ...sets, bans: 0, firstMs, asn: null, country: null };
}

function ofKind(drafts: readonly Draft[], kind: Kind): Map<Key, Draft> {
  return new Map(drafts.flatMap((draft) => (draft.kind === kind ? [[draft.key, draft] as const] : [])));
}

function put(draft: Draft | undefined, { addressSort, atMs, jail, hostId, asn, country }: BanSource): void {
  if (draft === undefined) return;
  draft.jails.set(jail, (draft.jails.get(jail) ?? 0) + 1);
  draft.hosts.add(hostId);
  if (draft.kind === 'asn') draft.keys.add(addressSort);
  draft.bans += 1;
  draft.firstMs = Math.min(draft.firstMs, atMs);
  draft.asn ??= asn;
  draft.country ??= country;
}

function toGroup({
  kind,
  key,
  addresses,
  jails,
  hosts,
  keys,
  bans,
  firstMs,
  lastMs,
  asn,
  country,
}: Draft): SourceGroup {
  const size = kind === 'ipv4-24' ? 256 : kind === 'ipv4-16' ? 65_536 : null;
  return {
    kind,
    network: networkOf(kind, key),
    addresses,
    bans,
    share: size === null ? null : addresses / size,
    firstMs,
    lastMs,
    jails: [...jails].sort(([, a], [, b]) => b - a).map(([jail]) => jail),
    hostIds: [...hosts],
    asn,
    country,
    keys: [...keys],
  };
}

function networkOf(kind: Kind, key: Key): string {
  const bits = Number(key);
  switch (kind) {
    case 'asn':
      return `AS${key}`;
    case 'ipv4-24':
      return `${bits >>> 16}.${(bits >>> 8) & 0xff}.${bits & 0xff}.0/24`;
    case 'ipv4-16':
      return `${bits >>> 8}.${bits & 0xff}.0.0/16`;
    case 'ipv6-64':
    case 'ipv6-48':
      return parseNetwork(`${(String(key).match(/.{4}/g) ?? []).join(':')}::/${kind === 'ipv6-64' ? 64 : 48}`);
  }
}
