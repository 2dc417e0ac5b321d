import { httpResource } from '@angular/common/http';
import { Component, computed, inject } from '@angular/core';
import { MatButton } from '@angular/material/button';
import {
  MAT_DIALOG_DATA,
  MatDialogActions,
  MatDialogContent,
  MatDialogRef,
  MatDialogTitle,
} from '@angular/material/dialog';
import { MatProgressBar } from '@angular/material/progress-bar';
import { Router } from '@angular/router';
import type { AsnNetworks } from '@bailiff/contracts/http';
import { BanActions } from '../bans/ban-actions';
import type { BanDialogData } from '../bans/ban-dialog';
import { ListHandover } from '../bulk/list-handover';
import { Fact } from '../display/fact';
import { Format } from '../display/format';
import { ProblemNotice } from '../display/problem-notice';
import { HostScope } from '../hosts/host-scope';
import { MESSAGES } from '../messages/messages';

/** A system, and what the ban of its networks is to start from. */
export interface SystemDialogData extends Omit<BanDialogData, 'addresses'> {
  readonly asn: number;
}

/** Most networks that are banned one by one: the server takes no more at once. */
const BY_DIALOG = 500;

/** What an autonomous system announces, before it is banned: a broad act, so its size is shown first. */
@Component({
  selector: 'bailiff-system-dialog',
  imports: [Fact, MatButton, MatDialogActions, MatDialogContent, MatDialogTitle, MatProgressBar, ProblemNotice],
  template: `<h2 mat-dialog-title>{{ m.heading(data.asn) }}</h2>
    <mat-dialog-content>
      @if (resource.error(); as error) {
        <bailiff-problem [error]="error" />
      } @else if (system(); as known) {
        @if (known.name) {
          <p class="untrusted name">{{ known.name }}</p>
        }
        @if (known.networks.length === 0) {
          <p role="status">{{ m.none }}</p>
        } @else {
          <bailiff-fact [name]="m.ipv4">{{ m.ipv4Text(known.ipv4Networks, known.ipv4Addresses) }}</bailiff-fact>
          <bailiff-fact [name]="m.ipv6">{{ format.number(known.ipv6Networks) }}</bailiff-fact>
          <ul class="mono" dir="ltr" [attr.aria-label]="m.sample">
            @for (network of sample(); track network) {
              <li>{{ network }}</li>
            }
            @if (known.networks.length > sample().length) {
              <li class="muted">{{ m.more(known.networks.length - sample().length) }}</li>
            }
          </ul>
          <p class="muted">{{ m.broad }} {{ isLong() ? m.asList : m.asBan }}</p>
        }
      } @else {
        <p role="status">{{ m.asking }}</p>
        <mat-progress-bar mode="indeterminate" [attr.aria-label]="m.asking" />
      }
    </mat-dialog-content>
    <mat-dialog-actions>
      <button matButton type="button" (click)="close()">{{ common.cancel }}</button>
      @if (resource.error()) {
        <button matButton="filled" type="button" (click)="resource.reload()">{{ common.retry }}</button>
      } @else {
        <button matButton="filled" type="button" [disabled]="count() === 0" (click)="goOn()">
          {{ isLong() ? m.toList(count()) : m.toBan(count()) }}
        </button>
      }
    </mat-dialog-actions>`,
  styles: `
    .name {
      margin-bottom: 12px;
      font-size: var(--text-lg);
    }
    ul {
      margin: 12px 0;
      padding: 8px 12px;
      border: 1px solid var(--line);
      border-radius: var(--radius);
      list-style: none;
    }
    mat-progress-bar {
      margin-top: 12px;
    }
  `,
})
export class SystemDialog {
  protected readonly data = inject<SystemDialogData>(MAT_DIALOG_DATA);
  private readonly dialog = inject<MatDialogRef<SystemDialog>>(MatDialogRef);
  private readonly actions = inject(BanActions);
  private readonly handover = inject(ListHandover);
  private readonly router = inject(Router);
  private readonly scope = inject(HostScope);
  protected readonly format = inject(Format);
  protected readonly m = inject(MESSAGES).system;
  protected readonly common = inject(MESSAGES).common;

  protected readonly resource = httpResource<AsnNetworks>(() => `api/v1/geo/systems/${this.data.asn}/networks`);
  protected readonly system = computed(() => (this.resource.hasValue() ? this.resource.value() : undefined));
  protected readonly count = computed(() => this.system()?.networks.length ?? 0);
  protected readonly isLong = computed(() => this.count() > BY_DIALOG);
  protected readonly sample = computed(() => this.system()?.networks.slice(0, 6) ?? []);

  protected close(): void {
    this.dialog.close();
  }

  /** Few networks are banned like others, for a time of one's choice; many as a list, with progress and a result for each. */
  protected goOn(): void {
    const system = this.system();
    if (system === undefined) return;
    const { asn, ...ban } = this.data;
    const addresses = system.networks.join('\n');
    this.dialog.close();
    if (!this.isLong()) {
      void this.actions.openBan({ ...ban, addresses });
      return;
    }
    this.handover.offer(new File([`${addresses}\n`], `AS${asn}.txt`, { type: 'text/plain' }));
    void this.router.navigate(['/banned/lists/new'], { queryParams: this.scope.link() });
  }
}
