import { Component, inject } from '@angular/core';
import { RouterLink, RouterLinkActive } from '@angular/router';
import { HostScope } from '../hosts/host-scope';
import { MESSAGES } from '../messages/messages';

/** The two views of the archive: every event, and addresses that came again. */
@Component({
  selector: 'bailiff-history-tabs',
  imports: [RouterLink, RouterLinkActive],
  template: `<nav [attr.aria-label]="m.tabs">
    @for (tab of tabs; track tab.path) {
      <a
        routerLinkActive="active"
        ariaCurrentWhenActive="page"
        [routerLink]="tab.path"
        [queryParams]="scope.link()"
        [routerLinkActiveOptions]="exact"
        >{{ tab.label }}</a
      >
    }
  </nav>`,
  styles: `
    nav {
      display: flex;
      gap: 20px;
      margin-bottom: 12px;
      border-bottom: 1px solid var(--line);
    }
    a {
      margin-bottom: -1px;
      padding: 6px 2px 8px;
      border-bottom: 2px solid transparent;
      color: var(--text-2);
      font-size: var(--text-sm);
      font-weight: 500;
      text-decoration: none;
    }
    a:hover {
      color: var(--text);
    }
    a.active {
      border-color: var(--accent);
      color: var(--text);
    }
  `,
})
export class HistoryTabs {
  protected readonly m = inject(MESSAGES).archive.offenders;
  protected readonly scope = inject(HostScope);
  protected readonly exact = {
    paths: 'exact',
    queryParams: 'ignored',
    matrixParams: 'ignored',
    fragment: 'ignored',
  } as const;
  protected readonly tabs = [
    { path: '/history', label: this.m.all },
    { path: '/history/offenders', label: this.m.title },
  ];
}
