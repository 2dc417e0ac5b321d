import { httpResource } from '@angular/common/http';
import { Component, computed, DestroyRef, inject, linkedSignal } from '@angular/core';
import { MatButton, MatIconButton } from '@angular/material/button';
import { MatDialog } from '@angular/material/dialog';
import { MatMenu, MatMenuItem, MatMenuTrigger } from '@angular/material/menu';
import type { AllowEntry, AllowState } from '@bailiff/contracts/http';
import { mdiDeleteOutline, mdiDotsHorizontal, mdiPencilOutline, mdiPlus, mdiShieldCheckOutline } from '@mdi/js';
import { EmptyState } from '../display/empty-state';
import { Fact } from '../display/fact';
import { Icon } from '../display/icon';
import { IpAddressText } from '../display/ip-address';
import { Moment } from '../display/moment';
import { StatusDot, type Tone } from '../display/status-dot';
import { HostDirectory } from '../hosts/host-directory';
import { HostScope } from '../hosts/host-scope';
import { LiveFeed } from '../live/live-feed';
import { MESSAGES } from '../messages/messages';
import { Session } from '../session/session';
import type { Column } from '../table/column';
import { DataTable } from '../table/data-table';
import { ListSource } from '../table/list-source';
import { urlTableQuery } from '../table/table-query';
import { CellTemplate, DetailTemplate, EmptyTemplate } from '../table/table-templates';

const TONES: Record<AllowState, Tone> = { applied: 'ok', waiting: 'busy', failed: 'danger' };
const REFRESH_MS = 15_000;

/** The allow list: who, until when, and on which hosts it is in force. */
@Component({
  selector: 'bailiff-allow-entries',
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
    MatMenu,
    MatMenuItem,
    MatMenuTrigger,
    Moment,
    StatusDot,
  ],
  templateUrl: './allow-entries.html',
  styleUrl: './allow-entries.scss',
})
export class AllowEntries {
  private readonly dialog = inject(MatDialog);
  private readonly scope = inject(HostScope);
  private readonly directory = inject(HostDirectory);
  protected readonly session = inject(Session);
  protected readonly m = inject(MESSAGES).allow;
  protected readonly icons = {
    add: mdiPlus,
    edit: mdiPencilOutline,
    remove: mdiDeleteOutline,
    more: mdiDotsHorizontal,
    empty: mdiShieldCheckOutline,
  };
  protected readonly tones = TONES;

  private readonly resource = httpResource<readonly AllowEntry[]>(() => 'api/v1/allow-entries');
  private readonly known = linkedSignal<readonly AllowEntry[] | undefined, readonly AllowEntry[] | undefined>({
    source: () => (this.resource.hasValue() ? this.resource.value() : undefined),
    computation: (loaded, previous) => loaded ?? previous?.value,
  });
  /** With some hosts chosen, entries that concern them. */
  private readonly shown = computed(() =>
    this.known()?.filter(({ hosts }) => hosts.length === 0 || hosts.some(({ hostId }) => this.scope.includes(hostId))),
  );
  protected readonly query = urlTableQuery({ sort: '-createdAt', filters: [] });
  protected readonly source = new ListSource<AllowEntry>({
    all: this.shown,
    error: this.resource.error,
    reload: () => this.resource.reload(),
    key: ({ id }) => id,
    query: this.query,
    text: ({ address, comment, createdBy }) => `${address} ${comment ?? ''} ${createdBy}`,
    sortBy: {
      address: ({ address }) => address,
      expiresAt: ({ expiresAt }) => (expiresAt === null ? Infinity : Date.parse(expiresAt)),
      createdAt: ({ createdAt }) => createdAt,
    },
  });
  protected readonly columns: readonly Column<AllowEntry>[] = [
    { id: 'address', label: this.m.address, sort: 'address', min: 170, grow: 1.4, priority: 1, card: 'title' },
    {
      id: 'comment',
      label: this.m.comment,
      min: 140,
      grow: 2,
      priority: 2,
      card: 'meta',
      text: ({ comment }) => comment ?? '',
    },
    { id: 'where', label: this.m.where, min: 130, grow: 1, priority: 2, text: (entry) => this.whereText(entry) },
    { id: 'jails', label: this.m.jails, min: 110, grow: 1, priority: 3, text: (entry) => this.jailsText(entry) },
    { id: 'state', label: this.m.state, min: 120, grow: 0, priority: 1, card: 'aside' },
    { id: 'expiresAt', label: this.m.until, sort: 'expiresAt', min: 230, grow: 0, priority: 1, card: 'meta' },
    { id: 'by', label: this.m.by, min: 90, grow: 0.5, priority: 4, text: ({ createdBy }) => createdBy },
    { id: 'actions', label: '', min: 40, grow: 0, priority: 1, end: true, card: 'aside' },
  ];

  constructor() {
    const destroyRef = inject(DestroyRef);
    // Hosts come back and time passes without a word on the feed.
    const timer = setInterval(() => this.resource.reload(), REFRESH_MS);
    destroyRef.onDestroy(() => clearInterval(timer));
    inject(LiveFeed).on(['host_status', 'resync'], destroyRef, () => {
      if (this.known()?.some(({ hosts }) => hosts.some(({ state }) => state !== 'applied')) === true)
        this.resource.reload();
    });
  }

  protected whereText({ hostIds, tag }: AllowEntry): string {
    if (tag !== null) return this.m.tagged(tag);
    if (hostIds === null) return this.m.everyHost;
    const [only] = hostIds;
    if (hostIds.length === 1 && only !== undefined) return this.directory.byId(only)?.name ?? only;
    return this.m.onHosts(hostIds.length);
  }

  protected jailsText({ jails }: AllowEntry): string {
    return jails === null ? this.m.everyJail : jails.join(', ');
  }

  /** The worst of the hosts' states. */
  protected toneOf({ hosts }: AllowEntry): Tone {
    if (hosts.length === 0) return 'off';
    const worst = (['failed', 'waiting', 'applied'] as const).find((state) =>
      hosts.some((host) => host.state === state),
    );
    return TONES[worst ?? 'applied'];
  }

  protected stateText({ hosts }: AllowEntry): string {
    return this.m.inForce(hosts.filter(({ state }) => state === 'applied').length, hosts.length);
  }

  protected async add(): Promise<void> {
    const { AllowDialog } = await import('./allow-dialog');
    this.afterwards(this.dialog.open(AllowDialog, { width: '520px', autoFocus: 'first-tabbable' }));
  }

  protected async edit(entry: AllowEntry): Promise<void> {
    const { AllowDialog } = await import('./allow-dialog');
    this.afterwards(this.dialog.open(AllowDialog, { data: entry, width: '520px' }));
  }

  protected async remove(entry: AllowEntry): Promise<void> {
    const { RemoveAllowDialog } = await import('./remove-allow-dialog');
    this.afterwards(this.dialog.open(RemoveAllowDialog, { data: entry, width: '480px' }));
  }

  private afterwards(dialog: ReturnType<MatDialog['open']>): void {
    dialog.afterClosed().subscribe((isDone) => {
      if (isDone === true) this.resource.reload();
    });
  }
}
