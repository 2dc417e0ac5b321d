import { Component, computed, inject, input, output } from '@angular/core';
import { MatButtonToggle, MatButtonToggleGroup } from '@angular/material/button-toggle';
import { MatDialog } from '@angular/material/dialog';
import type { BanOrigin } from '@bailiff/contracts/http';
import { isRange, RANGES, rangeParams } from '../history/time-range';
import { MESSAGES } from '../messages/messages';
import { Clock } from '../time/clock';
import { TimeFormat } from '../time/time-format';

const ORIGINS: readonly BanOrigin[] = ['selfblock', 'manual', 'blocklist', 'fleet'];
const CUSTOM = 'custom';
export const MAP_VIEWS = ['map', 'globe'] as const;
export type MapViewName = (typeof MAP_VIEWS)[number];

/** Which bans the map shows and how: origin, time, map or globe. */
@Component({
  selector: 'bailiff-map-filters',
  imports: [MatButtonToggle, MatButtonToggleGroup],
  template: `<mat-button-toggle-group
      class="origin"
      hideSingleSelectionIndicator
      [attr.aria-label]="m.origin"
      [value]="origin() ?? ''"
      (change)="originChange.emit($event.value || undefined)"
    >
      <mat-button-toggle value="">{{ m.allOrigins }}</mat-button-toggle>
      @for (name of origins; track name) {
        <mat-button-toggle [value]="name">{{ bans.origins[name] }}</mat-button-toggle>
      }
    </mat-button-toggle-group>
    <mat-button-toggle-group
      #rangeGroup="matButtonToggleGroup"
      class="range"
      hideSingleSelectionIndicator
      [attr.aria-label]="words.range"
      [value]="shownRange()"
    >
      @for (name of ranges; track name) {
        <mat-button-toggle [value]="name" (click)="rangeChange.emit(name)">{{
          words.rangesShort[name]
        }}</mat-button-toggle>
      }
      <mat-button-toggle [value]="custom" [title]="customText()" (click)="ask(rangeGroup)">{{
        m.custom
      }}</mat-button-toggle>
    </mat-button-toggle-group>
    <mat-button-toggle-group
      class="view"
      hideSingleSelectionIndicator
      [attr.aria-label]="m.view"
      [value]="view()"
      (change)="viewChange.emit($event.value)"
    >
      @for (name of views; track name) {
        <mat-button-toggle [value]="name">{{ m.views[name] }}</mat-button-toggle>
      }
    </mat-button-toggle-group>`,
  styles: `
    :host {
      display: flex;
      flex-wrap: wrap;
      gap: 8px;
      min-width: 0;
    }
    mat-button-toggle-group {
      max-width: 100%;
      overflow-x: auto;
      scrollbar-width: none;
    }
    mat-button-toggle {
      flex: none;
    }
    @media (max-width: 1099px) {
      :host {
        display: contents;
      }
      .view {
        order: 1;
      }
      .origin {
        order: 2;
      }
      .range {
        order: 3;
      }
    }
  `,
})
export class MapFilters {
  private readonly dialog = inject(MatDialog);
  private readonly clock = inject(Clock);
  private readonly time = inject(TimeFormat);
  protected readonly m = inject(MESSAGES).map;
  protected readonly words = inject(MESSAGES).dashboard;
  protected readonly bans = inject(MESSAGES).bans;
  protected readonly origins = ORIGINS;
  protected readonly ranges = RANGES;
  protected readonly views = MAP_VIEWS;
  protected readonly custom = CUSTOM;

  readonly origin = input<string>();
  readonly range = input.required<string>();
  readonly view = input.required<MapViewName>();
  readonly originChange = output<string | undefined>();
  readonly rangeChange = output<string>();
  readonly viewChange = output<MapViewName>();

  protected readonly shownRange = computed(() => (isRange(this.range()) ? this.range() : CUSTOM));
  protected readonly customText = computed(() => {
    const { from, to } = rangeParams(this.range(), this.clock.now());
    if (from === undefined || to === undefined) return '';
    const words = (at: string): string => `${this.time.date(at)} ${this.time.clock(at)}`;
    return `${words(from)} – ${words(to)}`;
  });

  protected async ask(group: MatButtonToggleGroup): Promise<void> {
    const { CustomRangeDialog } = await import('../history/custom-range-dialog');
    this.dialog
      .open<unknown, unknown, string>(CustomRangeDialog, { width: '420px' })
      .afterClosed()
      .subscribe((range) => {
        if (range !== undefined) this.rangeChange.emit(range);
        // Given up: the toggle must show again what is in force.
        else group.value = this.shownRange();
      });
  }
}
