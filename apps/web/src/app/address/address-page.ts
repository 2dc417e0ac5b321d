import { Component, computed, inject, input, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatDialog } from '@angular/material/dialog';
import { Router, RouterLink } from '@angular/router';
import { tryParseNetwork } from '@bailiff/ip';
import { mdiAlertCircleOutline, mdiMagnify, mdiOpenInNew } from '@mdi/js';
import { BanActions } from '../bans/ban-actions';
import { CopyButton } from '../display/copy-button';
import { EmptyState } from '../display/empty-state';
import { Fact } from '../display/fact';
import { Flag } from '../display/flag';
import { Format } from '../display/format';
import { Icon } from '../display/icon';
import { Moment } from '../display/moment';
import { ProblemNotice } from '../display/problem-notice';
import { StatusDot } from '../display/status-dot';
import { GeoFoot } from '../geo/geo-foot';
import { MESSAGES } from '../messages/messages';
import { SystemBans } from '../networks/system-bans';
import { Session } from '../session/session';
import { TimeFormat } from '../time/time-format';
import { AddressData, LookupData } from './address-api';
import { AddressIgnores } from './address-ignores';
import { AddressLines } from './address-lines';
import { AddressLookups } from './address-lookups';
import { AddressNow } from './address-now';
import { addressPath } from './address-path';
import { AddressTimeline } from './address-timeline';
import { elsewhere } from './elsewhere';

/** Everything known about one address or network, and what can be done about it. */
@Component({
  selector: 'bailiff-address-page',
  imports: [
    AddressIgnores,
    AddressLines,
    AddressLookups,
    AddressNow,
    AddressTimeline,
    CopyButton,
    EmptyState,
    Fact,
    Flag,
    GeoFoot,
    Icon,
    MatButton,
    Moment,
    ProblemNotice,
    RouterLink,
    StatusDot,
  ],
  templateUrl: './address-page.html',
  styleUrl: './address-page.scss',
})
export class AddressPage {
  private readonly router = inject(Router);
  private readonly actions = inject(BanActions);
  private readonly dialogs = inject(MatDialog);
  private readonly session = inject(Session);
  private readonly time = inject(TimeFormat);
  private readonly all = inject(MESSAGES);
  protected readonly m = this.all.address;
  private readonly systems = inject(SystemBans);
  protected readonly bans = this.all.bans;
  protected readonly format = inject(Format);
  protected readonly icons = { wrong: mdiAlertCircleOutline, search: mdiMagnify, away: mdiOpenInNew };

  /** The address as it stands in the URL. */
  readonly address = input.required<string>();
  /** Length of a network's prefix; bound to the URL. */
  readonly prefix = input<string>();

  protected readonly typed = computed(() => {
    const prefix = this.prefix();
    return prefix === undefined ? this.address() : `${this.address()}/${prefix}`;
  });
  /** Canonical; undefined when what stands in the URL is no address. */
  protected readonly about = computed<string | undefined>(() => tryParseNetwork(this.typed()));
  /** Where it may be broken: between the groups of an IPv6 address, not within one. */
  protected readonly parts = computed(() => (this.about() ?? '').split(/(?<=:)/));
  protected readonly data = new AddressData(this.about);
  protected readonly lookups = new LookupData(this.about);
  protected readonly other = signal('');
  protected readonly report = this.data.report;
  protected readonly canBan = computed(() => this.session.can('ban'));
  protected readonly isNetwork = computed(() => this.about()?.includes('/') === true);
  protected readonly links = computed(() => elsewhere(this.about() ?? '', this.report()?.asn ?? null));

  protected readonly headline = computed(() => {
    const report = this.report();
    if (report === undefined) return undefined;
    const own = report.bans.filter(({ relation }) => relation === 'itself');
    const around = report.bans.find(({ relation }) => relation === 'around');
    if (own.length > 0) {
      const hosts = new Set(own.map(({ hostId }) => hostId)).size;
      return { tone: 'danger' as const, text: this.m.banned(own.length, hosts) };
    }
    if (around !== undefined) return { tone: 'danger' as const, text: this.m.bannedAround(around.address) };
    if (report.bannedNow > 0) return { tone: 'warn' as const, text: this.m.bannedInside(report.bannedNow) };
    return { tone: 'ok' as const, text: this.m.notBanned };
  });
  protected readonly totals = computed(() => {
    const places = this.report()?.places ?? [];
    const times = (pick: (place: (typeof places)[number]) => string) => places.map(pick).sort();
    return {
      bans: places.reduce((sum, { bans }) => sum + bans, 0),
      first: times(({ firstAt }) => firstAt)[0] ?? null,
      last: times(({ lastAt }) => lastAt).at(-1) ?? null,
    };
  });
  /** The address's own bans: what "everywhere" lifts. */
  protected readonly own = computed(() => (this.report()?.bans ?? []).filter(({ relation }) => relation === 'itself'));

  protected pathOf(address: string): readonly string[] {
    return addressPath(address) ?? [];
  }

  protected ends(at: string | null): string {
    return at === null ? this.all.common.permanent : this.m.until(this.time.absolute(at));
  }

  protected ban(addresses: string): void {
    void this.actions.openBan({ addresses });
  }

  protected banSystem(asn: number): void {
    const about = this.about();
    void this.systems.open({ asn, ...(about === undefined ? {} : { about: [about] }) });
  }

  /** On the allow list it is never banned again, and what bans it now is lifted. */
  protected async allow(address: string): Promise<void> {
    const { AllowDialog } = await import('../allow/allow-dialog');
    const dialog = this.dialogs.open(AllowDialog, { width: '520px', autoFocus: 'first-tabbable' });
    dialog.componentInstance.startWith(address);
    dialog.afterClosed().subscribe((isDone) => {
      if (isDone === true) this.data.reload();
    });
  }

  protected async unbanAll(): Promise<void> {
    const targets = this.own().map(({ hostId, jail, address }) => ({ hostId, jail, address }));
    if (await this.actions.openUnban({ kind: 'targets', targets })) this.data.reload();
  }

  protected openOther(): void {
    const path = addressPath(this.other().trim());
    // What is not an address gets the page that says so.
    void this.router.navigate([...(path ?? ['/addresses', this.other().trim()])]);
  }
}
