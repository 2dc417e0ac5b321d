import { Component, computed, inject, input, output } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatMenu, MatMenuItem, MatMenuTrigger } from '@angular/material/menu';
import type { JailActKind, JailStatus } from '@bailiff/contracts/http';
import { mdiChevronDown } from '@mdi/js';
import { Icon } from '../display/icon';
import { MESSAGES } from '../messages/messages';
import { JailActs } from './jail-acts';
import { JailRights } from './jail-rights';
import { SERVER_ACTS } from './server-controls';

const BY_STATUS: Record<JailStatus, readonly JailActKind[]> = {
  running: ['reload', 'restart', 'idle-on', 'stop'],
  idle: ['idle-off', 'reload', 'restart', 'stop'],
  stopped: ['start'],
  inactive: [],
};

/** What can be done to a jail and to its fail2ban; each opens with what it would do. */
@Component({
  selector: 'bailiff-jail-controls',
  imports: [Icon, MatButton, MatMenu, MatMenuItem, MatMenuTrigger],
  template: `<button matButton="outlined" type="button" [matMenuTriggerFor]="menu">
      {{ m.controls }} <bailiff-icon [path]="icon" [size]="16" />
    </button>
    <mat-menu #menu xPosition="before">
      @if (whyNot(); as why) {
        <p class="menu-note" role="note">{{ why }}</p>
      } @else if (status() === 'inactive') {
        <p class="menu-note" role="note">{{ m.inactive }}</p>
      }
      @for (act of forJail(); track act) {
        <button mat-menu-item [disabled]="whyNot() !== undefined" (click)="open(act, jail())">
          {{ m.act.names[act] }}…
        </button>
      }
      @if (canUnban()) {
        <button mat-menu-item (click)="unbanAll.emit()">{{ m.unbanJail }}…</button>
      }
      @for (act of whole; track act) {
        <button mat-menu-item [disabled]="whyNot() !== undefined" (click)="open(act)">{{ m.act.names[act] }}…</button>
      }
    </mat-menu>`,
})
export class JailControls {
  private readonly acts = inject(JailActs);
  private readonly rights = inject(JailRights);
  protected readonly m = inject(MESSAGES).jail;
  protected readonly icon = mdiChevronDown;
  protected readonly whole = SERVER_ACTS;
  readonly hostId = input.required<string>();
  readonly jail = input.required<string>();
  readonly status = input<JailStatus>();
  /** Whether no act may carry its name: then only those on the whole of fail2ban are offered. */
  readonly isWatchedOnly = input(false);
  /** Whether lifting all its bans is offered. */
  readonly canUnban = input(false);
  readonly unbanAll = output();
  /** Something was done. */
  readonly done = output();

  protected readonly whyNot = computed(() => this.rights.whyNot(this.hostId()));
  protected readonly forJail = computed(() => {
    const status = this.status();
    return status === undefined || this.isWatchedOnly() ? [] : BY_STATUS[status];
  });

  protected async open(act: JailActKind, jail?: string): Promise<void> {
    await this.acts.open({ hostId: this.hostId(), act, ...(jail === undefined ? {} : { jail }) });
    this.done.emit();
  }
}
