import { computed, inject, signal, type Signal } from '@angular/core';
import { UrlQuery } from '../url/url-query';

/** What a list is asked for. Changes replace the address, so that a view can be shared as a link. */
export interface TableQuery {
  /** Field, with a leading `-` for descending. */
  readonly sort: Signal<string>;
  /** Text searched for; empty: none. */
  readonly q: Signal<string>;
  /** Values of the filters that are set. */
  readonly filters: Signal<Readonly<Record<string, string>>>;
  set(changes: TableQueryChanges): void;
}

export interface TableQueryChanges {
  readonly sort?: string;
  readonly q?: string;
  /** Empty text removes a filter. */
  readonly filters?: Readonly<Record<string, string>>;
}

/** State of a table in the address: `sort`, `q` and one parameter for each name in `filters`. Call in an injection context. */
export function urlTableQuery(options: { readonly sort: string; readonly filters: readonly string[] }): TableQuery {
  const url = inject(UrlQuery);
  const pick = (params: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
    Object.fromEntries(options.filters.flatMap((name) => (params[name] ? [[name, params[name]]] : [])));
  return {
    sort: computed(() => url.params()['sort'] ?? options.sort),
    q: computed(() => url.params()['q'] ?? ''),
    filters: computed(() => pick(url.params()), { equal: sameEntries }),
    set: ({ sort, q, filters }) =>
      url.patch({
        ...(sort === undefined ? {} : { sort: sort === options.sort ? undefined : sort }),
        ...(q === undefined ? {} : { q: q || undefined }),
        ...Object.fromEntries(Object.entries(filters ?? {}).map(([name, value]) => [name, value || undefined])),
      }),
  };
}

/** The same, kept in memory: for small tables that share a page. */
export function localTableQuery(options: { readonly sort: string }): TableQuery {
  const sort = signal(options.sort);
  const q = signal('');
  const filters = signal<Readonly<Record<string, string>>>({});
  return {
    sort,
    q,
    filters,
    set: (changes) => {
      if (changes.sort !== undefined) sort.set(changes.sort);
      if (changes.q !== undefined) q.set(changes.q);
      if (changes.filters !== undefined) {
        const merged = Object.entries({ ...filters(), ...changes.filters });
        filters.set(Object.fromEntries(merged.filter(([, value]) => value !== '')));
      }
    },
  };
}

function sameEntries(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}
