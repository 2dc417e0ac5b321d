import { Component, inject } from '@angular/core';
import { MESSAGES } from '../messages/messages';
import { GeoData } from './geo-data';

/** Names those whose data are shown, as their licences ask: wherever countries or networks of addresses stand. */
@Component({
  selector: 'bailiff-geo-credit',
  template: `@for (source of data.credits(); track source.credit; let isFirst = $first) {
    @if (!isFirst) {
      <span aria-hidden="true"> · </span>
    }
    @if (source.creditUrl; as url) {
      <a [href]="url" target="_blank" rel="noreferrer" [title]="m.opensNewTab">{{ source.credit }}</a>
    } @else {
      <span>{{ source.credit }}</span>
    }
  }`,
  styles: `
    :host {
      display: block;
      color: var(--text-3);
      font-size: var(--text-xs);
    }
    a {
      color: inherit;
    }
  `,
})
export class GeoCredit {
  protected readonly data = inject(GeoData);
  protected readonly m = inject(MESSAGES).bans;
}
