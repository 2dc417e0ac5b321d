import { ArrayMaxSize, ArrayNotEmpty, ArrayUnique, IsOptional, IsString, Length, Matches } from 'class-validator';
import { JAIL_NAME } from './bans.js';
import { IsIpNetwork } from './ip-network.validator.js';
import { HOST_ID } from './host-id.js';

/**
 * Why a ban of an address would lock somebody out. `operator`: who asks. `session`: somebody else who is signed in. `gateway`:
 * this console. `protected`: on the console's protected list. `allowed`: on the allow list.
 */
export const GUARD_OWNERS = ['operator', 'session', 'gateway', 'protected', 'allowed'] as const;
export type GuardOwner = (typeof GUARD_OWNERS)[number];

/** A target that must not be banned without force, and what it touches. */
export interface GuardFinding {
  readonly address: string;
  readonly owner: GuardOwner;
  /** The address or network that is protected. */
  readonly protects: string;
  /** One sentence for people. */
  readonly detail: string;
}

/** `POST /api/v1/bans/check`: what a ban would mean, before it is asked for. */
export class BanCheckRequest {
  @IsIpNetwork({ each: true }) @ArrayNotEmpty() @ArrayMaxSize(500) readonly addresses!: string[];
  @IsOptional() @Matches(HOST_ID, { each: true }) @ArrayUnique() @ArrayMaxSize(1000) readonly hostIds?: string[];
  @IsOptional() @Matches(JAIL_NAME, { each: true }) @ArrayUnique() @ArrayMaxSize(100) readonly jails?: string[];
}

/** One target of a ban in canonical form. */
export interface BanCheckTarget {
  readonly address: string;
  /** Addresses it covers, as a decimal number: a /32 of IPv6 has 2^96. */
  readonly size: string;
  readonly isTooWide: boolean;
  /** Private, local or reserved: a warning, no refusal. */
  readonly isPrivate: boolean;
  readonly guard: GuardFinding | null;
}

/** A jail whose actions do not take networks of a family: a ban there would not reach the firewall. */
export interface JailWithoutNetworks {
  readonly hostId: string;
  readonly jail: string;
  readonly family: 4 | 6;
  /** Name of the action that takes single addresses only. */
  readonly action: string;
}

export interface BanCheck {
  readonly targets: readonly BanCheckTarget[];
  readonly jailsWithoutNetworks: readonly JailWithoutNetworks[];
}

/** `POST /api/v1/protected-addresses`. */
export class ProtectedAddressRequest {
  @IsIpNetwork() readonly address!: string;
  @IsOptional() @IsString() @Length(1, 200) readonly comment?: string;
}

/** One entry of the console's protected list. */
export interface ProtectedAddressEntry {
  readonly id: string;
  readonly address: string;
  readonly comment: string | null;
  readonly addedBy: string;
  readonly addedAt: string;
}

/** What a host guards by itself, whatever the console says; its administrator edits the list in `policy.json`. */
export interface HostProtection {
  readonly hostId: string;
  readonly hostName: string;
  /** Its own addresses, its default gateway, its way to this console. */
  readonly own: readonly string[];
  readonly listed: readonly string[];
  /** Problem code when it could not be asked. */
  readonly problem: string | null;
}

/** `GET /api/v1/protected-addresses`. */
export interface ProtectedAddresses {
  readonly entries: readonly ProtectedAddressEntry[];
  /** Addresses that are guarded without being listed: signed-in browsers and this console. */
  readonly automatic: readonly { readonly address: string; readonly owner: GuardOwner }[];
  readonly hosts: readonly HostProtection[];
}
