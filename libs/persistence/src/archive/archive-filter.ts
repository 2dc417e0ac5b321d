import { networkRange, tryParseNetwork } from '@bailiff/ip';
import type { BanEventKind } from '../entities/index.js';
import { containsPattern } from '../sql/dialect.js';

/** Rows of the archive that are meant; absent fields mean all. */
export interface BanEventFilter {
  readonly hostIds?: readonly string[] | undefined;
  readonly kind?: BanEventKind | undefined;
  readonly jail?: string | undefined;
  /** Part of an address, jail, requested URL or site, or an address or network whose members are meant. */
  readonly q?: string | undefined;
  readonly country?: string | undefined;
  /** Number of an autonomous system. */
  readonly asn?: number | undefined;
  readonly origins?: readonly string[] | undefined;
  /** Inclusive. */
  readonly fromMs?: number | undefined;
  /** Exclusive. */
  readonly toMs?: number | undefined;
}

/** A piece of SQL with its parameters; `?` marks each. */
export interface Condition {
  readonly sql: string;
  readonly parameters: readonly (string | number)[];
}

/** What searched text means: one address or network, or a part of what is indexed. */
export type SearchedText = { readonly first: string; readonly last: string } | { readonly part: string };

/** The meaning of `q`; undefined when nothing is searched. */
export function searchedText({ q }: BanEventFilter): SearchedText | undefined {
  if (q === undefined) return undefined;
  const network = tryParseNetwork(q);
  return network === undefined ? { part: q } : networkRange(network);
}

/** Part of an address and of hardly anything else: `192.0.`, `2001:db8`. Looked for in addresses alone. */
const ADDRESS_PART = /^(?=.*\d)(?=.*[.:])[\da-f.:]{1,45}$/i;

/**
 * Everything a filter asks but what an index is walked by. Written so that no other index fits: the planners know nothing of how
 * rare a country is on a host, and would rather sort a whole index than walk a part of one.
 */
export function residualOf(
  filter: BanEventFilter,
  walked: ReadonlySet<keyof BanEventFilter>,
  isPostgres: boolean,
): Condition {
  const parts: Condition[] = [];
  const text = (field: 'kind' | 'jail' | 'country', column: string) => {
    const value = filter[field];
    if (value !== undefined && !walked.has(field))
      parts.push({ sql: `coalesce(${column}, '') = ?`, parameters: [value] });
  };
  text('kind', 'e.kind');
  text('jail', 'e.jail');
  text('country', 'e.country');
  if (filter.asn !== undefined && !walked.has('asn'))
    parts.push({ sql: 'coalesce(e.asn, -1) = ?', parameters: [filter.asn] });
  if (filter.hostIds !== undefined && !walked.has('hostIds'))
    parts.push(oneOf(`coalesce(e.host_id, '')`, filter.hostIds));
  if (filter.origins !== undefined && !walked.has('origins'))
    parts.push(oneOf(`coalesce(e.origin, '')`, filter.origins));
  const searched = searchedText(filter);
  if (searched !== undefined && !walked.has('q'))
    parts.push('part' in searched ? contains(searched.part, isPostgres) : inside(searched));
  return all(parts);
}

function inside({ first, last }: { readonly first: string; readonly last: string }): Condition {
  return { sql: `coalesce(e.address_sort, '') BETWEEN ? AND ?`, parameters: [first, last] };
}

/** Whatever its case, in addresses, jails, URLs and sites. */
export function contains(part: string, isPostgres: boolean): Condition {
  const like = isPostgres ? 'ILIKE' : 'LIKE';
  const fields = ADDRESS_PART.test(part)
    ? ['e.address']
    : ['e.address', 'e.jail', 'e.request_url', `coalesce(e.target_subdomain || '.', '') || e.target_domain`];
  const pattern = containsPattern(part);
  return {
    sql: `(${fields.map((field) => `${field} ${like} ? ESCAPE '\\'`).join(' OR ')})`,
    parameters: fields.map(() => pattern),
  };
}

/** `column IN (…)`; of nothing, none. */
export function oneOf(column: string, values: readonly string[]): Condition {
  if (values.length === 0) return { sql: '1 = 0', parameters: [] };
  return { sql: `${column} IN (${values.map(() => '?').join(', ')})`, parameters: values };
}

/** All of them; of no conditions, true. */
export function all(parts: readonly Condition[]): Condition {
  if (parts.length === 0) return { sql: '1 = 1', parameters: [] };
  return {
    sql: parts.map(({ sql }) => sql).join(' AND '),
    parameters: parts.flatMap(({ parameters }) => parameters),
  };
}
