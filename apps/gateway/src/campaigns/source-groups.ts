import type { Campaign } from '@bailiff/contracts/http';
import { parseNetwork } from '@bailiff/ip';
import type { BanSource } from '@bailiff/persistence';

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

/** Gathers bans by the networks they came from. */
export class SourceGroups {
  private readonly drafts = new Map<string, Draft>();

  add(source: BanSource): void {
    const { addressSort: key, asn } = source;
    // Single addresses only: a network that is banned is an answer, not a source.
    if (
      !(key.startsWith('4') && key.endsWith('20') && key.length === 11) &&
      !(key.startsWith('6') && key.endsWith('80'))
    )
      return;
    for (const kind of KINDS) {
      const { family, digits, narrow } = CUTS[kind];
      if (!key.startsWith(family)) continue;
      this.count(`${kind} ${key.slice(1, 1 + digits)}`, source, narrow === undefined ? '' : key.slice(1, 1 + narrow));
    }
    if (asn !== null) this.count(`asn ${asn}`, source, key.slice(0, 7));
  }

  /** Networks from which at least `min` addresses were banned, most first. */
  campaigns(min: number): SourceGroup[] {
    const found: SourceGroup[] = [];
    for (const [id, draft] of this.drafts) {
      const [kind, key] = id.split(' ', 2) as [Kind, string];
      const isWide = kind === 'ipv4-16' || kind === 'ipv6-48' || kind === 'asn';
      const needed = kind === 'asn' ? min * ASN_FACTOR : isWide ? min * 2 : min;
      if (draft.addresses.size < needed || (isWide && draft.parts.size < MIN_PARTS)) continue;
      found.push(toGroup(kind, key, draft));
    }
    return found.sort((a, b) => b.addresses - a.addresses || b.lastMs - a.lastMs);
  }

  private count(id: string, { addressSort, atMs, jail, hostId, asn, country }: BanSource, part: string): void {
    let draft = this.drafts.get(id);
    if (draft === undefined) {
      const sets = { addresses: new Set<string>(), jails: new Map<string, number>(), hosts: new Set<string>() };
      draft = { ...sets, parts: new Set(), bans: 0, firstMs: atMs, lastMs: atMs, asn: null, country: null };
      this.drafts.set(id, draft);
    }
    draft.addresses.add(addressSort);
    draft.jails.set(jail, (draft.jails.get(jail) ?? 0) + 1);
    draft.hosts.add(hostId);
    draft.parts.add(part);
    draft.bans += 1;
    draft.firstMs = Math.min(draft.firstMs, atMs);
    draft.lastMs = Math.max(draft.lastMs, atMs);
    draft.asn ??= asn;
    draft.country ??= country;
  }
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
