import { Component, computed, inject } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { RouterLink } from '@angular/router';
import type { BanOrigin, HistoryEntry } from '@bailiff/contracts/http';
import { mdiOpenInNew, mdiShieldCheckOutline } from '@mdi/js';
import { BanListFilters } from '../bans/ban-list-filters';
import { EmptyState } from '../display/empty-state';
import { Format } from '../display/format';
import { Icon } from '../display/icon';
import { IpAddressText } from '../display/ip-address';
import { Moment } from '../display/moment';
import { OriginBadge } from '../display/origin-badge';
import { PageHead } from '../display/page-head';
import { ProblemNotice } from '../display/problem-notice';
import { GeoFoot } from '../geo/geo-foot';
import { HistoryDetail } from '../history/history-detail';
import { historyRows } from '../history/history-source';
import { customRange, rangeParams } from '../history/time-range';
import { HostDirectory } from '../hosts/host-directory';
import { MESSAGES } from '../messages/messages';
import { shareText } from '../map/share-text';
import { OriginFilter } from '../period/origin-filter';
import { RangeFilter } from '../period/range-filter';
import { RangeWords } from '../period/range-words';
import { FleetFigures } from '../shell/fleet-figures';
import type { Column } from '../table/column';
import { DataTable } from '../table/data-table';
import type { TableFilter } from '../table/table-filter';
import { urlTableQuery } from '../table/table-query';
import { CellTemplate, DetailTemplate, EmptyTemplate } from '../table/table-templates';
import { Clock } from '../time/clock';
import { UrlQuery } from '../url/url-query';
import { dashboardColumns } from './dashboard-columns';
import { dashboardData } from './dashboard-data';
import { FigureCard } from './figure-card';
import { HeatCard } from './heat-card';
import { RankCard } from './rank-card';
import type { Ranked } from './rank-chart';
import { TimelineCard } from './timeline-card';
import { WorstCard } from './worst-card';

const DEFAULT_RANGE = '24h';
const ORIGINS: readonly string[] = ['selfblock', 'manual', 'blocklist', 'fleet'] satisfies BanOrigin[];
/** Filters of the list alone; the figures and charts stay, so that another one can be chosen from them. */
const LIST_FILTERS = ['jail', 'country', 'asn', 'slot'] as const;

/** Am I under attack, is it handled: figures, when, who and where, and bans as they happen. Its whole state is in the address. */
@Component({
  selector: 'bailiff-dashboard',
  imports: [
    CellTemplate,
    DataTable,
    DetailTemplate,
    EmptyState,
    EmptyTemplate,
    FigureCard,
    GeoFoot,
    HeatCard,
    HistoryDetail,
    Icon,
    IpAddressText,
    MatButton,
    Moment,
    OriginBadge,
    OriginFilter,
    PageHead,
    ProblemNotice,
    RangeFilter,
    RankCard,
    RouterLink,
    TimelineCard,
    WorstCard,
  ],
  templateUrl: './dashboard.html',
  styleUrl: './dashboard.scss',
})
export class Dashboard {
  private readonly url = inject(UrlQuery);
  private readonly fleet = inject(FleetFigures);
  private readonly rangeWords = inject(RangeWords);
  private readonly clock = inject(Clock);
  protected readonly format = inject(Format);
  private readonly messages = inject(MESSAGES);
  protected readonly m = this.messages.dashboard;
  protected readonly stats = this.messages.stats;
  protected readonly bans = this.messages.bans;
  protected readonly hostWords = this.messages.hosts;
  protected readonly searchHint = this.messages.history.searchHint;
  protected readonly icons = { empty: mdiShieldCheckOutline, away: mdiOpenInNew };
  private readonly directory = inject(HostDirectory);
  protected readonly hasNoHosts = computed(() => this.directory.hosts()?.length === 0);

  /** A value of the `range` parameter that can be read. */
  protected readonly range = computed(() => {
    const range = this.url.params()['range'] ?? '';
    return this.rangeWords.text(range) === '' ? DEFAULT_RANGE : range;
  });
  protected readonly rangeText = computed(() => this.rangeWords.text(this.range()));
  protected readonly origin = computed(() => {
    const origin = this.url.params()['origin'];
    return origin !== undefined && ORIGINS.includes(origin) ? origin : undefined;
  });
  protected readonly data = dashboardData(this.range, this.origin);
  protected readonly summary = this.data.summary.value;

  protected readonly query = urlTableQuery({ sort: '-at', filters: [...LIST_FILTERS, 'origin'] });
  private readonly slot = computed(() => {
    const slot = this.query.filters()['slot'];
    return slot !== undefined && this.rangeWords.text(slot) !== '' ? slot : undefined;
  });
  protected readonly source = historyRows(this.query, () => this.slot() ?? this.range(), { kind: 'ban' }).source;
  private readonly shared = inject(BanListFilters).for(this.source);
  protected readonly filters = computed<readonly TableFilter[]>(() => [
    { id: 'slot', label: this.stats.slot, options: [], describe: (slot) => this.rangeWords.text(slot) || slot },
    // The origin is chosen above, for the whole page.
    ...this.shared().filter(({ id }) => id !== 'origin'),
    { id: 'asn', label: this.stats.network, options: [], describe: (asn) => this.networkName(asn) },
  ]);
  protected readonly columns: readonly Column<HistoryEntry>[] = dashboardColumns(this.messages);

  /** Nothing is said of a course before there is one. */
  protected readonly bannedCourse = computed(() => {
    const course = this.summary()?.bannedCourse;
    return course === undefined || (course.previous === null && course.series.length < 2) ? undefined : course;
  });
  protected readonly activeJails = computed(() => this.fleet.sum().activeJails);
  /** The first of the charts that could not be loaded; what was loaded before stays. */
  protected readonly failure = computed(() => {
    const { timeline, jails, countries, networks, week, summary } = this.data;
    return [summary, timeline, jails, countries, networks, week].map(({ error }) => error()).find((error) => error);
  });
  protected readonly hasFailed = computed(() => this.failure() !== undefined);

  protected readonly jails = computed<readonly Ranked[] | undefined>(() => {
    const answer = this.data.jails.value();
    return answer?.jails.map(({ jail, bans }) => ({ value: jail, label: jail, bans, share: bans / answer.total }));
  });
  protected readonly countries = computed<readonly Ranked[] | undefined>(() =>
    this.data.countries.value()?.countries.map(({ country, bans, share }) => ({
      value: country,
      label: this.format.country(country),
      country,
      bans,
      share,
    })),
  );
  protected readonly networks = computed<readonly Ranked[] | undefined>(() =>
    this.data.networks.value()?.networks.map(({ asn, name, bans, share }) => ({
      value: String(asn),
      label: name === null ? `AS${asn}` : `AS${asn} ${name}`,
      bans,
      share,
    })),
  );
  protected readonly unknownCountries = computed(() => {
    const answer = this.data.countries.value();
    return answer === undefined || answer.unknown === 0
      ? ''
      : this.stats.unknownCountry(this.shareText(answer.unknown / answer.total));
  });
  protected readonly unknownNetworks = computed(() => {
    const answer = this.data.networks.value();
    return answer === undefined || answer.unknown === 0
      ? ''
      : this.stats.unknownNetwork(this.shareText(answer.unknown / answer.total));
  });
  protected readonly isWorstChosen = computed(() => {
    const worst = this.summary()?.worstNetwork;
    if (worst === undefined || worst === null) return false;
    return worst.asn === null ? this.query.q() === worst.label : this.query.filters()['asn'] === String(worst.asn);
  });

  protected setRange(range: string): void {
    // A time chosen in a chart lies in the range it was chosen from.
    this.url.patch({ range: range === DEFAULT_RANGE ? undefined : range, slot: undefined });
  }

  protected setOrigin(origin: string | undefined): void {
    this.url.patch({ origin });
  }

  /** Sets a filter of the list, or lets it go when it is the one that is set. */
  protected filterBy(name: 'jail' | 'country' | 'asn', value: string): void {
    const isSet = this.query.filters()[name] === value;
    this.query.set({ filters: { [name]: isSet ? '' : value } });
  }

  protected chooseSpan({
    from,
    to,
    jail,
  }: {
    readonly from: string;
    readonly to: string;
    readonly jail?: string | undefined;
  }): void {
    const range = rangeParams(this.range(), this.clock.now());
    const start = range.from !== undefined && range.from > from ? range.from : from;
    const end = range.to !== undefined && range.to < to ? range.to : to;
    const slot = customRange(start, end);
    const filters = this.query.filters();
    const isSame = filters['slot'] === slot && (jail === undefined || filters['jail'] === jail);
    if (isSame) this.query.set({ filters: { slot: '', ...(jail === undefined ? {} : { jail: '' }) } });
    else this.query.set({ filters: { slot, ...(jail === undefined ? {} : { jail }) } });
  }

  protected chooseWorst(): void {
    const worst = this.summary()?.worstNetwork;
    if (worst === undefined || worst === null) return;
    if (worst.asn !== null) this.filterBy('asn', String(worst.asn));
    else this.query.set({ q: this.isWorstChosen() ? '' : worst.label });
  }

  /** Where bans were made but their place is not known, "none" would be wrong. */
  protected emptyText(total: number | undefined): string {
    return total === undefined || total === 0 ? this.stats.none : this.stats.noneFrom;
  }

  private shareText(share: number): string {
    return shareText(share, this.format, this.messages.map);
  }

  private networkName(asn: string): string {
    return this.networks()?.find(({ value }) => value === asn)?.label ?? `AS${asn}`;
  }
}
