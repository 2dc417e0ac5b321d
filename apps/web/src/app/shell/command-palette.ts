import { Component, computed, type ElementRef, inject, linkedSignal, signal, viewChild } from '@angular/core';
import { MatDialog, MatDialogRef } from '@angular/material/dialog';
import { Router } from '@angular/router';
import { mdiArrowRight, mdiFence, mdiLightningBoltOutline, mdiMagnify, mdiServerOutline } from '@mdi/js';
import { BanActions } from '../bans/ban-actions';
import { Icon } from '../display/icon';
import { HostDirectory } from '../hosts/host-directory';
import { HostScope } from '../hosts/host-scope';
import { JailDirectory } from '../jails/jail-directory';
import { MESSAGES } from '../messages/messages';
import { Session } from '../session/session';
import { paletteEntries, type PaletteEntry } from './palette-entries';
import { Theme } from './theme';

/** Search and commands in one box, all by keyboard: an address, a page, a jail, a host, 'ban …', 'unban …'. */
@Component({
  selector: 'bailiff-command-palette',
  imports: [Icon],
  templateUrl: './command-palette.html',
  styleUrl: './command-palette.scss',
})
export class CommandPalette {
  private readonly all = inject(MESSAGES);
  private readonly dialog = inject<MatDialogRef<CommandPalette>>(MatDialogRef);
  private readonly dialogs = inject(MatDialog);
  private readonly router = inject(Router);
  private readonly actions = inject(BanActions);
  private readonly scope = inject(HostScope);
  private readonly hosts = inject(HostDirectory);
  private readonly jails = inject(JailDirectory);
  private readonly session = inject(Session);
  private readonly theme = inject(Theme);
  private readonly list = viewChild<ElementRef<HTMLElement>>('list');
  protected readonly m = this.all.shell.search;
  protected readonly icons = {
    search: mdiMagnify,
    actions: mdiLightningBoltOutline,
    pages: mdiArrowRight,
    jails: mdiFence,
    hosts: mdiServerOutline,
  };

  protected readonly typed = signal('');
  protected readonly entries = computed(() =>
    paletteEntries(this.typed(), this.all, {
      jails: this.jails.jails() ?? [],
      hosts: this.hosts.hosts() ?? [],
      canBan: this.session.can('ban'),
      canAdmin: this.session.can('admin'),
    }),
  );
  /** Index of the marked entry: the first one after each change of the text. */
  protected readonly active = linkedSignal({ source: this.entries, computation: () => 0 });

  protected keydown(event: KeyboardEvent): void {
    const last = this.entries().length - 1;
    if (event.key === 'ArrowDown') this.mark(this.active() >= last ? 0 : this.active() + 1);
    else if (event.key === 'ArrowUp') this.mark(this.active() <= 0 ? last : this.active() - 1);
    else if (event.key === 'Enter') this.run(this.entries()[this.active()]);
    else return;
    event.preventDefault();
  }

  protected run(entry: PaletteEntry | undefined): void {
    if (entry === undefined) return;
    this.dialog.close();
    const { act } = entry;
    switch (act.kind) {
      case 'go':
        void this.router.navigate([act.path], { queryParams: { ...this.scope.link(), ...act.params } });
        break;
      case 'jail':
        void this.router.navigate(['/jails', act.hostId, act.jail], { queryParams: this.scope.link() });
        break;
      case 'ban':
        void this.actions.openBan({ addresses: act.address });
        break;
      case 'unban':
        void this.actions.openUnbanAddress(act.address);
        break;
      case 'scope':
        this.scope.choose([act.hostId]);
        break;
      case 'theme':
        this.theme.choose(act.theme);
        break;
      case 'addHost':
        void this.addHost();
        break;
    }
  }

  private mark(index: number): void {
    this.active.set(Math.max(0, index));
    this.list()?.nativeElement.querySelector(`#palette-${this.active()}`)?.scrollIntoView({ block: 'nearest' });
  }

  private async addHost(): Promise<void> {
    const { AddHostDialog } = await import('../hosts/add-host-dialog');
    this.dialogs.open(AddHostDialog, { width: '620px', disableClose: true });
  }
}
