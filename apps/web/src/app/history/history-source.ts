import { DestroyRef, inject } from '@angular/core';
import type { HistoryEntry } from '@bailiff/contracts/http';
import { definedParams } from '../api/query-string';
import { fitsBanFilters } from '../bans/ban-filters';
import { placed } from '../geo/placed';
import { HostScope } from '../hosts/host-scope';
import { LiveFeed } from '../live/live-feed';
import { PagedSource } from '../table/paged-source';
import type { TableQuery } from '../table/table-query';
import { Clock } from '../time/clock';
import { mentions } from './request-columns';
import { rangeParams } from './time-range';

/** Rows of the archive and the address that exports the same ones. */
export interface HistoryRows {
  readonly source: PagedSource<HistoryEntry>;
  /** The API's parameters for what is shown. Reactive. */
  readonly params: () => Readonly<Record<string, string>>;
}

/**
 * The archive as a table's source, fed by the live feed. `fixed` are parameters that the operator does not choose. Call in an
 * injection context.
 */
export function historyRows(
  query: TableQuery,
  range: () => string | undefined,
  fixed: Readonly<Record<string, string>> = {},
): HistoryRows {
  const scope = inject(HostScope);
  const clock = inject(Clock);
  const live = inject(LiveFeed);
  const destroyRef = inject(DestroyRef);
  // Taken once: a range that slides with the clock would load the list anew every few seconds.
  const openedAt = clock.now();
  const params = (): Readonly<Record<string, string>> => {
    const { jail, country, origin, kind, asn } = query.filters();
    return definedParams({
      hosts: scope.param(),
      sort: query.sort(),
      q: query.q(),
      jail,
      country,
      origin,
      kind,
      asn,
      ...fixed,
      ...rangeParams(range(), openedAt),
    });
  };
  const source = new PagedSource<HistoryEntry>({ url: 'api/v1/history', params, key: ({ id }) => id });
  live.on(['ban_event', 'unban_event'], destroyRef, ({ event }) => {
    const { kind, from, to, q = '' } = params() as { kind?: string; from?: string; to?: string; q?: string };
    const { asn } = query.filters();
    const fits =
      (asn === undefined || asn === String(event.asn)) &&
      scope.includes(event.hostId) &&
      (kind === undefined || kind === event.kind) &&
      (from === undefined || event.at >= from) &&
      (to === undefined || event.at < to) &&
      (fitsBanFilters(event, q, query.filters()) || (mentions(event, q) && fitsBanFilters(event, '', query.filters())));
    if (fits) source.arrived(event, query.sort() === '-at');
  });
  live.on(['geo_resolved'], destroyRef, ({ entries }) => {
    const known = new Map(entries.map((entry) => [entry.address, entry]));
    source.update((row) => placed(row, known.get(row.address)));
  });
  live.on(['resync'], destroyRef, () => source.reload());
  return { source, params };
}
