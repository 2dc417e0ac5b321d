import { IsIn, IsISO8601, IsOptional, IsString, Length, Matches } from 'class-validator';
import { PageQuery } from './paging.js';
import { INSTANT } from './instant.js';
import { HOST_ID } from './host-id.js';

export const AUDIT_RESULTS = ['pending', 'ok', 'failed', 'unknown'] as const;
export type AuditResult = (typeof AUDIT_RESULTS)[number];

/** `GET /api/v1/audit`, newest first. */
export class AuditQuery extends PageQuery {
  /** Part of who acted, of what was done to what, of the host's name, an address or correlation id. */
  @IsOptional() @IsString() @Length(1, 100) readonly q?: string;
  /** What was done, e.g. `ban.apply`. */
  @IsOptional() @Matches(/^[a-z0-9.-]{1,60}$/) readonly action?: string;
  /** Id of the host it was done on. */
  @IsOptional() @Matches(HOST_ID) readonly host?: string;
  /** What came of it. */
  @IsOptional() @IsIn(AUDIT_RESULTS) readonly result?: AuditResult;
  /** RFC 3339, inclusive. */
  @IsOptional() @IsISO8601({ strict: true }) @Matches(INSTANT) readonly from?: string;
  /** RFC 3339, exclusive. */
  @IsOptional() @IsISO8601({ strict: true }) @Matches(INSTANT) readonly to?: string;
}

/** `GET /api/v1/audit/export`. */
export class AuditExportQuery extends AuditQuery {
  /** `csv`, or `jsonl`: one JSON object a line. */
  @IsIn(['csv', 'jsonl']) readonly format!: 'csv' | 'jsonl';
}

export interface AuditEntry {
  readonly id: string;
  readonly at: string;
  /** `operator`, an API token's name, `setup`, or `system`. */
  readonly actor: string;
  readonly address: string | null;
  /** Past-tense-free verb phrase, e.g. `ban.apply`, `session.open`, `host.revoke`. */
  readonly action: string;
  readonly hostId: string | null;
  readonly hostName: string | null;
  /** What it was done to, short text. */
  readonly target: string | null;
  readonly before: unknown;
  readonly after: unknown;
  readonly result: AuditResult;
  /** Problem code when it failed. */
  readonly code: string | null;
  readonly correlationId: string;
}
