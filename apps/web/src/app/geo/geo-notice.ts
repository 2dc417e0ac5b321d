import { Component, computed, inject } from '@angular/core';
import { RouterLink } from '@angular/router';
import { mdiAlertOutline, mdiClockOutline } from '@mdi/js';
import { Icon } from '../display/icon';
import { MESSAGES } from '../messages/messages';
import { GeoData } from './geo-data';

/** One line where countries or networks are shown: that there are no data, that they are broken, or how old they are. */
@Component({
  selector: 'bailiff-geo-notice',
  imports: [Icon, RouterLink],
  template: `@if (data.sign(); as sign) {
    <a routerLink="/settings" fragment="geo" [class.calm]="sign.kind === 'old'">
      <bailiff-icon [path]="sign.kind === 'old' ? icons.old : icons.wrong" [size]="14" />
      <span class="untrusted">{{ text() }}</span>
    </a>
  }`,
  styles: `
    :host {
      display: block;
      min-width: 0;
      font-size: var(--text-xs);
    }
    a {
      display: inline-flex;
      align-items: center;
      gap: 6px;
      max-width: 100%;
      color: var(--text);
      text-decoration: none;
    }
    a:hover span {
      text-decoration: underline;
    }
    bailiff-icon {
      flex: none;
      color: var(--warn);
    }
    .calm,
    .calm bailiff-icon {
      color: var(--text-3);
    }
  `,
})
export class GeoNotice {
  protected readonly data = inject(GeoData);
  private readonly m = inject(MESSAGES).geo;
  protected readonly icons = { wrong: mdiAlertOutline, old: mdiClockOutline };
  protected readonly text = computed(() => {
    const sign = this.data.sign();
    if (sign === undefined) return '';
    if (sign.kind === 'broken') return this.m.signs.broken(sign.source);
    return sign.kind === 'old' ? this.m.signs.old(sign.days) : this.m.signs[sign.kind];
  });
}
