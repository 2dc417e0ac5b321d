import { Component, computed, inject } from '@angular/core';
import { MatTabLink, MatTabNav, MatTabNavPanel } from '@angular/material/tabs';
import { RouterLink } from '@angular/router';
import { PageHead } from '../display/page-head';
import { MESSAGES } from '../messages/messages';
import { UrlQuery } from '../url/url-query';
import { CampaignList } from './campaign-list';
import { Ipv6Rule } from './ipv6-rule';

const TABS = ['networks', 'ipv6'] as const;

/** Networks that attack from many addresses, and the rule that answers those of IPv6. */
@Component({
  selector: 'bailiff-campaigns-page',
  imports: [CampaignList, Ipv6Rule, MatTabLink, MatTabNav, MatTabNavPanel, PageHead, RouterLink],
  template: `<bailiff-page-head [heading]="m.title" />
    <nav mat-tab-nav-bar [mat-stretch-tabs]="false" [tabPanel]="panel" [attr.aria-label]="m.tabs.label">
      @for (name of tabs; track name) {
        <a
          mat-tab-link
          [routerLink]="[]"
          [queryParams]="{ tab: name === 'networks' ? null : name }"
          queryParamsHandling="merge"
          [active]="tab() === name"
          >{{ m.tabs[name] }}</a
        >
      }
    </nav>
    <mat-tab-nav-panel #panel>
      @if (tab() === 'networks') {
        <bailiff-campaign-list />
      } @else {
        <bailiff-ipv6-rule />
      }
    </mat-tab-nav-panel>`,
  styles: `
    mat-tab-nav-panel {
      display: block;
      padding-top: 12px;
    }
  `,
})
export class CampaignsPage {
  private readonly url = inject(UrlQuery);
  protected readonly m = inject(MESSAGES).campaigns;
  protected readonly tabs = TABS;
  protected readonly tab = computed(() => TABS.find((name) => name === this.url.params()['tab']) ?? 'networks');
}
