import { Component, computed, inject, input } from '@angular/core';
import type { JailStatus } from '@bailiff/contracts/http';
import { StatusDot, type Tone } from '../display/status-dot';
import { HostDirectory } from '../hosts/host-directory';
import { MESSAGES } from '../messages/messages';
import { JAIL_TONES } from './jail-tones';

/** Whether a jail runs. Of a host that cannot be heard only the past is told: `Was running`. */
@Component({
  selector: 'bailiff-jail-status',
  imports: [StatusDot],
  template: `<bailiff-status [tone]="tone()" [title]="isKnown() ? '' : m.lastKnown">{{ text() }}</bailiff-status>`,
})
export class JailStatusSign {
  private readonly hosts = inject(HostDirectory);
  protected readonly m = inject(MESSAGES).jails;
  readonly status = input.required<JailStatus>();
  readonly hostId = input.required<string>();

  /** Until hosts are loaded there is no reason to doubt. */
  protected readonly isKnown = computed(() => (this.hosts.byId(this.hostId())?.state ?? 'online') === 'online');
  protected readonly tone = computed<Tone>(() => (this.isKnown() ? JAIL_TONES[this.status()] : 'off'));
  protected readonly text = computed(() => (this.isKnown() ? this.m.statuses : this.m.pastStatuses)[this.status()]);
}
