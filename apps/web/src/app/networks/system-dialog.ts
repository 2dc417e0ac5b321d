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
import { NetworkSet, tryParseNetwork } from '@bailiff/ip';
import { BanActions } from '../bans/ban-actions';
import type { BanDialogData } from '../bans/ban-dialog';
import { ListHandover } from '../bulk/list-handover';
import { Fact } from '../display/fact';
import { Format } from '../display/format';
import { ProblemNotice } from '../display/problem-notice';
import { HostScope } from '../hosts/host-scope';
import { MESSAGES } from '../messages/messages';
import { TimeFormat } from '../time/time-format';

/** A system, and what the ban of its networks is to start from. */
export interface SystemDialogData extends Omit<BanDialogData, 'addresses'> {
  readonly asn: number;
  /** Canonical addresses or networks that were seen in it: why it is to be banned. */
  readonly about?: readonly string[];
}

/** Most networks that are banned one by one: the server takes no more at once. */
const BY_DIALOG = 500;

/** What an autonomous system announces, before it is banned: a broad act, so its size is shown first. */
@Component({
  selector: 'bailiff-system-dialog',
  imports: [Fact, MatButton, MatDialogActions, MatDialogContent, MatDialogTitle, MatProgressBar, ProblemNotice],
  template: `<h2 mat-dialog-title>{{ m.heading(data.asn) }}</h2>
    <mat-dialog-content>
      @if (resource.isLoading()) {
        <p role="status">{{ m.asking }}</p>
        <mat-progress-bar mode="indeterminate" [attr.aria-label]="m.asking" />
      } @else if (resource.error(); as error) {
        <bailiff-problem [error]="error" />
      } @else if (system(); as known) {
        @if (known.name) {
          <p class="untrusted name">{{ known.name }}</p>
        }
        @if (known.networks.length === 0) {
          <p class="none" role="status">{{ m.none }}</p>
          <bailiff-fact [name]="m.source">{{ sourceText() }}</bailiff-fact>
        } @else {
          <bailiff-fact [name]="m.ipv4">{{ m.ipv4Text(known.ipv4Networks, known.ipv4Addresses) }}</bailiff-fact>
          <bailiff-fact [name]="m.ipv6">{{ format.number(known.ipv6Networks) }}</bailiff-fact>
          <bailiff-fact [name]="m.source">{{ sourceText() }}</bailiff-fact>
          @if (outsideText(); as warning) {
            <p class="note untrusted" role="alert">{{ warning }}</p>
          }
          @if (known.isTruncated) {
            <p class="note" role="status">{{ m.cutOff(known.networks.length) }}</p>
          }
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
      }
    </mat-dialog-content>
    <mat-dialog-actions>
      <button matButton type="button" (click)="close()">{{ common.cancel }}</button>
      @if (resource.error() && !resource.isLoading()) {
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
    .none {
      margin-bottom: 8px;
    }
    .note {
      margin-top: 12px;
      color: var(--warn);
      font-size: var(--text-sm);
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
  private readonly time = inject(TimeFormat);
  protected readonly format = inject(Format);
  protected readonly m = inject(MESSAGES).system;
  protected readonly common = inject(MESSAGES).common;

  protected readonly resource = httpResource<AsnNetworks>(() => `api/v1/geo/systems/${this.data.asn}/networks`);
  protected readonly system = computed(() => (this.resource.hasValue() ? this.resource.value() : undefined));
  protected readonly count = computed(() => this.system()?.networks.length ?? 0);
  protected readonly isLong = computed(() => this.count() > BY_DIALOG);
  protected readonly sourceText = computed(() => {
    const source = this.system()?.source;
    if (source === undefined) return '';
    return this.m.sourceText(source.name, source.builtAt === null ? '' : this.time.date(source.builtAt));
  });
  /** Addresses may be placed by other data, such as mounted files: then these networks may not hold what they are banned for. */
  protected readonly outsideText = computed(() => {
    const { about = [] } = this.data;
    if (about.length === 0) return '';
    const listed = new NetworkSet((this.system()?.networks ?? []).flatMap((network) => tryParseNetwork(network) ?? []));
    const outside = about.flatMap((text) => tryParseNetwork(text) ?? []).filter((address) => !listed.touches(address));
    const [only] = outside;
    if (only === undefined) return '';
    return about.length === 1 ? this.m.outside(only) : this.m.outsideMany(outside.length, about.length);
  });
  protected readonly sample = computed(() => this.system()?.networks.slice(0, 6) ?? []);

  protected close(): void {
    this.dialog.close();
  }

  /** Few networks are banned like others, for a time of one's choice; many as a list, with progress and a result for each. */
  protected goOn(): void {
    const system = this.system();
    if (system === undefined) return;
    const { asn, jail, hostId, jails, hostIds } = this.data;
    const addresses = system.networks.join('\n');
    this.dialog.close();
    if (!this.isLong()) {
      void this.actions.openBan({ ...this.data, addresses });
      return;
    }
    const meantJails = jails ?? (jail === undefined ? undefined : [jail]);
    const meantHosts = hostIds ?? (hostId === undefined ? undefined : [hostId]);
    this.handover.offer({
      file: new File([`${addresses}\n`], `AS${asn}.txt`, { type: 'text/plain' }),
      ...(meantJails === undefined ? {} : { jails: meantJails }),
      ...(meantHosts === undefined ? {} : { hostIds: meantHosts }),
    });
    void this.router.navigate(['/banned/lists/new'], { queryParams: this.scope.link() });
  }
}
