import { Component, computed, inject, input, output } from '@angular/core';
import { MatIconButton } from '@angular/material/button';
import { MatMenu, MatMenuItem, MatMenuTrigger } from '@angular/material/menu';
import { Router, RouterLink } from '@angular/router';
import type { HostInfo, PolicyGroup } from '@bailiff/contracts/http';
import {
  mdiAlertOutline,
  mdiCheck,
  mdiClose,
  mdiCogPlayOutline,
  mdiDeleteOutline,
  mdiDotsHorizontal,
  mdiPencilOutline,
  mdiShieldLockOutline,
} from '@mdi/js';
import { CopyButton } from '../display/copy-button';
import { Format } from '../display/format';
import { Icon } from '../display/icon';
import { Moment } from '../display/moment';
import { StatusDot } from '../display/status-dot';
import { ServerControls } from '../jails/server-controls';
import { MESSAGES } from '../messages/messages';
import { Clock } from '../time/clock';
import { TimeFormat } from '../time/time-format';
import { hostTone } from './host-tone';

const GROUPS: readonly PolicyGroup[] = ['read', 'ban', 'firewall', 'config', 'raw'];
/** Signatures tolerate more, but log times are off from here on. */
const NOTABLE_SKEW_MS = 2_000;

/** One host: how it is, what it reports, what its administrator grants. */
@Component({
  selector: 'bailiff-host-card',
  imports: [
    CopyButton,
    Icon,
    MatIconButton,
    MatMenu,
    MatMenuItem,
    MatMenuTrigger,
    Moment,
    RouterLink,
    ServerControls,
    StatusDot,
  ],
  templateUrl: './host-card.html',
  styleUrl: './host-card.scss',
})
export class HostCard {
  private readonly router = inject(Router);
  private readonly clock = inject(Clock);
  private readonly time = inject(TimeFormat);
  protected readonly format = inject(Format);
  protected readonly m = inject(MESSAGES).hosts;
  protected readonly acts = inject(MESSAGES).jail.act;
  protected readonly icons = {
    more: mdiDotsHorizontal,
    edit: mdiPencilOutline,
    revoke: mdiDeleteOutline,
    view: mdiShieldLockOutline,
    control: mdiCogPlayOutline,
    alarm: mdiAlertOutline,
    yes: mdiCheck,
    no: mdiClose,
  };
  protected readonly allGroups = GROUPS;

  readonly host = input.required<HostInfo>();
  /** Whether renaming and removing are offered. */
  readonly isManaged = input(false);
  readonly edit = output();
  readonly revoke = output();
  readonly alarms = output();

  protected readonly tone = computed(() => hostTone(this.host()));
  protected readonly skew = computed(() => {
    const skewMs = this.host().clockSkewMs;
    if (skewMs === null) return { text: '–', isOff: false };
    if (Math.abs(skewMs) < NOTABLE_SKEW_MS) return { text: this.m.clockOk, isOff: false };
    return {
      text: this.m.clockSkew(this.format.duration(Math.round(Math.abs(skewMs) / 1000)), skewMs > 0),
      isOff: true,
    };
  });
  /** Said when the figures are not of now. */
  protected readonly age = computed(() => {
    const { state, statusAt } = this.host();
    return state === 'offline' && statusAt !== null ? this.m.asOf(this.time.relative(statusAt, this.clock.now())) : '';
  });

  protected view(): void {
    void this.router.navigate(['/banned'], { queryParams: { hosts: this.host().id } });
  }
}
