import { Component, computed, inject, input } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { RouterLink } from '@angular/router';
import { mdiCardSearchOutline, mdiHistory, mdiOpenInNew, mdiShieldLockOutline } from '@mdi/js';
import { addressPath } from '../address/address-path';
import { Icon } from '../display/icon';
import { HostScope } from '../hosts/host-scope';
import { MESSAGES } from '../messages/messages';

/** Where else something is known about an address. */
@Component({
  selector: 'bailiff-address-links',
  imports: [Icon, MatButton, RouterLink],
  template: `@if (path(); as link) {
      <a matButton="outlined" [routerLink]="link" [queryParams]="scope.link()">
        <bailiff-icon [path]="icons.page" [size]="16" /> {{ m.openPage }}
      </a>
    }
    @if (from() !== 'banned') {
      <a matButton="outlined" routerLink="/banned" [queryParams]="{ hosts: scope.link()['hosts'], q: address() }">
        <bailiff-icon [path]="icons.banned" [size]="16" /> {{ m.inBanned }}
      </a>
    }
    @if (from() !== 'history') {
      <a matButton="outlined" routerLink="/history" [queryParams]="{ hosts: scope.link()['hosts'], q: address() }">
        <bailiff-icon [path]="icons.history" [size]="16" /> {{ m.inHistory }}
      </a>
    }
    <a
      matButton="outlined"
      [href]="'https://www.abuseipdb.com/check/' + address()"
      target="_blank"
      rel="noopener noreferrer"
    >
      <bailiff-icon [path]="icons.away" [size]="16" /> {{ m.abuseIpdb }}
      <span class="visually-hidden">({{ m.opensNewTab }})</span>
    </a>`,
  styles: `
    :host {
      display: flex;
      flex-wrap: wrap;
      gap: 8px;
    }
  `,
})
export class AddressLinks {
  protected readonly scope = inject(HostScope);
  protected readonly m = inject(MESSAGES).bans;
  protected readonly icons = {
    page: mdiCardSearchOutline,
    banned: mdiShieldLockOutline,
    history: mdiHistory,
    away: mdiOpenInNew,
  };
  readonly address = input.required<string>();
  /** Its own page; none for a ban id that is no address. */
  protected readonly path = computed(() => addressPath(this.address()));
  /** The page this stands on, which needs no link to itself. */
  readonly from = input<'banned' | 'history'>();
}
