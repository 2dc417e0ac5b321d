import {
  ArrayMaxSize,
  ArrayNotEmpty,
  IsIP,
  IsOptional,
  IsString,
  Length,
  Matches,
  ValidateNested,
} from 'class-validator';
import { Type } from 'class-transformer';
import type { AddressListing } from './addresses.js';
import { type BanOrigin, JAIL_NAME } from './bans.js';
import type { HistoryKind } from './history.js';
import { PASSWORD_DIGEST } from './setup.js';
import { HOST_ID } from './host-id.js';

/** `GET /api/v1/help-desk?address=`: why somebody at this address is let in or not. Single addresses only. */
export class HelpDeskQuery {
  /** An IPv4 or IPv6 address. */
  @IsIP() readonly address!: string;
}

/** A ban that keeps the address out now. */
export interface HelpDeskBan {
  readonly hostId: string;
  readonly hostName: string;
  /** Whether the host can be asked to lift it now. */
  readonly isOnline: boolean;
  readonly jail: string;
  /** The banned network around the address, which only an operator lifts; null: the address itself is banned. */
  readonly network: string | null;
  readonly since: string;
  /** null: permanent. */
  readonly until: string | null;
  readonly failures: number | null;
  /** How often it was banned there. */
  readonly banCount: number;
  readonly origin: BanOrigin;
  /** Daemon whose log lines made the ban, as far as it is understood. */
  readonly service: string | null;
  /** Log lines that made the ban, newest last; untrusted text. */
  readonly matches: readonly string[];
}

/** One line of its history. */
export interface HelpDeskEvent {
  readonly kind: HistoryKind;
  readonly hostName: string;
  readonly jail: string;
  readonly at: string;
}

export interface HelpDeskAnswer {
  /** Canonical. */
  readonly address: string;
  readonly country: string | null;
  readonly bans: readonly HelpDeskBan[];
  /** Its latest bans and unbans, newest first. */
  readonly events: readonly HelpDeskEvent[];
  /** Lists that keep it from being banned. */
  readonly lists: readonly AddressListing[];
}

/** One place to let somebody in again. */
export class HelpDeskPlace {
  @Matches(HOST_ID) readonly hostId!: string;
  @Matches(JAIL_NAME) readonly jail!: string;
}

/** `POST /api/v1/help-desk/unbans`: lifts bans of one address; written into the audit log with the reason. */
export class HelpDeskUnbanRequest {
  @IsIP() readonly address!: string;
  /** Absent: everywhere it is banned. */
  @IsOptional()
  @ValidateNested({ each: true })
  @Type(() => HelpDeskPlace)
  @ArrayNotEmpty()
  @ArrayMaxSize(500)
  readonly places?: HelpDeskPlace[];
  /** Who asked and why. */
  @IsString() @Length(3, 200) @Matches(/\S{2}/) readonly reason!: string;
}

/** `GET /api/v1/help-desk/password`: whether help desk can sign in at all. */
export interface HelpDeskAccess {
  readonly isSet: boolean;
  /** Sessions of help desk that are open. */
  readonly sessions: number;
  readonly changedAt: string | null;
}

/** `PUT /api/v1/help-desk/password`: sets or changes it and ends help desk's sessions. */
export class HelpDeskPasswordRequest {
  @Matches(PASSWORD_DIGEST) readonly newDigest!: string;
}
