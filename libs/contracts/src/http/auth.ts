import {
  ArrayNotEmpty,
  ArrayUnique,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  Min,
} from 'class-validator';
import { PASSWORD_DIGEST, type Preferences } from './setup.js';

/**
 * What a caller may do. Each includes nothing but itself except `admin`, which includes all. `helpdesk`: look one address up
 * and let it in again, with a reason.
 */
export const SCOPES = ['read', 'ban', 'config', 'helpdesk', 'admin'] as const;
export type Scope = (typeof SCOPES)[number];

/** Which password opened a session: the master password, or the help desk's. */
export const SESSION_ROLES = ['operator', 'helpdesk'] as const;
export type SessionRole = (typeof SESSION_ROLES)[number];

/** `POST /api/v1/session`. Success sets the session cookie. */
export class LoginRequest {
  @Matches(PASSWORD_DIGEST) readonly passwordDigest!: string;
}

/** `GET /api/v1/session`: who is asking, and the preferences every page needs. */
export interface CurrentSession {
  /** `operator` or `help desk` by cookie, else the API token's name. */
  readonly actor: string;
  readonly scopes: readonly Scope[];
  readonly expiresAt: string | null;
  /** Address the gateway sees, after trusted proxies. */
  readonly clientAddress: string;
  readonly version: string;
  readonly preferences: Preferences;
}

/** `GET /api/v1/sessions`. */
export interface SessionInfo {
  readonly id: string;
  readonly current: boolean;
  readonly createdAt: string;
  readonly lastSeenAt: string;
  readonly expiresAt: string;
  readonly address: string;
  readonly userAgent: string;
  readonly role: SessionRole;
}

/** `PUT /api/v1/password`: changes the master password and revokes every other session. */
export class PasswordChangeRequest {
  @Matches(PASSWORD_DIGEST) readonly currentDigest!: string;
  @Matches(PASSWORD_DIGEST) readonly newDigest!: string;
}

/** `POST /api/v1/tokens`. */
export class ApiTokenRequest {
  @IsString() @Length(1, 80) readonly name!: string;
  @IsIn(SCOPES, { each: true }) @ArrayNotEmpty() @ArrayUnique() readonly scopes!: Scope[];
  /** Days until it expires; absent: never. */
  @IsOptional() @IsInt() @Min(1) @Max(3650) readonly expiresInDays?: number;
}

export interface ApiTokenInfo {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly createdAt: string;
  readonly expiresAt: string | null;
  readonly lastUsedAt: string | null;
  readonly lastUsedFrom: string | null;
}

/** The only answer that ever holds the secret. */
export interface CreatedApiToken extends ApiTokenInfo {
  /** `blf_` + 43 base64url characters; send as `Authorization: Bearer …`. */
  readonly token: string;
}
