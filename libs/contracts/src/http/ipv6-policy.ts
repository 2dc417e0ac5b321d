import { IsBoolean, IsIn, IsInt, Max, Min } from 'class-validator';

/** Prefixes that stand for one subscriber or site. */
export const IPV6_PREFIXES = [64, 56, 48] as const;
export type Ipv6Prefix = (typeof IPV6_PREFIXES)[number];

/** `PUT /api/v1/ipv6-policy`: several banned addresses of one prefix are replaced by a ban of the prefix. */
export class Ipv6PolicyRequest {
  @IsBoolean() readonly enabled!: boolean;
  @IsIn(IPV6_PREFIXES) readonly prefixLength!: Ipv6Prefix;
  /** Banned addresses of one prefix, in one jail of one host, from which on the prefix is banned. */
  @IsInt() @Min(2) @Max(100) readonly threshold!: number;
}

export interface Ipv6Policy {
  readonly enabled: boolean;
  readonly prefixLength: Ipv6Prefix;
  readonly threshold: number;
}

/** A prefix that the rule would ban now. */
export interface Ipv6Candidate {
  readonly hostId: string;
  readonly hostName: string;
  readonly jail: string;
  readonly prefix: string;
  /** Addresses whose bans it would replace. */
  readonly addresses: readonly string[];
  /** End of the longest of them; null: permanent. */
  readonly expiresAt: string | null;
  /** Why the rule leaves it alone: someone would be locked out, or the jail's action takes no networks; null: it would be banned. */
  readonly hindrance: string | null;
}

/** `GET /api/v1/ipv6-policy/preview?prefixLength=&threshold=`. */
export interface Ipv6Preview {
  readonly candidates: readonly Ipv6Candidate[];
  /** Single bans looked through. */
  readonly examined: number;
}
