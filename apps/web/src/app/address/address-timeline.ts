import { Component, computed, inject, input } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { RouterLink } from '@angular/router';
import type { HistoryEntry } from '@bailiff/contracts/http';
import { mdiAlertOutline, mdiLockOpenVariantOutline, mdiLockOutline } from '@mdi/js';
import { Format } from '../display/format';
import { Icon } from '../display/icon';
import { Moment } from '../display/moment';
import { OriginBadge } from '../display/origin-badge';
import { ProblemNotice } from '../display/problem-notice';
import { HostDirectory } from '../hosts/host-directory';
import { MESSAGES } from '../messages/messages';
import type { AddressData } from './address-api';
import { addressPath } from './address-path';

/** Every ban and unban of an address on every host, newest first, and its failures while one looks. */
@Component({
  selector: 'bailiff-address-timeline',
  imports: [Icon, MatButton, Moment, OriginBadge, ProblemNotice, RouterLink],
  template: `<section class="card">
    <h2>{{ m.timeline }}</h2>
    <ol tabindex="0" [attr.aria-label]="m.timeline">
      @for (failure of data().failures(); track $index) {
        <li class="quiet">
          <bailiff-icon [path]="icons.failure" [size]="16" />
          <span class="words"
            ><strong>{{ m.failure }}</strong> <span class="untrusted">{{ failure.jail }}</span>
            <span class="untrusted muted">{{ hostName(failure.hostId) }}</span></span
          >
          <bailiff-moment class="muted" [at]="failure.at" />
        </li>
      }
      @for (event of data().events(); track event.id) {
        <li [class.quiet]="event.kind === 'unban'">
          <bailiff-icon [path]="icons[event.kind]" [size]="16" />
          <span class="words">
            <strong>{{ kinds[event.kind] }}</strong> <span class="untrusted">{{ event.jail }}</span>
            <span class="untrusted muted">{{ event.hostName }}</span>
            @if (event.address !== address()) {
              <a class="mono" dir="ltr" [routerLink]="pathOf(event.address)">{{ event.address }}</a>
            }
            @if (event.kind === 'ban') {
              <span class="muted">{{ detail(event) }}</span>
              <bailiff-origin [origin]="event.origin" />
            }
          </span>
          <bailiff-moment class="muted" [at]="event.at" />
        </li>
      }
    </ol>
    @switch (data().eventsPhase()) {
      @case ('failed') {
        <bailiff-problem [error]="failed" [retryable]="true" (again)="data().reload()" />
      }
      @case ('loading') {
        <div class="bone" aria-busy="true"></div>
      }
      @default {
        @if (isEmpty()) {
          <p class="muted none">{{ m.timelineEmpty }}</p>
        }
        @if (data().hasOlder()) {
          <button matButton type="button" (click)="data().loadOlder()">{{ m.older }}</button>
        }
      }
    }
  </section>`,
  styles: `
    section {
      padding: 14px 16px 8px;
    }
    ol {
      max-height: 620px;
      padding: 0;
      overflow: auto;
      list-style: none;
    }
    li {
      display: grid;
      grid-template-columns: 20px minmax(0, 1fr) auto;
      align-items: center;
      gap: 8px;
      min-height: 36px;
      padding: 6px 0;
      border-bottom: 1px solid var(--line);
      font-size: var(--text-sm);
    }
    .words {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: 2px 10px;
      min-width: 0;
    }
    li > bailiff-icon {
      color: var(--danger);
    }
    .quiet > bailiff-icon {
      color: var(--text-3);
    }
    .bone {
      height: 180px;
      margin: 8px 0;
      border-radius: var(--radius);
      background: var(--inset);
    }
    .none {
      padding: 12px 0;
      font-size: var(--text-sm);
    }
  `,
})
export class AddressTimeline {
  private readonly hosts = inject(HostDirectory);
  private readonly format = inject(Format);
  private readonly all = inject(MESSAGES);
  protected readonly m = this.all.address;
  protected readonly kinds = this.all.history.kinds;
  protected readonly icons = { ban: mdiLockOutline, unban: mdiLockOpenVariantOutline, failure: mdiAlertOutline };
  protected readonly failed = new Error(this.all.table.failedMore);
  readonly data = input.required<AddressData>();
  readonly address = input.required<string>();

  protected readonly isEmpty = computed(() => this.data().events().length + this.data().failures().length === 0);

  protected hostName(hostId: string): string {
    return this.hosts.byId(hostId)?.name ?? hostId;
  }

  protected pathOf(address: string): readonly string[] {
    return addressPath(address) ?? [];
  }

  protected detail({ bantimeSeconds, failures }: HistoryEntry): string {
    const lasting =
      bantimeSeconds === null
        ? ''
        : bantimeSeconds < 0
          ? this.m.permanently
          : this.m.bannedFor(this.format.duration(bantimeSeconds));
    const cause = failures === null || failures === 0 ? '' : this.m.afterFailures(failures);
    return [lasting, cause].filter((part) => part !== '').join(', ');
  }
}
