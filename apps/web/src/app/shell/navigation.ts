import { Component, computed, inject, output } from '@angular/core';
import { RouterLink, RouterLinkActive } from '@angular/router';
import { Icon } from '../display/icon';
import { HostDirectory } from '../hosts/host-directory';
import { HostScope } from '../hosts/host-scope';
import { MESSAGES } from '../messages/messages';
import { ADMIN_NAV, MAIN_NAV, type NavItem } from './nav-items';

/** The pages, with a badge where attention is due. */
@Component({
  selector: 'bailiff-navigation',
  imports: [Icon, RouterLink, RouterLinkActive],
  template: `<nav [attr.aria-label]="m.label">
    @for (group of groups; track $index) {
      <ul>
        @for (item of group; track item.path) {
          <li>
            <a
              [routerLink]="item.path"
              [queryParams]="scope.link()"
              routerLinkActive="active"
              [routerLinkActiveOptions]="item.path === '/' ? exact : subset"
              ariaCurrentWhenActive="page"
              (click)="chosen.emit()"
            >
              <bailiff-icon [path]="item.icon" [size]="20" />
              <span class="text">{{ m[item.text] }}</span>
              @if (badge(item); as count) {
                <span class="badge" [title]="m.attention(count)"
                  >{{ count }}<span class="visually-hidden"> {{ m.attention(count) }}</span></span
                >
              }
            </a>
          </li>
        }
      </ul>
    }
  </nav>`,
  styleUrl: './navigation.scss',
})
export class Navigation {
  private readonly directory = inject(HostDirectory);
  protected readonly scope = inject(HostScope);
  protected readonly m = inject(MESSAGES).shell.nav;
  /** A page was chosen: the drawer closes. */
  readonly chosen = output();

  protected readonly groups = [MAIN_NAV, ADMIN_NAV];
  protected readonly exact = {
    paths: 'exact',
    queryParams: 'ignored',
    matrixParams: 'ignored',
    fragment: 'ignored',
  } as const;
  protected readonly subset = { ...this.exact, paths: 'subset' } as const;

  private readonly hostsInTrouble = computed(
    () =>
      (this.directory.hosts() ?? []).filter(
        ({ state, fail2ban, alarms }) => state === 'offline' || fail2ban?.reachable === false || alarms > 0,
      ).length,
  );

  protected badge(item: NavItem): number {
    return item.text === 'hosts' ? this.hostsInTrouble() : 0;
  }
}
