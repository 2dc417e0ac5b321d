import { Component, computed, inject, input, output, viewChild } from '@angular/core';
import { MatMenu, MatMenuItem } from '@angular/material/menu';
import type { JailActKind } from '@bailiff/contracts/http';
import { BanActions } from '../bans/ban-actions';
import { HostDirectory } from '../hosts/host-directory';
import { MESSAGES } from '../messages/messages';
import { Session } from '../session/session';
import { JailActs } from './jail-acts';
import { JailRights } from './jail-rights';

/** Acts on every jail of a host at once. */
export const SERVER_ACTS: readonly JailActKind[] = ['reload-all', 'restart-all', 'restart-server'];

/** Menu of what can be done to the whole fail2ban of one host. Each opens with what it would do. For a `matMenuTriggerFor`. */
@Component({
  selector: 'bailiff-server-controls',
  imports: [MatMenu, MatMenuItem],
  template: `<mat-menu xPosition="before">
    @if (whyNot(); as why) {
      <p class="menu-note" role="note">{{ why }}</p>
    }
    @for (act of acts; track act) {
      <button mat-menu-item [disabled]="whyNot() !== undefined" (click)="open(act)">{{ m.act.names[act] }}…</button>
    }
    <button mat-menu-item [disabled]="!canUnban()" (click)="unbanEverything()">{{ m.unbanHost }}…</button>
  </mat-menu>`,
})
export class ServerControls {
  private readonly jailActs = inject(JailActs);
  private readonly bans = inject(BanActions);
  private readonly rights = inject(JailRights);
  private readonly hosts = inject(HostDirectory);
  private readonly session = inject(Session);
  protected readonly m = inject(MESSAGES).jail;
  protected readonly acts = SERVER_ACTS;
  readonly hostId = input.required<string>();
  /** Something was done. */
  readonly done = output();
  readonly menu = viewChild.required(MatMenu);

  private readonly host = computed(() => this.hosts.byId(this.hostId()));
  protected readonly whyNot = computed(() => this.rights.whyNot(this.hostId()));
  protected readonly canUnban = computed(() => {
    const host = this.host();
    return this.session.can('ban') && host?.state === 'online' && host.groups.includes('ban');
  });

  protected async open(act: JailActKind): Promise<void> {
    await this.jailActs.open({ hostId: this.hostId(), act });
    this.done.emit();
  }

  protected async unbanEverything(): Promise<void> {
    const count = this.host()?.fail2ban?.currentlyBanned ?? null;
    if (await this.bans.openUnban({ kind: 'everything', hostIds: [this.hostId()], count })) this.done.emit();
  }
}
