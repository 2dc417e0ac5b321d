import { Equals, IsIn, IsInt, IsOptional, IsString, Length } from 'class-validator';
import { IsIpNetwork } from '../http/ip-network.validator.js';
import { LOOKUP_KINDS, type LookupFailure, type LookupKind } from '../http/lookups.js';

/** Job `lookups.run`: asks one service of the internet about one public address or network. */
export class LookupRunJob {
  @Equals(1) readonly v!: 1;
  @IsString() readonly correlationId!: string;
  /** Names the question; comes back with its answer. */
  @IsString() @Length(1, 64) readonly askId!: string;
  /** Canonical. */
  @IsIpNetwork() readonly address!: string;
  @IsIn(LOOKUP_KINDS) readonly kind!: LookupKind;
  /** From then on (milliseconds since the epoch) nobody is asked any more: whoever wanted to know has left, or switched it off. */
  @IsOptional() @IsInt() readonly expiresAtMs?: number;
}

/** Result of `lookups.run`. `facts` have the shape of their kind in the HTTP contracts; `reverse-dns` answers `{ names }`. */
export interface LookupRunResult {
  readonly v: 1;
  readonly askId: string;
  readonly address: string;
  readonly kind: LookupKind;
  readonly outcome: 'found' | 'nothing' | 'failed';
  readonly code: LookupFailure | null;
  /** What the other side said, safe to show. */
  readonly detail: string | null;
  readonly facts: object | null;
}

/** Job `lookups.describe`: which look-ups a worker can make. */
export class LookupDescribeJob {
  @Equals(1) readonly v!: 1;
  @IsString() readonly correlationId!: string;
}

/** Result of `lookups.describe`: whether keys are set, never the keys. */
export interface LookupDescribeResult {
  readonly v: 1;
  readonly abuseipdbKey: boolean;
  readonly otxKey: boolean;
}
