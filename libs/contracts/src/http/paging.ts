import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Length, Matches, Max, Min } from 'class-validator';
import { HOST_ID_LIST } from './host-id.js';

/** The longest page any list answers with. */
export const MAX_PAGE_SIZE = 500;

/** Shared query of every list: keyset cursor, page size, sort. */
export class PageQuery {
  /** Opaque position taken from the `nextCursor` of the page before; absent for the first page. */
  @IsOptional() @IsString() @Length(1, 1024) readonly cursor?: string;
  /** Rows a page. */
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(MAX_PAGE_SIZE) readonly limit?: number;
  /** Field to sort by, with a leading `-` for descending, e.g. `-bannedAt`. */
  @IsOptional() @Matches(/^-?[a-zA-Z]{1,40}$/) readonly sort?: string;
}

/** Host choice every page respects: absent means all hosts, else comma-separated host ids. */
export class HostScopeQuery extends PageQuery {
  /** Comma-separated host ids; absent: all. */
  @IsOptional() @Matches(HOST_ID_LIST) readonly hosts?: string;
}

/** One page of a list. */
export interface Page<T> {
  readonly items: readonly T[];
  /** Pass as `cursor` for the next page; null on the last one. */
  readonly nextCursor: string | null;
  /** Rows that match the filter over all pages, or null where counting would cost too much. */
  readonly total: number | null;
}
