import { httpResource } from '@angular/common/http';
import { Component, computed, inject, linkedSignal } from '@angular/core';
import { MatButton, MatIconButton } from '@angular/material/button';
import type { Campaign, CampaignList as Campaigns } from '@bailiff/contracts/http';
import { mdiCancel, mdiRadar } from '@mdi/js';
import { definedParams } from '../api/query-string';
import { BanActions } from '../bans/ban-actions';
import { EmptyState } from '../display/empty-state';
import { Fact } from '../display/fact';
import { Format } from '../display/format';
import { Icon } from '../display/icon';
import { IpAddressText } from '../display/ip-address';
import { Moment } from '../display/moment';
import { NetworkText } from '../geo/network-text';
import { HostScope } from '../hosts/host-scope';
import { MESSAGES } from '../messages/messages';
import { SystemBans } from '../networks/system-bans';
import { Session } from '../session/session';
import type { Column } from '../table/column';
import { DataTable } from '../table/data-table';
import { ListSource } from '../table/list-source';
import type { TableFilter } from '../table/table-filter';
import { urlTableQuery } from '../table/table-query';
import { CellTemplate, DetailTemplate, EmptyTemplate } from '../table/table-templates';

const RANGES = ['24h', '7d', '30d', '365d'] as const;
const LEAST = ['2', '4', '10', '25'] as const;
const WEEK_SECONDS = 604_800;

/** Networks from which many addresses were banned, with the way to ban them whole. */
@Component({
  selector: 'bailiff-campaign-list',
  imports: [
    CellTemplate,
    DataTable,
    DetailTemplate,
    EmptyState,
    EmptyTemplate,
    Fact,
    Icon,
    IpAddressText,
    MatButton,
    MatIconButton,
    Moment,
    NetworkText,
  ],
  templateUrl: './campaign-list.html',
  styleUrl: './campaign-list.scss',
})
export class CampaignList {
  private readonly scope = inject(HostScope);
  protected readonly actions = inject(BanActions);
  private readonly systems = inject(SystemBans);
  protected readonly session = inject(Session);
  protected readonly format = inject(Format);
  protected readonly m = inject(MESSAGES).campaigns;
  private readonly common = inject(MESSAGES).common;
  private readonly dashboard = inject(MESSAGES).dashboard;
  protected readonly icons = { ban: mdiCancel, empty: mdiRadar };

  protected readonly query = urlTableQuery({ sort: '-addresses', filters: ['range', 'min'] });
  private readonly resource = httpResource<Campaigns>(() => {
    const { range, min } = this.query.filters();
    return { url: 'api/v1/campaigns', params: definedParams({ hosts: this.scope.param(), range, min }) };
  });
  protected readonly known = linkedSignal<Campaigns | undefined, Campaigns | undefined>({
    source: () => (this.resource.hasValue() ? this.resource.value() : undefined),
    computation: (loaded, previous) => loaded ?? previous?.value,
  });
  protected readonly source = new ListSource<Campaign>({
    all: computed(() => this.known()?.campaigns),
    error: this.resource.error,
    reload: () => this.resource.reload(),
    key: ({ network }) => network,
    query: this.query,
    text: ({ network, asName = '', jails }) => `${network} ${asName} ${jails.join(' ')}`,
    sortBy: {
      network: ({ network }) => network,
      addresses: ({ addresses }) => addresses,
      bans: ({ bans }) => bans,
      active: ({ activeBans }) => activeBans,
      share: ({ share }) => share,
      lastAt: ({ lastAt }) => lastAt,
    },
  });
  protected readonly filters = computed<readonly TableFilter[]>(() => [
    {
      id: 'range',
      label: this.dashboard.range,
      options: RANGES.map((range) => ({ value: range, label: this.dashboard.ranges[range] })),
    },
    { id: 'min', label: this.m.min, options: LEAST.map((n) => ({ value: n, label: this.m.atLeast(Number(n)) })) },
  ]);
  protected readonly columns: readonly Column<Campaign>[] = [
    { id: 'network', label: this.m.network, sort: 'network', min: 210, grow: 2, priority: 1, card: 'title' },
    {
      id: 'addresses',
      label: this.m.addresses,
      sort: 'addresses',
      min: 92,
      grow: 0,
      priority: 1,
      end: true,
      card: 'aside',
      cardText: ({ addresses }) => this.common.addresses(addresses),
    },
    { id: 'bans', label: this.m.bans, sort: 'bans', min: 72, grow: 0, priority: 2, end: true },
    { id: 'active', label: this.m.active, sort: 'active', min: 104, grow: 0, priority: 2, end: true },
    { id: 'share', label: this.m.share, sort: 'share', min: 116, grow: 0, priority: 3, end: true },
    {
      id: 'jails',
      label: this.m.jails,
      min: 130,
      grow: 1.4,
      priority: 2,
      card: 'meta',
      text: ({ jails }) => jails.join(', '),
    },
    { id: 'lastAt', label: this.m.last, sort: 'lastAt', min: 104, grow: 0, priority: 2, card: 'meta' },
    { id: 'actions', label: '', min: 40, grow: 0, priority: 1, end: true, card: 'aside' },
  ];

  /** Whether it can be banned from here: not what is banned already. */
  protected canBan({ isBanned }: Campaign): boolean {
    return this.session.can('ban') && !isBanned;
  }

  protected ban({ network, kind, asn, jails, hostIds, addresses, sample }: Campaign): void {
    const start = { jails, hostIds, durationSeconds: WEEK_SECONDS, reason: this.m.reason(addresses, network) };
    if (kind === 'asn' && asn !== null) void this.systems.open({ ...start, asn, about: sample });
    else void this.actions.openBan({ ...start, addresses: network });
  }

  protected percent(share: number | null): string {
    return share === null ? '–' : this.format.finePercent(share);
  }
}
