import { Component, computed, inject } from '@angular/core';
import { MatDialog } from '@angular/material/dialog';
import { MatTabNavPanel } from '@angular/material/tabs';
import type { HistoryEntry } from '@bailiff/contracts/http';
import { mdiArchiveOutline, mdiLockOpenVariantOutline, mdiLockOutline } from '@mdi/js';
import { withQuery } from '../api/query-string';
import { BanListFilters } from '../bans/ban-list-filters';
import { EmptyState } from '../display/empty-state';
import { Format } from '../display/format';
import { Icon } from '../display/icon';
import { IpAddressText } from '../display/ip-address';
import { Moment } from '../display/moment';
import { OriginBadge } from '../display/origin-badge';
import { PageHead } from '../display/page-head';
import { GeoFoot } from '../geo/geo-foot';
import { networkOptions } from '../geo/network-options';
import { networkText, NetworkText } from '../geo/network-text';
import { MESSAGES } from '../messages/messages';
import { OriginFilter } from '../period/origin-filter';
import type { Column } from '../table/column';
import { DataTable } from '../table/data-table';
import type { TableFilter } from '../table/table-filter';
import { type TableQuery, urlTableQuery } from '../table/table-query';
import { CellTemplate, DetailTemplate, EmptyTemplate } from '../table/table-templates';
import { Clock } from '../time/clock';
import { TimeFormat } from '../time/time-format';
import { HistoryDetail } from './history-detail';
import { HistoryTabs } from './history-tabs';
import { historyRows } from './history-source';
import { requestColumns } from './request-columns';
import { RANGES, rangeParams } from './time-range';

const CUSTOM = 'custom';

/** Every ban and unban ever recorded, on the chosen hosts. */
@Component({
  selector: 'bailiff-history-list',
  imports: [
    CellTemplate,
    DataTable,
    DetailTemplate,
    EmptyState,
    EmptyTemplate,
    GeoFoot,
    HistoryDetail,
    HistoryTabs,
    Icon,
    IpAddressText,
    MatTabNavPanel,
    Moment,
    NetworkText,
    OriginBadge,
    OriginFilter,
    PageHead,
  ],
  templateUrl: './history-list.html',
  styles: `
    .kind {
      display: inline-flex;
      align-items: center;
      gap: 6px;
    }
    @media (max-width: 599px) {
      bailiff-origin-filter {
        order: -1;
        flex: 1 0 100%;
      }
    }
    .unban {
      color: var(--text-3);
    }
  `,
})
export class HistoryList {
  private readonly dialog = inject(MatDialog);
  private readonly clock = inject(Clock);
  private readonly time = inject(TimeFormat);
  protected readonly format = inject(Format);
  protected readonly m = inject(MESSAGES).history;
  private readonly bans = inject(MESSAGES).bans;
  protected readonly geo = inject(MESSAGES).geo;
  private readonly ranges = inject(MESSAGES).dashboard.ranges;
  protected readonly searchHint = this.m.searchHint;
  protected readonly icons = { empty: mdiArchiveOutline, ban: mdiLockOutline, unban: mdiLockOpenVariantOutline };

  private readonly url = urlTableQuery({ sort: '-at', filters: ['range', 'kind', 'jail', 'country', 'asn', 'origin'] });
  /** The address's state, except that 'Custom…' asks first. */
  protected readonly query: TableQuery = {
    ...this.url,
    set: (changes) => {
      if (changes.filters?.['range'] === CUSTOM) void this.askRange();
      else this.url.set(changes);
    },
  };
  private readonly rows = historyRows(this.query, () => this.query.filters()['range']);
  protected readonly source = this.rows.source;
  private readonly shared = inject(BanListFilters).for(this.source);
  /** The networks offered are those among the rows loaded. */
  private readonly networks = networkOptions(this.source);

  protected readonly filters = computed<readonly TableFilter[]>(() => [
    {
      id: 'range',
      label: this.m.range,
      options: [
        ...RANGES.map((range) => ({ value: range, label: this.ranges[range] })),
        { value: CUSTOM, label: this.m.customRange },
      ],
      describe: (value) => this.describeRange(value),
    },
    {
      id: 'kind',
      label: this.m.kind,
      options: [
        { value: 'ban', label: this.m.kinds.ban },
        { value: 'unban', label: this.m.kinds.unban },
      ],
    },
    // The origin is chosen above.
    ...this.shared().filter(({ id }) => id !== 'origin'),
    { id: 'asn', label: this.geo.network, options: this.networks(), describe: (asn) => `AS${asn}` },
  ]);
  protected readonly exports = computed(() => ({
    csv: withQuery('api/v1/history/export', { ...this.rows.params(), format: 'csv' }),
    jsonl: withQuery('api/v1/history/export', { ...this.rows.params(), format: 'jsonl' }),
  }));
  protected readonly columns: readonly Column<HistoryEntry>[] = [
    { id: 'at', label: this.m.time, sort: 'at', min: 100, grow: 0, priority: 1, card: 'aside' },
    { id: 'kind', label: this.m.kind, min: 84, grow: 0, priority: 1, card: 'meta' },
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
    { id: 'network', label: this.geo.network, min: 150, grow: 1.2, priority: 4, text: networkText },
    ...requestColumns(this.m, { priority: 3, isSiteOptional: true }),
    {
      id: 'host',
      label: this.bans.host,
      min: 100,
      grow: 1,
      priority: 2,
      card: 'meta',
      text: ({ hostName }) => hostName,
    },
    { id: 'origin', label: this.bans.origin, min: 92, grow: 0, priority: 3 },
    { id: 'duration', label: this.m.duration, min: 90, grow: 0, priority: 2 },
    { id: 'failures', label: this.m.failures, min: 70, grow: 0, priority: 3, end: true },
    { id: 'banCount', label: this.bans.count, min: 100, grow: 0, priority: 3, end: true },
  ];

  protected setOrigin(origin: string | undefined): void {
    this.query.set({ filters: { origin: origin ?? '' } });
  }

  private describeRange(value: string): string {
    const { from, to } = rangeParams(value, this.clock.now());
    if (from === undefined || to === undefined) return value;
    const words = (at: string): string => `${this.time.date(at)} ${this.time.clock(at)}`;
    return this.m.custom.label(words(from), words(to));
  }

  private async askRange(): Promise<void> {
    const { CustomRangeDialog } = await import('./custom-range-dialog');
    this.dialog
      .open<unknown, unknown, string>(CustomRangeDialog, { width: '420px' })
      .afterClosed()
      .subscribe((range) => {
        if (range !== undefined) this.url.set({ filters: { range } });
      });
  }
}
