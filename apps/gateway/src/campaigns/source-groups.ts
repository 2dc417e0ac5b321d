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
}

interface Draft {
  readonly addresses: Set<string>;
  readonly jails: Map<string, number>;
  readonly hosts: Set<string>;
  /** Networks one step narrower that took part. */
  readonly parts: Set<string>;
  bans: number;
  firstMs: number;
  lastMs: number;
  asn: number | null;
  country: string | null;
}

/**
 * How networks are cut out of a sort key: family digit, address in hexadecimal, prefix length in two digits. A wide network is
 * only a campaign of its own when several of its narrow ones took part and so much more came from it.
 */
const CUTS: Readonly<
  Record<Exclude<Kind, 'asn'>, { family: '4' | '6'; digits: number; prefix: number; narrow?: number }>
> = {
  'ipv4-24': { family: '4', digits: 6, prefix: 24 },
  'ipv4-16': { family: '4', digits: 4, prefix: 16, narrow: 6 },
  'ipv6-64': { family: '6', digits: 16, prefix: 64 },
  'ipv6-48': { family: '6', digits: 12, prefix: 48, narrow: 16 },
};
const KINDS = Object.keys(CUTS) as Exclude<Kind, 'asn'>[];
/** Narrow networks that a wide one takes. */
const MIN_PARTS = 3;
/** An autonomous system takes so many times the addresses of a network. */
const ASN_FACTOR = 3;

/** Bans looked at before others have their turn. */
const SLICE = 4_000;

/** Gathers bans by the networks they came from. */
export class SourceGroups {
  private readonly sources: BanSource[] = [];
  private readonly addresses = new Set<string>();
  /** Different addresses by group: cheap to count for the many groups that come to nothing. */
  private readonly counts = new Map<string, number>();

  add(source: BanSource): void {
    const { addressSort: key } = source;
    // Single addresses only: a network that is banned is an answer, not a source.
    const isSingle = (key.startsWith('4') && key.length === 11 && key.endsWith('20')) || isSingleIpv6(key);
    if (!isSingle) return;
    this.sources.push(source);
    if (this.addresses.has(key)) return;
    this.addresses.add(key);
    for (const id of groupsOf(source)) this.counts.set(id, (this.counts.get(id) ?? 0) + 1);
  }

  /** Networks from which at least `min` addresses were banned, most first. */
  async campaigns(min: number): Promise<SourceGroup[]> {
    const drafts = new Map<string, Draft>();
    for (const [id, count] of this.counts) if (count >= neededOf(kindOf(id), min)) drafts.set(id, newDraft());
    for (const [index, source] of this.sources.entries()) {
      for (const id of groupsOf(source)) {
        const draft = drafts.get(id);
        if (draft !== undefined) put(draft, source, kindOf(id));
      }
      if (index % SLICE === SLICE - 1) await nextTurn();
    }
    return [...drafts]
      .filter(([id, { parts }]) => !isWide(kindOf(id)) || parts.size >= MIN_PARTS)
      .map(([id, draft]) => toGroup(kindOf(id), id.slice(id.indexOf(' ') + 1), draft))
      .sort((a, b) => b.addresses - a.addresses || b.lastMs - a.lastMs);
  }
}

function isSingleIpv6(key: string): boolean {
  return key.startsWith('6') && key.length === 35 && key.endsWith('80');
}

/** Ids of the groups that a ban belongs to: kind, and what all of the group have in common. */
function groupsOf({ addressSort: key, asn }: BanSource): string[] {
  const ids = KINDS.flatMap((kind) => {
    const { family, digits } = CUTS[kind];
    return key.startsWith(family) ? [`${kind} ${key.slice(1, 1 + digits)}`] : [];
  });
  if (asn !== null) ids.push(`asn ${asn}`);
  return ids;
}

function kindOf(id: string): Kind {
  // Only groupsOf() makes ids.
  return id.slice(0, id.indexOf(' ')) as Kind;
}

function isWide(kind: Kind): boolean {
  return kind === 'ipv4-16' || kind === 'ipv6-48' || kind === 'asn';
}

function neededOf(kind: Kind, min: number): number {
  return kind === 'asn' ? min * ASN_FACTOR : isWide(kind) ? min * 2 : min;
}

function newDraft(): Draft {
  const sets = { addresses: new Set<string>(), jails: new Map<string, number>(), hosts: new Set<string>() };
  return { ...sets, parts: new Set(), bans: 0, firstMs: Infinity, lastMs: -Infinity, asn: null, country: null };
}

function put(draft: Draft, { addressSort, atMs, jail, hostId, asn, country }: BanSource, kind: Kind): void {
  draft.addresses.add(addressSort);
  draft.jails.set(jail, (draft.jails.get(jail) ?? 0) + 1);
  draft.hosts.add(hostId);
  draft.parts.add(addressSort.slice(0, kind === 'asn' ? 7 : 1 + (CUTS[kind].narrow ?? 0)));
  draft.bans += 1;
  draft.firstMs = Math.min(draft.firstMs, atMs);
  draft.lastMs = Math.max(draft.lastMs, atMs);
  draft.asn ??= asn;
  draft.country ??= country;
}

function toGroup(kind: Kind, key: string, draft: Draft): SourceGroup {
  const { addresses, jails, hosts, bans, firstMs, lastMs, asn, country } = draft;
  const size = kind === 'ipv4-24' ? 256 : kind === 'ipv4-16' ? 65_536 : null;
  return {
    kind,
    network: kind === 'asn' ? `AS${key}` : networkOf(kind, key),
    addresses: addresses.size,
    bans,
    share: size === null ? null : addresses.size / size,
    firstMs,
    lastMs,
    jails: [...jails].sort(([, a], [, b]) => b - a).map(([jail]) => jail),
    hostIds: [...hosts],
    asn,
    country,
  };
}

function networkOf(kind: Exclude<Kind, 'asn'>, digits: string): string {
  const { family, prefix } = CUTS[kind];
  if (family === '6') {
    const groups = digits.match(/.{4}/g) ?? [];
    return parseNetwork(`${groups.join(':')}::/${prefix}`);
  }
  const bytes = (digits.match(/../g) ?? []).map((pair) => String(Number.parseInt(pair, 16)));
  while (bytes.length < 4) bytes.push('0');
  return parseNetwork(`${bytes.join('.')}/${prefix}`);
}
