import { Component, inject, input, output } from '@angular/core';
import { mdiShieldCheckOutline } from '@mdi/js';
import { EmptyState } from '../display/empty-state';
import { GeoFoot } from '../geo/geo-foot';
import { MESSAGES } from '../messages/messages';
import { CountryBans } from './country-bans';
import type { CountryFigures } from './country-figure';
import { CountryTable } from './country-table';

/** What stands beside the map: all countries, or the bans of the one chosen. */
@Component({
  selector: 'bailiff-map-panel',
  imports: [CountryBans, CountryTable, EmptyState, GeoFoot],
  template: `@let figures = this.figures();
    @if (chosen(); as code) {
      <bailiff-country-bans
        [code]="code"
        [range]="range()"
        [figure]="figures?.byCode?.get(code)"
        (back)="choose.emit(undefined)"
      />
    } @else if (figures === undefined && !failed()) {
      @for (line of bones; track line) {
        <div class="row"><span class="bone" [style.width.%]="64 - line * 3"></span></div>
      }
    } @else if (figures?.total === 0) {
      <bailiff-empty [icon]="icon" [heading]="m.emptyTitle" [body]="m.emptyBody" />
    } @else if (figures) {
      <bailiff-country-table [figures]="figures" (choose)="choose.emit($event)" (lit)="lit.emit($event)" />
    }
    <bailiff-geo-foot />`,
  styles: `
    :host {
      display: block;
    }
    bailiff-geo-foot {
      padding: 10px 16px;
    }
    .row {
      display: flex;
      align-items: center;
      height: 34px;
      padding: 0 16px;
    }
    .bone {
      height: 12px;
      border-radius: 6px;
      background: var(--inset);
    }
  `,
})
export class MapPanel {
  protected readonly m = inject(MESSAGES).map;
  protected readonly icon = mdiShieldCheckOutline;
  protected readonly bones = Array.from({ length: 12 }, (_, i) => i);

  /** undefined until loaded. */
  readonly figures = input.required<CountryFigures | undefined>();
  /** Whether they could not be loaded: the map says why. */
  readonly failed = input(false);
  readonly chosen = input<string>();
  readonly range = input.required<string>();
  readonly choose = output<string | undefined>();
  readonly lit = output<{ readonly code: string; readonly isFocused: boolean } | undefined>();
}
