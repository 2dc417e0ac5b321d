import { Component, inject, input } from '@angular/core';
import { MatTabLink, MatTabNav, type MatTabNavPanel } from '@angular/material/tabs';
import { RouterLink, RouterLinkActive } from '@angular/router';
import { HostScope } from '../hosts/host-scope';
import { MESSAGES } from '../messages/messages';

/** The two views of the archive: every event, and addresses that came again. */
@Component({
  selector: 'bailiff-history-tabs',
  imports: [MatTabLink, MatTabNav, RouterLink, RouterLinkActive],
  template: `<nav mat-tab-nav-bar [mat-stretch-tabs]="false" [tabPanel]="panel()" [attr.aria-label]="m.tabs">
    @for (tab of tabs; track tab.path) {
      <a
        mat-tab-link
        routerLinkActive
        #at="routerLinkActive"
        [active]="at.isActive"
        [routerLink]="tab.path"
        [queryParams]="scope.link()"
        [routerLinkActiveOptions]="exact"
        >{{ tab.label }}</a
      >
    }
  </nav>`,
  styles: `
    :host {
      display: block;
      margin-bottom: 12px;
    }
  `,
})
export class HistoryTabs {
  /** What the tabs choose between. */
  readonly panel = input.required<MatTabNavPanel>();
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
