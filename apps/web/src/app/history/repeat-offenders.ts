import { Component, computed, DestroyRef, inject } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatTabNavPanel } from '@angular/material/tabs';
import { RouterLink } from '@angular/router';
import type { RepeatOffender } from '@bailiff/contracts/http';
import { mdiAccountReactivateOutline } from '@mdi/js';
import { definedParams } from '../api/query-string';
import { BanListFilters } from '../bans/ban-list-filters';
import { EmptyState } from '../display/empty-state';
import { Fact } from '../display/fact';
import { Format } from '../display/format';
import { IpAddressText } from '../display/ip-address';
import { Moment } from '../display/moment';
import { PageHead } from '../display/page-head';
import { HostScope } from '../hosts/host-scope';
import { LiveFeed } from '../live/live-feed';
import { MESSAGES } from '../messages/messages';
import type { Column } from '../table/column';
import { DataTable } from '../table/data-table';
import { PagedSource } from '../table/paged-source';
import type { TableFilter } from '../table/table-filter';
import { urlTableQuery } from '../table/table-query';
import { CellTemplate, DetailTemplate, EmptyTemplate } from '../table/table-templates';
import { Clock } from '../time/clock';
import { HistoryTabs } from './history-tabs';
import { isRange, RANGES, rangeStart } from './time-range';

/** Addresses that were banned more than once, most bans first. */
@Component({
  selector: 'bailiff-repeat-offenders',
  imports: [
    CellTemplate,
    DataTable,
    DetailTemplate,
    EmptyState,
    EmptyTemplate,
    Fact,
    HistoryTabs,
    IpAddressText,
    MatButton,
    MatTabNavPanel,
    Moment,
    PageHead,
    RouterLink,
  ],
  template: `<bailiff-page-head [heading]="title" />
    <bailiff-history-tabs [panel]="panel" />
    <mat-tab-nav-panel #panel>
      <p class="muted">{{ m.hint }}</p>
      <bailiff-table
        name="offenders"
        [label]="m.title"
        [columns]="columns"
        [source]="source"
        [query]="query"
        [filters]="filters()"
        [searchHint]="m.searchHint"
      >
        <ng-template bailiffCell="address" [of]="source" let-row>
          <bailiff-ip [address]="row.address" [country]="row.country" />
        </ng-template>
        <ng-template bailiffCell="bans" [of]="source" let-row>{{ format.number(row.bans) }}</ng-template>
        <ng-template bailiffCell="firstAt" [of]="source" let-row><bailiff-moment [at]="row.firstAt" /></ng-template>
        <ng-template bailiffCell="lastAt" [of]="source" let-row><bailiff-moment [at]="row.lastAt" /></ng-template>
        <ng-template [bailiffDetail]="source" let-row>
          <p class="who"><bailiff-ip [address]="row.address" [country]="row.country" /></p>
          @for (place of row.places; track place.hostId + place.jail) {
            <bailiff-fact [name]="place.hostName">{{ m.jailCount(place.jail, place.bans) }}</bailiff-fact>
          }
          <a
            matButton
            class="more"
            routerLink="/history"
            [queryParams]="{ q: row.address, hosts: scope.link()['hosts'] ?? null }"
            >{{ m.showHistory }}</a
          >
        </ng-template>
        <ng-template bailiffEmptyTable>
          <bailiff-empty [icon]="icon" [heading]="m.emptyTitle" [body]="m.emptyBody" />
        </ng-template>
      </bailiff-table>
    </mat-tab-nav-panel>`,
  styles: `
    p {
      margin: 0 0 8px;
      font-size: var(--text-sm);
    }
    .who {
      margin: 0 0 8px;
    }
    .more {
      margin-top: 12px;
    }
  `,
})
export class RepeatOffenders {
  protected readonly m = inject(MESSAGES).archive.offenders;
  protected readonly title = inject(MESSAGES).history.title;
  private readonly ranges = inject(MESSAGES).dashboard.ranges;
  protected readonly format = inject(Format);
  protected readonly scope = inject(HostScope);
  private readonly openedAt = inject(Clock).now();
  protected readonly icon = mdiAccountReactivateOutline;

  protected readonly query = urlTableQuery({ sort: '-bans', filters: ['range', 'jail', 'country'] });
  protected readonly source = new PagedSource<RepeatOffender>({
    url: 'api/v1/repeat-offenders',
    params: () => {
      const { range, jail, country } = this.query.filters();
      const from = isRange(range) ? rangeStart(range, this.openedAt) : undefined;
      return definedParams({ hosts: this.scope.param(), q: this.query.q(), jail, country, from });
    },
    key: ({ address }) => address,
  });
  private readonly shared = inject(BanListFilters).placesOf(this.source);
  protected readonly filters = computed<readonly TableFilter[]>(() => [
    {
      id: 'range',
      label: this.m.since,
      options: RANGES.map((range) => ({ value: range, label: this.ranges[range] })),
    },
    ...this.shared(),
  ]);
  protected readonly columns: readonly Column<RepeatOffender>[] = [
    { id: 'address', label: this.m.address, min: 220, grow: 1.4, priority: 1, card: 'title' },
    {
      id: 'bans',
      label: this.m.bans,
      min: 80,
      grow: 0,
      priority: 1,
      end: true,
      card: 'aside',
      cardText: ({ bans }) => this.m.banCount(bans),
    },
    {
      id: 'jails',
      label: this.m.jails,
      min: 180,
      grow: 2,
      priority: 1,
      card: 'meta',
      text: ({ places }) =>
        byMost(places, ({ jail }) => jail)
          .map(([jail, n]) => this.m.jailCount(jail, n))
          .join(', '),
    },
    { id: 'lastAt', label: this.m.last, min: 110, grow: 0, priority: 1, card: 'meta' },
    {
      id: 'hosts',
      label: this.m.hosts,
      min: 120,
      grow: 1,
      priority: 2,
      text: ({ places }) =>
        byMost(places, ({ hostName }) => hostName)
          .map(([name]) => name)
          .join(', '),
    },
    { id: 'firstAt', label: this.m.first, min: 110, grow: 0, priority: 2 },
  ];

  constructor() {
    inject(LiveFeed).on(['resync'], inject(DestroyRef), () => this.source.reload());
  }
}

/** Bans summed by a name, most first. */
function byMost(
  places: RepeatOffender['places'],
  nameOf: (place: RepeatOffender['places'][number]) => string,
): [string, number][] {
  const sums = new Map<string, number>();
  for (const place of places) sums.set(nameOf(place), (sums.get(nameOf(place)) ?? 0) + place.bans);
  return [...sums].sort(([, a], [, b]) => b - a);
}
