import { httpResource } from '@angular/common/http';
import {
  afterRenderEffect,
  Component,
  computed,
  DestroyRef,
  ElementRef,
  inject,
  input,
  linkedSignal,
  viewChild,
} from '@angular/core';
import { MatButton, MatIconButton } from '@angular/material/button';
import { MatTabLink, MatTabNav, MatTabNavPanel } from '@angular/material/tabs';
import { RouterLink } from '@angular/router';
import type { JailDetail, JailInfo } from '@bailiff/contracts/http';
import { mdiArrowLeft, mdiRefresh } from '@mdi/js';
import { ApiProblem } from '../api/api-problem';
import { BannedNow } from '../banned/banned-now';
import { BanActions } from '../bans/ban-actions';
import { Icon } from '../display/icon';
import { PageHead } from '../display/page-head';
import { ProblemNotice } from '../display/problem-notice';
import { HostDirectory } from '../hosts/host-directory';
import { HostScope } from '../hosts/host-scope';
import { LiveFeed } from '../live/live-feed';
import { MESSAGES } from '../messages/messages';
import { Session } from '../session/session';
import { UrlQuery } from '../url/url-query';
import { JailActions } from './jail-actions';
import { JailControls } from './jail-controls';
import { JailFilter } from './jail-filter';
import { JailIgnoreList } from './jail-ignore-list';
import { JailLog } from './jail-log';
import { JailOverview } from './jail-overview';
import { JailSettingsView } from './jail-settings-view';
import { JailStatusSign } from './jail-status';
import { jailPath } from './jails-api';
import { isWatchedOnly } from './watched-only';

const TABS = ['overview', 'banned', 'ignore', 'settings', 'filter', 'actions', 'log'] as const;
type Tab = (typeof TABS)[number];
const WATCHED_TABS: readonly Tab[] = ['overview', 'banned'];
/** What happens in the jail is asked for again so long after it happened, milliseconds. */
const REFRESH_MS = 1_000;

/** Everything about one jail of one host, and what can be done with it. */
@Component({
  selector: 'bailiff-jail-page',
  imports: [
    BannedNow,
    Icon,
    JailActions,
    JailControls,
    JailFilter,
    JailIgnoreList,
    JailLog,
    JailOverview,
    JailSettingsView,
    JailStatusSign,
    MatButton,
    MatIconButton,
    MatTabLink,
    MatTabNav,
    MatTabNavPanel,
    PageHead,
    ProblemNotice,
    RouterLink,
  ],
  templateUrl: './jail-page.html',
  styleUrl: './jail-page.scss',
})
export class JailPage {
  private readonly hosts = inject(HostDirectory);
  private readonly url = inject(UrlQuery);
  protected readonly actions = inject(BanActions);
  protected readonly session = inject(Session);
  protected readonly scope = inject(HostScope);
  protected readonly m = inject(MESSAGES).jail;
  protected readonly bans = inject(MESSAGES).bans;
  protected readonly icons = { back: mdiArrowLeft, refresh: mdiRefresh };
  protected readonly jailWords = inject(MESSAGES).jails;

  /** From the address. */
  readonly hostId = input.required<string>();
  readonly jail = input.required<string>();

  /** Of such a jail there are figures and bans; the rest would have to be asked by name. */
  protected readonly isWatchedOnly = computed(() => isWatchedOnly(this.jail()));
  protected readonly tabs = computed(() => (this.isWatchedOnly() ? WATCHED_TABS : TABS));
  protected readonly tab = computed<Tab>(
    () => this.tabs().find((name) => name === this.url.params()['tab']) ?? 'overview',
  );
  protected readonly only = computed(() => ({ hostId: this.hostId(), jail: this.jail() }));
  protected readonly host = computed(() => this.hosts.byId(this.hostId()));
  private readonly detailResource = httpResource<JailDetail>(() =>
    this.isWatchedOnly() ? undefined : jailPath(this.hostId(), this.jail()),
  );
  private readonly listResource = httpResource<readonly JailInfo[]>(() => ({
    url: 'api/v1/jails',
    params: { hosts: this.hostId() },
  }));
  /** While it is asked for again, what was known stays. */
  protected readonly detail = linkedSignal<JailDetail | undefined, JailDetail | undefined>({
    source: () => (this.detailResource.hasValue() ? this.detailResource.value() : undefined),
    computation: (loaded, previous) => loaded ?? sameJail(previous?.value, this.only()),
  });
  private readonly jails = linkedSignal<readonly JailInfo[] | undefined, readonly JailInfo[] | undefined>({
    source: () => (this.listResource.hasValue() ? this.listResource.value() : undefined),
    computation: (loaded, previous) => loaded ?? previous?.value,
  });
  /** Figures as the host last reported them; there even while the host is offline. */
  protected readonly info = computed(() => this.jails()?.find(({ name }) => name === this.jail()));
  protected readonly problem = computed(() => {
    const error = this.detailResource.error();
    return error === undefined ? undefined : ApiProblem.from(error);
  });
  protected readonly isLoading = this.detailResource.isLoading;
  protected readonly status = computed(() => this.info()?.status ?? this.detail()?.status);
  protected readonly canBan = computed(
    () =>
      this.session.can('ban') &&
      !this.isWatchedOnly() &&
      this.status() === 'running' &&
      this.host()?.state === 'online' &&
      this.host()?.groups.includes('ban') === true,
  );
  private readonly tabBar = viewChild.required<MatTabNav, ElementRef<HTMLElement>>(MatTabNav, { read: ElementRef });
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    // On a phone there is no room for all tabs: they scroll, and the one that is open must be seen.
    afterRenderEffect({
      read: () => {
        const open = this.tabs().indexOf(this.tab());
        const tab = this.tabBar().nativeElement.querySelectorAll('[role="tab"]').item(open);
        tab.scrollIntoView({ block: 'nearest', inline: 'nearest' });
      },
    });
    const destroyRef = inject(DestroyRef);
    const live = inject(LiveFeed);
    const soon = (isAll: boolean) => {
      this.timer ??= setTimeout(() => {
        this.timer = undefined;
        this.listResource.reload();
        if (isAll) this.detailResource.reload();
      }, REFRESH_MS);
    };
    live.on(['ban_event', 'unban_event', 'found_event'], destroyRef, (message) => {
      const { hostId, jail } = message.type === 'found_event' ? message : message.event;
      if (hostId === this.hostId() && jail === this.jail()) soon(false);
    });
    live.on(['host_status'], destroyRef, ({ host }) => {
      if (host.id === this.hostId()) soon(this.problem() !== undefined);
    });
    live.on(['jail_act'], destroyRef, ({ act }) => {
      if (act.hostId === this.hostId() && act.state !== 'running') soon(true);
    });
    live.on(['resync'], destroyRef, () => soon(true));
    destroyRef.onDestroy(() => clearTimeout(this.timer));
  }

  protected reload(): void {
    this.detailResource.reload();
    this.listResource.reload();
  }

  protected linkTo(tab: Tab): Record<string, string> {
    return { ...this.scope.link(), ...(tab === 'overview' ? {} : { tab }) };
  }

  protected async unbanAll(): Promise<void> {
    const count = this.info()?.currentlyBanned ?? null;
    if (await this.actions.openUnban({ kind: 'everything', hostIds: [this.hostId()], jail: this.jail(), count }))
      this.reload();
  }

  protected ban(): void {
    void this.actions.openBan({ jail: this.jail(), hostId: this.hostId() });
  }
}

function sameJail(
  detail: JailDetail | undefined,
  { hostId, jail }: { readonly hostId: string; readonly jail: string },
): JailDetail | undefined {
  return detail?.hostId === hostId && detail.name === jail ? detail : undefined;
}
