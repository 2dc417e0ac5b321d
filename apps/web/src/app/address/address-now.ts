import { Component, computed, inject, input, output, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { RouterLink } from '@angular/router';
import type { AddressBan, AddressPlace, AddressReport } from '@bailiff/contracts/http';
import { BanActions } from '../bans/ban-actions';
import { Moment } from '../display/moment';
import { OriginBadge } from '../display/origin-badge';
import { StatusDot } from '../display/status-dot';
import { MESSAGES } from '../messages/messages';
import { addressPath } from './address-path';

/** Where an address is banned now, and where it was: host by host, jail by jail, with what can be done there. */
@Component({
  selector: 'bailiff-address-now',
  imports: [MatButton, Moment, OriginBadge, RouterLink, StatusDot],
  template: `<section class="card">
    <h2>{{ m.now }}</h2>
    <ul>
      @for (ban of report().bans; track ban.id) {
        <li>
          <div class="where">
            <bailiff-status tone="danger"
              ><strong class="untrusted">{{ ban.jail }}</strong></bailiff-status
            >
            <span class="untrusted host">{{ ban.hostName }}</span>
            @if (ban.relation !== 'itself') {
              <a class="mono" dir="ltr" [routerLink]="pathOf(ban.address)">{{ ban.address }}</a>
            }
          </div>
          <div class="when">
            <span>{{ m.since }} <bailiff-moment [at]="ban.bannedAt" /></span>
            <bailiff-moment [at]="ban.expiresAt" [expiry]="true" [none]="common.permanent" />
            @if (ban.banCount > 1) {
              <span>{{ m.times }}: {{ ban.banCount }}</span>
            }
            <bailiff-origin [origin]="ban.origin" />
          </div>
          @if (canBan()) {
            <button
              matButton="outlined"
              type="button"
              [attr.aria-label]="m.unbanHere(ban.address, ban.jail, ban.hostName)"
              [disabled]="busy().has(ban.id)"
              (click)="unban(ban)"
            >
              {{ bans.unban }}
            </button>
          }
        </li>
      }
      @for (place of free(); track place.hostId + place.jail) {
        <li>
          <div class="where">
            <bailiff-status tone="off"
              ><span class="untrusted">{{ place.jail }}</span></bailiff-status
            >
            <span class="untrusted host">{{ place.hostName }}</span>
          </div>
          <div class="when">
            <span>{{ m.free }}</span>
            <span>{{ m.freeDetail(place.bans) }}, {{ lastWord }} <bailiff-moment [at]="place.lastAt" /></span>
          </div>
          @if (canBan()) {
            <button
              matButton
              type="button"
              [attr.aria-label]="m.banHere(place.jail, place.hostName)"
              (click)="ban(place)"
            >
              {{ m.ban }}
            </button>
          }
        </li>
      } @empty {
        @if (report().bans.length === 0) {
          <li class="muted none">{{ m.never }}</li>
        }
      }
    </ul>
    @if (report().bannedNow > report().bans.length) {
      <a class="all" routerLink="/banned" [queryParams]="{ q: report().address }">{{
        m.showAll(report().bannedNow)
      }}</a>
    }
  </section>`,
  styles: `
    section {
      padding: 14px 16px 8px;
    }
    ul {
      max-height: 480px;
      padding: 0;
      overflow: auto;
      list-style: none;
    }
    li {
      display: grid;
      grid-template-columns: minmax(160px, 2fr) minmax(0, 3fr) auto;
      align-items: center;
      gap: 4px 16px;
      min-height: 44px;
      padding: 4px 0;
      border-top: 1px solid var(--line);
      font-size: var(--text-sm);
    }
    li:first-child {
      border-top: 0;
    }
    .where,
    .when {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: 2px 12px;
      min-width: 0;
    }
    .where bailiff-status {
      white-space: normal;
    }
    .host,
    .when {
      color: var(--text-2);
    }
    .none {
      display: block;
      padding: 12px 0;
    }
    .all {
      display: inline-block;
      padding: 8px 0;
      font-size: var(--text-sm);
    }
    @media (max-width: 640px) {
      li {
        grid-template-columns: minmax(0, 1fr) auto;
        padding: 8px 0;
      }
      .where,
      .when {
        grid-column: 1;
      }
      button {
        grid-row: 1 / span 2;
        grid-column: 2;
      }
    }
  `,
})
export class AddressNow {
  private readonly actions = inject(BanActions);
  private readonly all = inject(MESSAGES);
  protected readonly m = this.all.address;
  protected readonly bans = this.all.bans;
  protected readonly common = this.all.common;
  protected readonly lastWord = this.m.lastSeen.toLowerCase();
  readonly report = input.required<AddressReport>();
  readonly canBan = input(false);
  /** Something was done: what is shown is to be loaded anew. */
  readonly changed = output();

  protected readonly busy = signal<ReadonlySet<string>>(new Set());
  /** Where it was banned and is not any more. */
  protected readonly free = computed(() => {
    const banned = new Set(this.report().bans.map(({ hostId, jail }) => `${hostId} ${jail}`));
    return this.report().places.filter(({ hostId, jail }) => !banned.has(`${hostId} ${jail}`));
  });

  protected pathOf(address: string): readonly string[] {
    return addressPath(address) ?? [];
  }

  protected ban({ hostId, jail }: AddressPlace): void {
    void this.actions.openBan({ addresses: this.report().address, hostId, jail });
  }

  protected async unban({ id, hostId, jail, address }: AddressBan): Promise<void> {
    this.busy.update((busy) => new Set([...busy, id]));
    await this.actions.unbanNow({ hostId, jail, address });
    this.busy.update((busy) => new Set([...busy].filter((other) => other !== id)));
    this.changed.emit();
  }
}
