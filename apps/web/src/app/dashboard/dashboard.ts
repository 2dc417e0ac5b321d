import { httpResource } from '@angular/common/http';
import { Component, computed, DestroyRef, inject, linkedSignal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatButtonToggle, MatButtonToggleGroup } from '@angular/material/button-toggle';
import { RouterLink } from '@angular/router';
import type { DashboardRange, DashboardSummary, HistoryEntry } from '@bailiff/contracts/http';
import { mdiShieldCheckOutline } from '@mdi/js';
import { definedParams } from '../api/query-string';
import { BanListFilters } from '../bans/ban-list-filters';
import { EmptyState } from '../display/empty-state';
import { Format } from '../display/format';
import { IpAddressText } from '../display/ip-address';
import { Moment } from '../display/moment';
import { OriginBadge } from '../display/origin-badge';
import { PageHead } from '../display/page-head';
import { ProblemNotice } from '../display/problem-notice';
import { HistoryDetail } from '../history/history-detail';
import { historyRows } from '../history/history-source';
import { requestColumns } from '../history/request-columns';
import { isRange, RANGES } from '../history/time-range';
import { HostDirectory } from '../hosts/host-directory';
import { HostScope } from '../hosts/host-scope';
import { LiveFeed } from '../live/live-feed';
import { MESSAGES } from '../messages/messages';
import { FleetFigures } from '../shell/fleet-figures';
import type { Column } from '../table/column';
import { DataTable } from '../table/data-table';
import { urlTableQuery } from '../table/table-query';
import { CellTemplate, DetailTemplate, EmptyTemplate } from '../table/table-templates';
import { UrlQuery } from '../url/url-query';
import { FigureCard } from './figure-card';
import { withBan, withFailure, withUnban } from './live-summary';
import { TopList } from './top-list';

const REFRESH_MS = 60_000;
const DEFAULT_RANGE: DashboardRange = '24h';

/** Am I under attack, is it handled: four figures, who and where, and bans as they happen. */
@Component({
  selector: 'bailiff-dashboard',
  imports: [
    CellTemplate,
    DataTable,
    DetailTemplate,
    EmptyState,
    EmptyTemplate,
    FigureCard,
    HistoryDetail,
    IpAddressText,
    MatButton,
    MatButtonToggle,
    MatButtonToggleGroup,
    Moment,
    OriginBadge,
    PageHead,
    ProblemNotice,
    RouterLink,
    TopList,
  ],
  templateUrl: './dashboard.html',
  styleUrl: './dashboard.scss',
})
export class Dashboard {
  private readonly scope = inject(HostScope);
  private readonly url = inject(UrlQuery);
  private readonly fleet = inject(FleetFigures);
  protected readonly format = inject(Format);
  protected readonly m = inject(MESSAGES).dashboard;
  private readonly bans = inject(MESSAGES).bans;
  private readonly words = inject(MESSAGES).history;
  protected readonly hostWords = inject(MESSAGES).hosts;
  private readonly directory = inject(HostDirectory);
  protected readonly hasNoHosts = computed(() => this.directory.hosts()?.length === 0);
  protected readonly searchHint = this.words.searchHint;
  protected readonly ranges = RANGES;
  protected readonly icon = mdiShieldCheckOutline;

  protected readonly range = computed<DashboardRange>(() => {
    const range = this.url.params()['range'];
    return isRange(range) ? range : DEFAULT_RANGE;
  });
  protected readonly resource = httpResource<DashboardSummary>(() => ({
    url: 'api/v1/dashboard',
    params: definedParams({ hosts: this.scope.param(), range: this.range() }),
  }));
  /** The last answer, moved on by the live feed; stays, dimmed, while another range loads. */
  protected readonly summary = linkedSignal<DashboardSummary | undefined, DashboardSummary | undefined>({
    source: () => (this.resource.hasValue() ? this.resource.value() : undefined),
    computation: (loaded, previous) => loaded ?? previous?.value,
  });
  protected readonly isStale = computed(() => {
    const summary = this.summary();
    return this.resource.isLoading() && summary !== undefined && summary.range !== this.range();
  });

  protected readonly query = urlTableQuery({ sort: '-at', filters: ['jail', 'country', 'origin'] });
  protected readonly source = historyRows(this.query, () => this.range(), { kind: 'ban' }).source;
  protected readonly filters = inject(BanListFilters).for(this.source);
  protected readonly columns: readonly Column<HistoryEntry>[] = [
    { id: 'at', label: this.words.time, sort: 'at', min: 100, grow: 0, priority: 1, card: 'aside' },
    { id: 'address', label: this.bans.address, sort: 'address', min: 240, grow: 2, priority: 1, card: 'title' },
    {
      id: 'jail',
      label: this.bans.jail,
      sort: 'jail',
      min: 110,
      grow: 1.2,
      priority: 1,
      card: 'meta',
      text: ({ jail }) => jail,
    },
    ...requestColumns(this.words, { priority: 2, isSiteOptional: false }),
    {
      id: 'host',
      label: this.bans.host,
      min: 100,
      grow: 1,
      priority: 2,
      card: 'meta',
      text: ({ hostName }) => hostName,
    },
    { id: 'origin', label: this.bans.origin, min: 92, grow: 0, priority: 2, card: 'meta' },
    { id: 'duration', label: this.words.duration, min: 90, grow: 0, priority: 4 },
    { id: 'failures', label: this.words.failures, min: 70, grow: 0, priority: 4, end: true },
  ];

  protected readonly activeJails = computed(() => this.fleet.sum().activeJails);
  protected readonly topJails = computed(() =>
    (this.summary()?.topJails ?? []).map(({ jail, bans }) => ({ value: jail, label: jail, count: bans })),
  );
  protected readonly topCountries = computed(() =>
    (this.summary()?.topCountries ?? []).map(({ country, bans }) => ({
      value: country,
      label: this.format.country(country),
      country,
      count: bans,
    })),
  );
  protected readonly worst = computed(() => this.summary()?.topAddresses[0]);

  constructor() {
    const destroyRef = inject(DestroyRef);
    const live = inject(LiveFeed);
    live.on(['ban_event', 'unban_event', 'found_event'], destroyRef, (message) => {
      const hostId = message.type === 'found_event' ? message.hostId : message.event.hostId;
      if (!this.scope.includes(hostId)) return;
      this.summary.update((summary) => {
        if (summary === undefined) return undefined;
        switch (message.type) {
          case 'ban_event':
            return withBan(summary, message.event, message.active !== null);
          case 'unban_event':
            return withUnban(summary);
          case 'found_event':
            return withFailure(summary);
        }
      });
    });
    live.on(['resync'], destroyRef, () => this.resource.reload());
    const timer = setInterval(() => this.resource.reload(), REFRESH_MS);
    destroyRef.onDestroy(() => clearInterval(timer));
  }

  protected setRange(range: DashboardRange): void {
    this.url.patch({ range: range === DEFAULT_RANGE ? undefined : range });
  }

  protected filterBy(name: 'jail' | 'country', value: string): void {
    const isSet = this.query.filters()[name] === value;
    this.query.set({ filters: { [name]: isSet ? '' : value } });
  }

  protected search(address: string): void {
    this.query.set({ q: address });
  }
}
