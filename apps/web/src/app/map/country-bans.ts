import { Component, computed, inject, input, output } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { RouterLink } from '@angular/router';
import type { HistoryEntry } from '@bailiff/contracts/http';
import { mdiArrowLeft, mdiHistory, mdiShieldCheckOutline } from '@mdi/js';
import { EmptyState } from '../display/empty-state';
import { Flag } from '../display/flag';
import { Format } from '../display/format';
import { Icon } from '../display/icon';
import { IpAddressText } from '../display/ip-address';
import { Moment } from '../display/moment';
import { OriginBadge } from '../display/origin-badge';
import { HistoryDetail } from '../history/history-detail';
import { historyRows } from '../history/history-source';
import { HostScope } from '../hosts/host-scope';
import { MESSAGES } from '../messages/messages';
import type { Column } from '../table/column';
import { DataTable } from '../table/data-table';
import { urlTableQuery } from '../table/table-query';
import { CellTemplate, DetailTemplate, EmptyTemplate } from '../table/table-templates';
import type { CountryFigure } from './country-figure';
import { shareText } from './share-text';

/** One country: its figures and its bans in the range, newest first. */
@Component({
  selector: 'bailiff-country-bans',
  imports: [
    CellTemplate,
    DataTable,
    DetailTemplate,
    EmptyState,
    EmptyTemplate,
    Flag,
    HistoryDetail,
    Icon,
    IpAddressText,
    MatButton,
    Moment,
    OriginBadge,
    RouterLink,
  ],
  templateUrl: './country-bans.html',
  styleUrl: './country-bans.scss',
})
export class CountryBans {
  protected readonly scope = inject(HostScope);
  protected readonly format = inject(Format);
  private readonly words = inject(MESSAGES).map;
  protected readonly m = this.words.table;
  private readonly bans = inject(MESSAGES).bans;
  private readonly history = inject(MESSAGES).history;
  protected readonly icons = { back: mdiArrowLeft, history: mdiHistory, empty: mdiShieldCheckOutline };

  readonly code = input.required<string>();
  readonly range = input.required<string>();
  /** Absent: no bans. */
  readonly figure = input<CountryFigure>();
  readonly back = output();

  protected readonly query = urlTableQuery({ sort: '-at', filters: ['country', 'origin'] });
  protected readonly source = historyRows(this.query, () => this.range(), { kind: 'ban' }).source;
  protected readonly name = computed(() => this.format.country(this.code()));
  protected readonly line = computed(() => {
    const figure = this.figure();
    if (figure === undefined) return this.words.noBans;
    return `${this.words.bans(figure.bans)} · ${this.words.ofAll(shareText(figure.share, this.format, this.words))}`;
  });
  protected readonly historyLink = computed(() => ({
    ...this.scope.link(),
    kind: 'ban',
    country: this.code(),
    range: this.range(),
    ...this.originLink(),
  }));
  private readonly originLink = computed(() => {
    const { origin } = this.query.filters();
    return origin === undefined ? {} : { origin };
  });
  protected readonly columns: readonly Column<HistoryEntry>[] = [
    { id: 'at', label: this.history.time, sort: 'at', min: 100, grow: 0, priority: 1, card: 'aside' },
    { id: 'address', label: this.bans.address, sort: 'address', min: 200, grow: 2, priority: 1, card: 'title' },
    {
      id: 'jail',
      label: this.bans.jail,
      sort: 'jail',
      min: 100,
      grow: 1,
      priority: 1,
      card: 'meta',
      text: ({ jail }) => jail,
    },
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
  ];
}
