import { Component, computed, inject } from '@angular/core';
import { MatTabLink, MatTabNav, MatTabNavPanel } from '@angular/material/tabs';
import { RouterLink } from '@angular/router';
import { PageHead } from '../display/page-head';
import { MESSAGES } from '../messages/messages';
import { UrlQuery } from '../url/url-query';
import { AllowEntries } from './allow-entries';
import { ProtectedList } from './protected-list';

const TABS = ['entries', 'protected'] as const;

/** Who is never banned by a jail, and who is never banned by mistake. */
@Component({
  selector: 'bailiff-allow-page',
  imports: [AllowEntries, MatTabLink, MatTabNav, MatTabNavPanel, PageHead, ProtectedList, RouterLink],
  template: `<bailiff-page-head [heading]="m.title" />
    <nav mat-tab-nav-bar [mat-stretch-tabs]="false" [tabPanel]="panel" [attr.aria-label]="m.tabs.label">
      @for (name of tabs; track name) {
        <a
          mat-tab-link
          [routerLink]="[]"
          [queryParams]="{ tab: name === 'entries' ? null : name }"
          queryParamsHandling="merge"
          [active]="tab() === name"
          >{{ m.tabs[name] }}</a
        >
      }
    </nav>
    <mat-tab-nav-panel #panel>
      @if (tab() === 'entries') {
        <bailiff-allow-entries />
      } @else {
        <bailiff-protected-list />
      }
    </mat-tab-nav-panel>`,
  styles: `
    mat-tab-nav-panel {
      display: block;
      padding-top: 12px;
    }
  `,
})
export class AllowPage {
  private readonly url = inject(UrlQuery);
  protected readonly m = inject(MESSAGES).allow;
  protected readonly tabs = TABS;
  protected readonly tab = computed(() => TABS.find((name) => name === this.url.params()['tab']) ?? 'entries');
}
