import type { ActiveBan } from './bans.js';
import type { GuardOwner } from './guard.js';
import type { IgnoreSource } from './ignore-lists.js';
import { IsIpNetwork } from './ip-network.validator.js';
import { PageQuery } from './paging.js';

/** `GET /api/v1/addresses?address=`: everything known about one address or network. */
export class AddressQuery {
  @IsIpNetwork() readonly address!: string;
}

/**
 * `GET /api/v1/addresses/events?address=`: its bans and unbans on all hosts, a page of {@link HistoryEntry}, with those of
 * networks around it. Sortable by `at` (default `-at`).
 */
export class AddressEventsQuery extends PageQuery {
  @IsIpNetwork() readonly address!: string;
}

/** A current ban as it concerns an address: of itself, of a network around it, or (of a network) of something inside. */
export interface AddressBan extends ActiveBan {
  readonly relation: 'itself' | 'around' | 'inside';
}

/** A jail of a host where the address, or something inside the network, was banned. */
export interface AddressPlace {
  readonly hostId: string;
  readonly hostName: string;
  readonly jail: string;
  readonly bans: number;
  readonly unbans: number;
  readonly firstAt: string;
  readonly lastAt: string;
}

/** A list that names the address or something it touches: it is not banned, or not without force. */
export interface AddressListing {
  readonly kind: GuardOwner;
  /** The address or network that is guarded. */
  readonly entry: string;
  readonly comment: string | null;
  /** null: for good. */
  readonly expiresAt: string | null;
}

/** Another address of the same network that is banned now. */
export interface BannedNeighbour {
  readonly address: string;
  /** Jails it is banned in, over all hosts. */
  readonly bans: number;
  readonly since: string;
}

/** Everything known about one address or network, on all hosts. */
export interface AddressReport {
  /** Canonical. */
  readonly address: string;
  readonly family: 4 | 6;
  /** Addresses covered, as decimal digits; `1` for a single one. */
  readonly size: string;
  /** Whether it, or part of it, is not reachable over the internet: never looked up. */
  readonly isReserved: boolean;
  /** ISO 3166-1 alpha-2. */
  readonly country: string | null;
  readonly asn: number | null;
  readonly asName: string | null;
  /** Regional registry, e.g. `ripencc`. */
  readonly rir: string | null;
  /** Its current bans, at most 200 of `bannedNow`. */
  readonly bans: readonly AddressBan[];
  readonly bannedNow: number;
  /** Where it was banned ever, as far as the archive goes. */
  readonly places: readonly AddressPlace[];
  /** Whether `places` leave out older events. */
  readonly isCapped: boolean;
  readonly lists: readonly AddressListing[];
  /** The /24 or /64 around a single address; null for a network. */
  readonly neighbourhood: string | null;
  /** Other addresses of the neighbourhood that are banned now: how many, and some of them. */
  readonly neighboursBanned: number;
  readonly neighbours: readonly BannedNeighbour[];
}

/** A jail that does not count the address, or part of the network. */
export interface IgnoringJail {
  readonly hostId: string;
  readonly hostName: string;
  readonly jail: string;
  /** As fail2ban keeps it; null: it is the host's own address (`ignoreself`). */
  readonly entry: string | null;
  readonly source: IgnoreSource;
  /** Whether it covers all that was asked about, or only something inside the network. */
  readonly isWhole: boolean;
}

/** A host that could not say whom its jails ignore. */
export interface SilentHost {
  readonly hostId: string;
  readonly hostName: string;
  /** Problem code. */
  readonly code: string;
}

/** `GET /api/v1/addresses/ignored?address=`: which jails ignore it, asked of every host now. */
export interface AddressIgnores {
  readonly address: string;
  readonly jails: readonly IgnoringJail[];
  /** Hosts that answered. */
  readonly answered: number;
  readonly silent: readonly SilentHost[];
  /** Host names and files on ignore lists: whether they mean the address is not known. */
  readonly unresolved: number;
}
