import {
  IsBoolean,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { Type } from 'class-transformer';

/** SHA-256 of the password as 64 lower-case hex digits, made in the browser: plaintext never leaves it. */
export const PASSWORD_DIGEST = /^[0-9a-f]{64}$/;

/** Ban counts at which a country on the map turns green, yellow and red. */
export class MapThresholds {
  @IsInt() @Min(1) @Max(1_000_000_000) readonly low!: number;
  @IsInt() @Min(1) @Max(1_000_000_000) readonly medium!: number;
  @IsInt() @Min(1) @Max(1_000_000_000) readonly high!: number;
}

export const DATE_FORMATS = ['iso', 'day-month-year', 'month-day-year'] as const;
export type DateFormat = (typeof DATE_FORMATS)[number];
export const SESSION_MODES = ['sliding', 'absolute'] as const;
export type SessionMode = (typeof SESSION_MODES)[number];

/** Operator preferences: set at setup, changed in settings. */
export class Preferences {
  /** IANA time zone, e.g. `Europe/Zurich`; every time shown follows it. */
  @IsString() @Length(1, 64) readonly timeZone!: string;
  @IsIn(DATE_FORMATS) readonly dateFormat!: DateFormat;
  @IsInt() @Min(300) @Max(31_536_000) readonly sessionDurationSeconds!: number;
  @IsIn(SESSION_MODES) readonly sessionMode!: SessionMode;
  @ValidateNested() @Type(() => MapThresholds) readonly mapThresholds!: MapThresholds;
  /** Days that bans and unbans are kept in the archive; 0 or absent keeps all. */
  @IsOptional() @IsInt() @Min(0) @Max(36_500) readonly retentionDays?: number;
}

/** `GET /api/setup`: answered before setup is complete to whoever holds the setup token, and refused afterwards. */
export interface SetupStatus {
  readonly state: 'required' | 'complete';
  /** Absent unless a valid setup token came in `X-Bailiff-Setup-Token`. */
  readonly proposal?: SetupProposal;
}

/** What the wizard is prefilled with. */
export interface SetupProposal {
  readonly database: { readonly kind: 'sqlite' | 'postgres'; readonly location: string; readonly readOnly: boolean };
  /** The agent on this host, as far as it has reported. */
  readonly localHost: {
    readonly id: string;
    readonly name: string;
    readonly socketPath: string | null;
    readonly fail2banVersion: string | null;
  } | null;
  readonly preferences: Preferences;
}

/** `POST /api/setup/database-test`. */
export class DatabaseTestRequest {
  /** `sqlite` uses the gateway's data directory; `postgres` needs a URL. */
  @IsIn(['sqlite', 'postgres']) readonly kind!: 'sqlite' | 'postgres';
  /** Absolute path of the SQLite file, or `postgres://…`. */
  @IsString() @Length(1, 2048) readonly location!: string;
}

export interface DatabaseTestResult {
  readonly ok: boolean;
  /** What the database said, safe to show; never the password. */
  readonly detail: string;
}

/** `POST /api/setup`, with the setup token in `X-Bailiff-Setup-Token`. */
export class SetupRequest {
  @Matches(PASSWORD_DIGEST) readonly passwordDigest!: string;
  @ValidateNested() @Type(() => DatabaseTestRequest) readonly database!: DatabaseTestRequest;
  @ValidateNested() @Type(() => Preferences) readonly preferences!: Preferences;
  /** Whether the agent on this host is kept; false means 'add a host later'. */
  @IsOptional() @IsBoolean() readonly useLocalHost?: boolean;
}
