import { Component, computed, inject } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatDialog } from '@angular/material/dialog';
import type { HostInfo } from '@bailiff/contracts/http';
import { mdiPlus, mdiServerPlusOutline } from '@mdi/js';
import { EmptyState } from '../display/empty-state';
import { Icon } from '../display/icon';
import { PageHead } from '../display/page-head';
import { ProblemNotice } from '../display/problem-notice';
import { MESSAGES } from '../messages/messages';
import { Session } from '../session/session';
import { HostCard } from './host-card';
import { HostDirectory } from './host-directory';
import { HostScope } from './host-scope';

/** Every host with its health; adding one takes one command. */
@Component({
  selector: 'bailiff-host-list',
  imports: [EmptyState, HostCard, Icon, MatButton, PageHead, ProblemNotice],
  template: `<bailiff-page-head [heading]="m.title">
      @if (session.can('admin')) {
        <button matButton="filled" type="button" (click)="add()">
          <bailiff-icon [path]="icons.add" [size]="16" /> {{ m.add }}
        </button>
      }
    </bailiff-page-head>
    @if (directory.hosts() === undefined && directory.error()) {
      <bailiff-problem [error]="directory.error()" [retryable]="true" (again)="directory.reload()" />
    } @else if (directory.hosts() === undefined) {
      <div class="cards" aria-busy="true">
        @for (line of [1, 2, 3]; track line) {
          <div class="card bone"></div>
        }
      </div>
    } @else if (directory.hosts()!.length === 0) {
      <div class="card">
        <bailiff-empty [icon]="icons.empty" [heading]="m.emptyTitle" [body]="m.emptyBody">
          @if (session.can('admin')) {
            <button matButton="filled" type="button" (click)="add()">{{ m.add }}</button>
          }
        </bailiff-empty>
      </div>
    } @else {
      <div class="cards">
        @for (host of hosts(); track host.id) {
          <bailiff-host-card
            [host]="host"
            [isManaged]="session.can('admin')"
            (edit)="edit(host)"
            (revoke)="revoke(host)"
            (alarms)="alarms(host)"
          />
        }
      </div>
    }`,
  styles: `
    .cards {
      display: grid;
      grid-template-columns: repeat(auto-fill, minmax(min(360px, 100%), 1fr));
      gap: 12px;
      margin-top: 8px;
    }
    .bone {
      height: 260px;
      background: var(--inset);
    }
  `,
})
export class HostList {
  private readonly dialog = inject(MatDialog);
  private readonly scope = inject(HostScope);
  protected readonly directory = inject(HostDirectory);
  protected readonly session = inject(Session);
  protected readonly m = inject(MESSAGES).hosts;
  protected readonly icons = { add: mdiPlus, empty: mdiServerPlusOutline };
  protected readonly hosts = computed(() => this.scope.hosts());

  protected async add(): Promise<void> {
    const { AddHostDialog } = await import('./add-host-dialog');
    this.dialog.open(AddHostDialog, { width: '620px', disableClose: true });
  }

  protected async edit(host: HostInfo): Promise<void> {
    const { EditHostDialog } = await import('./edit-host-dialog');
    this.dialog.open(EditHostDialog, { data: host, width: '460px' });
  }

  protected async revoke(host: HostInfo): Promise<void> {
    const { RevokeHostDialog } = await import('./revoke-host-dialog');
    this.dialog.open(RevokeHostDialog, { data: host, width: '480px' });
  }

  protected async alarms(host: HostInfo): Promise<void> {
    const { AlarmsDialog } = await import('./alarms-dialog');
    this.dialog.open(AlarmsDialog, { data: host, width: '640px' });
  }
}
