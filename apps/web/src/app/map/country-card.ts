import { Component, computed, inject, input } from '@angular/core';
import { Flag } from '../display/flag';
import { Format } from '../display/format';
import { MESSAGES } from '../messages/messages';
import type { CountryFigure } from './country-figure';
import { shareText } from './share-text';

/** A country in brief, beside the pointer: name, count, share, top jails. Names of jails are untrusted text. */
@Component({
  selector: 'bailiff-country-card',
  imports: [Flag],
  template: `<p class="name"><bailiff-flag [code]="code()" [named]="true" /></p>
    @if (figure(); as found) {
      <p>
        <strong>{{ m.bans(found.bans) }}</strong>
        <span class="muted">&nbsp;· {{ share() }}</span>
      </p>
      @if (found.topJails.length > 0) {
        <ul>
          @for (top of found.topJails; track top.jail) {
            <li>
              <span class="ellipsis untrusted">{{ top.jail }}</span>
              <span>{{ format.number(top.bans) }}</span>
            </li>
          }
        </ul>
      }
    } @else {
      <p class="muted">{{ m.noBans }}</p>
    }`,
  host: { role: 'tooltip' },
  styles: `
    :host {
      display: grid;
      grid-template-columns: minmax(0, 1fr);
      gap: 2px;
      width: max-content;
      max-width: 240px;
      padding: 8px 12px 10px;
      border-radius: var(--radius);
      background: var(--raised);
      box-shadow: var(--shadow-2);
      font-size: var(--text-sm);
      pointer-events: none;
    }
    .name {
      display: flex;
      font-weight: 600;
    }
    ul {
      display: grid;
      gap: 1px;
      margin-top: 4px;
      padding: 6px 0 0;
      border-top: 1px solid var(--line);
      color: var(--text-2);
      list-style: none;
    }
    li {
      display: flex;
      min-width: 0;
      justify-content: space-between;
      gap: 16px;
    }
  `,
})
export class CountryCard {
  protected readonly format = inject(Format);
  protected readonly m = inject(MESSAGES).map;
  readonly code = input.required<string>();
  /** Absent: no bans. */
  readonly figure = input<CountryFigure>();
  protected readonly share = computed(() => this.m.ofAll(shareText(this.figure()?.share ?? 0, this.format, this.m)));
}
