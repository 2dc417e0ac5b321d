import { httpResource } from '@angular/common/http';
import { Component, computed, inject, linkedSignal } from '@angular/core';
import { MatButton, MatIconButton } from '@angular/material/button';
import { MatMenu, MatMenuItem, MatMenuTrigger } from '@angular/material/menu';
import { Router, RouterLink } from '@angular/router';
import type { JailFailures, JailInfo, JailStatus } from '@bailiff/contracts/http';
import {
  mdiCancel,
  mdiChevronDown,
  mdiDotsHorizontal,
  mdiFence,
  mdiHistory,
  mdiPlus,
  mdiShieldLockOutline,
} from '@mdi/js';
import { BanActions } from '../bans/ban-actions';
import { EmptyState } from '../display/empty-state';
import { Fact } from '../display/fact';
import { Format } from '../display/format';
import { Icon } from '../display/icon';
import { Moment } from '../display/moment';
import { PageHead } from '../display/page-head';
import { Sparkline } from '../display/sparkline';
import { HostDirectory } from '../hosts/host-directory';
import { HostScope } from '../hosts/host-scope';
import { MESSAGES } from '../messages/messages';
import { Session } from '../session/session';
import type { Column } from '../table/column';
import { DataTable } from '../table/data-table';
import { ListSource } from '../table/list-source';
import { urlTableQuery } from '../table/table-query';
import { CellTemplate, DetailTemplate, EmptyTemplate } from '../table/table-templates';
import { banRule } from './ban-rule';
import { JailDirectory } from './jail-directory';
import { JailStatusSign } from './jail-status';
import { isWatchedOnly } from './watched-only';
import { ServerControls } from './server-controls';

/** Entries of the menu of hosts. */
const MAX_HOSTS = 50;
const STATUSES: readonly JailStatus[] = ['running', 'idle', 'stopped', 'inactive'];

/** All jails of the chosen hosts with their figures; banning and unbanning start here. */
@Component({
  selector: 'bailiff-jail-list',
  imports: [
    CellTemplate,
    DataTable,
    DetailTemplate,
    EmptyState,
    EmptyTemplate,
    Fact,
    Icon,
    JailStatusSign,
    MatButton,
    MatIconButton,
    MatMenu,
    MatMenuItem,
    MatMenuTrigger,
    Moment,
    PageHead,
    RouterLink,
    ServerControls,
    Sparkline,
  ],
  templateUrl: './jail-list.html',
  styleUrl: './jail-list.scss',
})
export class JailList {
  protected readonly directory = inject(JailDirectory);
  private readonly hosts = inject(HostDirectory);
  protected readonly scope = inject(HostScope);
  private readonly router = inject(Router);
  protected readonly actions = inject(BanActions);
  protected readonly session = inject(Session);
  protected readonly format = inject(Format);
  protected readonly m = inject(MESSAGES).jails;
  protected readonly rule = banRule;
  protected readonly isWatchedOnly = isWatchedOnly;
  protected readonly one = inject(MESSAGES).jail;
  protected readonly bans = inject(MESSAGES).bans;
  protected readonly hostsTitle = inject(MESSAGES).hosts.title;
  protected readonly icons = {
    ban: mdiPlus,
    more: mdiDotsHorizontal,
    open: mdiChevronDown,
    empty: mdiFence,
    banned: mdiShieldLockOutline,
    history: mdiHistory,
    everything: mdiCancel,
  };

  private readonly failures = httpResource<readonly JailFailures[]>(() => {
    const hosts = this.scope.param();
    return { url: 'api/v1/jails/failures', params: hosts === undefined ? {} : { hosts } };
  });
  private readonly failuresKnown = linkedSignal<readonly JailFailures[], readonly JailFailures[]>({
    source: () => (this.failures.hasValue() ? this.failures.value() : []),
    computation: (loaded, previous) => (loaded.length > 0 ? loaded : (previous?.value ?? [])),
  });
  private readonly courses = computed(
    () => new Map(this.failuresKnown().map(({ hostId, jail, hours }) => [`${hostId} ${jail}`, hours])),
  );

  protected readonly query = urlTableQuery({ sort: '-currentlyBanned', filters: ['status'] });
  protected readonly source = new ListSource<JailInfo>({
    all: this.directory.jails,
    error: this.directory.error,
    reload: () => this.directory.reload(),
    key: ({ hostId, name }) => `${hostId}-${name}`,
    query: this.query,
    text: ({ name, hostName }) => `${name} ${hostName}`,
    fits: (jail, { status }) => status === undefined || jail.status === status,
    sortBy: {
      name: ({ name }) => name,
      host: ({ hostName }) => hostName,
      status: ({ status }) => STATUSES.indexOf(status),
      currentlyBanned: (jail) => jail.currentlyBanned,
      totalBanned: (jail) => jail.totalBanned,
      currentlyFailed: (jail) => jail.currentlyFailed,
      totalFailed: (jail) => jail.totalFailed,
      bantime: ({ bantimeSeconds }) => (bantimeSeconds === -1 ? Infinity : bantimeSeconds),
      findtime: ({ findtimeSeconds }) => findtimeSeconds,
      maxretry: ({ maxretry }) => maxretry,
    },
  });
  protected readonly filters = [
    {
      id: 'status',
      label: this.m.status,
      options: STATUSES.map((value) => ({ value, label: this.m.statuses[value] })),
    },
  ];
  protected readonly columns: readonly Column<JailInfo>[] = [
    { id: 'name', label: this.m.name, sort: 'name', min: 180, grow: 3, priority: 1, card: 'title' },
    { id: 'status', label: this.m.status, sort: 'status', min: 92, grow: 0, priority: 1, card: 'aside' },
    {
      id: 'host',
      label: this.m.host,
      sort: 'host',
      min: 110,
      grow: 1,
      priority: 2,
      card: 'meta',
      text: ({ hostName }) => hostName,
    },
    {
      id: 'backend',
      label: this.m.backend,
      min: 80,
      grow: 0,
      priority: 4,
      optional: true,
      text: ({ backend }) => backend ?? '–',
    },
    {
      id: 'currentlyBanned',
      label: this.m.banned,
      sort: 'currentlyBanned',
      min: 76,
      grow: 0,
      priority: 1,
      end: true,
      card: 'meta',
      cardText: ({ currentlyBanned }) =>
        currentlyBanned === null ? '' : this.m.bannedCount(this.format.number(currentlyBanned)),
    },
    { id: 'totalBanned', label: this.m.totalBanned, sort: 'totalBanned', min: 92, grow: 0, priority: 2, end: true },
    { id: 'currentlyFailed', label: this.m.failed, sort: 'currentlyFailed', min: 76, grow: 0, priority: 2, end: true },
    { id: 'course', label: this.m.course, min: 96, grow: 0, priority: 3 },
    { id: 'totalFailed', label: this.m.totalFailed, sort: 'totalFailed', min: 108, grow: 0, priority: 3, end: true },
    { id: 'maxretry', label: this.m.maxretry, sort: 'maxretry', min: 92, grow: 0, priority: 4, end: true },
    { id: 'findtime', label: this.m.findtime, sort: 'findtime', min: 80, grow: 0, priority: 4, end: true },
    { id: 'bantime', label: this.m.bantime, sort: 'bantime', min: 84, grow: 0, priority: 3, end: true },
    { id: 'actions', label: '', min: 40, grow: 0, priority: 1, end: true, card: 'aside' },
  ];
  /** Hosts whose fail2ban can be controlled as a whole; the switcher above chooses others. */
  protected readonly someHosts = computed(() =>
    this.scope
      .hosts()
      .filter(({ state }) => state !== 'pending')
      .slice(0, MAX_HOSTS),
  );
  protected readonly onlyHost = computed(() => (this.someHosts().length === 1 ? this.someHosts()[0] : undefined));

  /** Failures of the last 24 hours by hour; undefined when there were none. */
  protected courseOf({ hostId, name }: JailInfo): readonly number[] | undefined {
    return this.courses().get(`${hostId} ${name}`);
  }

  /** Address of the jail's own page. */
  protected page({ hostId, name }: JailInfo): readonly string[] {
    return ['/jails', hostId, name];
  }

  protected canBan({ hostId, name, status }: JailInfo): boolean {
    const host = this.hosts.byId(hostId);
    if (isWatchedOnly(name)) return false;
    return this.session.can('ban') && status === 'running' && host?.state === 'online' && host.groups.includes('ban');
  }

  protected ban({ name, hostId }: JailInfo): void {
    void this.actions.openBan({ jail: name, hostId });
  }

  protected unbanAll({ name, hostId, currentlyBanned }: JailInfo): void {
    void this.actions.openUnban({ kind: 'everything', hostIds: [hostId], jail: name, count: currentlyBanned });
  }

  /** Parameters of a link to a list of this jail alone. */
  protected only({ name, hostId }: JailInfo): Record<string, string> {
    return { hosts: this.scope.hosts().length === 1 ? (this.scope.link()['hosts'] ?? hostId) : hostId, jail: name };
  }

  protected open(path: string, jail: JailInfo): void {
    void this.router.navigate([path], { queryParams: this.only(jail) });
  }
}
