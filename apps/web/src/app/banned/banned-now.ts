import { Component, computed, DestroyRef, inject, input } from '@angular/core';
import { MatButton, MatIconButton } from '@angular/material/button';
import { MatMenu, MatMenuItem, MatMenuTrigger } from '@angular/material/menu';
import type { ActiveBan } from '@bailiff/contracts/http';
import {
  mdiCancel,
  mdiDotsHorizontal,
  mdiLockOpenVariantOutline,
  mdiPlaylistMinus,
  mdiPlaylistPlus,
  mdiPlus,
  mdiProgressClock,
  mdiShieldCheckOutline,
} from '@mdi/js';
import { RouterLink } from '@angular/router';
import { definedParams } from '../api/query-string';
import { AddressLinks } from '../bans/address-links';
import { BanActions } from '../bans/ban-actions';
import { fitsBanFilters } from '../bans/ban-filters';
import { BanListFilters } from '../bans/ban-list-filters';
import { EmptyState } from '../display/empty-state';
import { Fact } from '../display/fact';
import { Flag } from '../display/flag';
import { Format } from '../display/format';
import { Icon } from '../display/icon';
import { IpAddressText } from '../display/ip-address';
import { Moment } from '../display/moment';
import { OriginBadge } from '../display/origin-badge';
import { PageHead } from '../display/page-head';
import { GeoCredit } from '../geo/geo-credit';
import { GeoFoot } from '../geo/geo-foot';
import { networkOptions } from '../geo/network-options';
import { networkText, NetworkText } from '../geo/network-text';
import { placed } from '../geo/placed';
import { HostScope } from '../hosts/host-scope';
import { LiveFeed } from '../live/live-feed';
import { MESSAGES } from '../messages/messages';
import { Session } from '../session/session';
import { FreshNotes } from './fresh-notes';
import type { Column } from '../table/column';
import { DataTable } from '../table/data-table';
import { PagedSource } from '../table/paged-source';
import type { TableFilter } from '../table/table-filter';
import { urlTableQuery } from '../table/table-query';
import { TimeFormat } from '../time/time-format';
import { BulkTemplate, CellTemplate, DetailTemplate, EmptyTemplate } from '../table/table-templates';

/** One jail of one host. */
export interface OnlyJail {
  readonly hostId: string;
  readonly jail: string;
}

/** Everybody who is banned now, on the chosen hosts or in one jail alone. */
@Component({
  selector: 'bailiff-banned-now',
  imports: [
    AddressLinks,
    BulkTemplate,
    CellTemplate,
    DataTable,
    DetailTemplate,
    EmptyState,
    EmptyTemplate,
    Fact,
    Flag,
    GeoCredit,
    GeoFoot,
    Icon,
    IpAddressText,
    MatButton,
    MatIconButton,
    MatMenu,
    MatMenuItem,
    MatMenuTrigger,
    Moment,
    NetworkText,
    OriginBadge,
    PageHead,
    RouterLink,
  ],
  templateUrl: './banned-now.html',
  styleUrl: './banned-now.scss',
})
export class BannedNow {
  private readonly notes = new FreshNotes();
  protected readonly scope = inject(HostScope);
  /** Shows one jail alone, as a part of its page. */
  readonly onlyIn = input<OnlyJail>();
  protected readonly actions = inject(BanActions);
  protected readonly format = inject(Format);
  protected readonly session = inject(Session);
  protected readonly m = inject(MESSAGES).bans;
  protected readonly geo = inject(MESSAGES).geo;
  protected readonly lists = inject(MESSAGES).bulk.menu;
  protected readonly permanent = inject(MESSAGES).common.permanent;
  protected readonly time = inject(TimeFormat);
  protected readonly jailWords = inject(MESSAGES).jails;
  protected readonly icons = {
    ban: mdiPlus,
    unban: mdiLockOpenVariantOutline,
    more: mdiDotsHorizontal,
    everything: mdiCancel,
    banList: mdiPlaylistPlus,
    unbanList: mdiPlaylistMinus,
    lists: mdiProgressClock,
    empty: mdiShieldCheckOutline,
  };

  protected readonly query = urlTableQuery({ sort: '-bannedAt', filters: ['jail', 'country', 'asn', 'origin'] });
  protected readonly source = new PagedSource<ActiveBan>({
    url: 'api/v1/bans',
    params: () =>
      definedParams({
        hosts: this.onlyIn()?.hostId ?? this.scope.param(),
        sort: this.query.sort(),
        q: this.query.q(),
        ...this.query.filters(),
        ...(this.onlyIn() === undefined ? {} : { jail: this.onlyIn()?.jail }),
      }),
    key: (ban) => ban.id,
  });
  private readonly allFilters = inject(BanListFilters).for(this.source);
  private readonly networks = networkOptions(this.source);
  protected readonly filters = computed<readonly TableFilter[]>(() => [
    ...this.allFilters().filter(({ id }) => this.onlyIn() === undefined || id !== 'jail'),
    { id: 'asn', label: this.geo.network, options: this.networks(), describe: (asn) => `AS${asn}` },
  ]);
  private readonly allColumns: readonly Column<ActiveBan>[] = [
    { id: 'address', label: this.m.address, sort: 'address', min: 200, grow: 2.4, priority: 1, card: 'title' },
    {
      id: 'jail',
      label: this.m.jail,
      sort: 'jail',
      min: 110,
      grow: 1.2,
      priority: 1,
      card: 'meta',
      text: ({ jail }) => jail,
    },
    { id: 'network', label: this.geo.network, min: 150, grow: 1.2, priority: 4, text: networkText },
    { id: 'host', label: this.m.host, min: 100, grow: 1, priority: 3, card: 'meta', text: ({ hostName }) => hostName },
    { id: 'origin', label: this.m.origin, min: 92, grow: 0, priority: 3 },
    {
      id: 'reason',
      label: this.m.reason,
      min: 140,
      grow: 1.2,
      priority: 4,
      optional: true,
      text: ({ reason }) => reason ?? '',
    },
    { id: 'bannedAt', label: this.m.since, sort: 'bannedAt', min: 96, grow: 0, priority: 2, card: 'aside' },
    { id: 'expiresAt', label: this.m.expires, sort: 'expiresAt', min: 230, grow: 0, priority: 2, card: 'meta' },
    { id: 'banCount', label: this.m.count, sort: 'banCount', min: 64, grow: 0, priority: 3, end: true },
    { id: 'actions', label: '', min: 40, grow: 0, priority: 1, end: true, card: 'aside' },
  ];
  protected readonly columns = computed(() =>
    this.allColumns.filter(({ id }) => this.onlyIn() === undefined || (id !== 'jail' && id !== 'host')),
  );
  protected readonly onlineHostIds = computed(() =>
    this.scope
      .hosts()
      .filter(({ state }) => state === 'online')
      .map(({ id }) => id),
  );

  constructor() {
    const live = inject(LiveFeed);
    const destroyRef = inject(DestroyRef);
    live.on(['ban_event'], destroyRef, ({ active }) => {
      if (active !== null && this.fits(active))
        this.source.arrived({ ...active, ...this.notes.of(active) }, this.query.sort() === '-bannedAt');
    });
    live.on(['ban_noted'], destroyRef, (note) => {
      this.notes.take(note);
      this.source.update((ban) => ({ ...ban, ...this.notes.of(ban) }));
    });
    live.on(['unban_event'], destroyRef, ({ event }) => {
      const { hostId, jail, address } = event;
      this.source.remove((ban) => ban.hostId === hostId && ban.jail === jail && ban.address === address);
    });
    live.on(['geo_resolved'], destroyRef, ({ entries }) => {
      const known = new Map(entries.map((entry) => [entry.address, entry]));
      this.source.update((ban) => placed(ban, known.get(ban.address)));
    });
    live.on(['resync'], destroyRef, () => this.source.reload());
  }

  protected async unbanSelected(targets: readonly ActiveBan[], clear: () => void): Promise<void> {
    if (await this.actions.openUnban({ kind: 'targets', targets })) clear();
  }

  /** Query of the page that takes a list. */
  protected link(direction: 'ban' | 'unban'): Record<string, string> {
    return { ...this.scope.link(), direction };
  }

  protected unbanEverything(): void {
    const { jail, ...others } = this.query.filters();
    // Everything is lifted, whatever else the list is narrowed to: then its number is not what is lifted.
    const isWhole = this.query.q() === '' && Object.keys(others).length === 0;
    void this.actions.openUnban({
      kind: 'everything',
      hostIds: this.onlineHostIds(),
      ...(jail === undefined ? {} : { jail }),
      count: isWhole ? this.source.total() : null,
    });
  }

  private fits(ban: ActiveBan): boolean {
    const only = this.onlyIn();
    const isHere =
      only === undefined ? this.scope.includes(ban.hostId) : only.hostId === ban.hostId && only.jail === ban.jail;
    const { asn } = this.query.filters();
    const isInNetwork = asn === undefined || asn === String(ban.asn ?? '');
    return isHere && isInNetwork && fitsBanFilters(ban, this.query.q(), this.query.filters());
  }
}
