import { Component, computed, inject, input, output } from '@angular/core';
import { MatButtonToggle, MatButtonToggleGroup } from '@angular/material/button-toggle';
import { MatDialog } from '@angular/material/dialog';
import { isRange, RANGES } from '../history/time-range';
import { MESSAGES } from '../messages/messages';
import { RangeWords } from './range-words';

const CUSTOM = 'custom';

/** Which time a page is about: the last day, week, month or year, or two moments that are asked for. */
@Component({
  selector: 'bailiff-range-filter',
  imports: [MatButtonToggle, MatButtonToggleGroup],
  template: `<mat-button-toggle-group
    #group="matButtonToggleGroup"
    hideSingleSelectionIndicator
    [attr.aria-label]="m.range"
    [value]="shown()"
  >
    @for (name of ranges; track name) {
      <mat-button-toggle [value]="name" [title]="m.ranges[name]" (click)="rangeChange.emit(name)">{{
        m.rangesShort[name]
      }}</mat-button-toggle>
    }
    <mat-button-toggle [value]="custom" [title]="words.text(range())" (click)="ask(group)">{{
      stats.custom
    }}</mat-button-toggle>
  </mat-button-toggle-group>`,
  styleUrl: './segments.scss',
})
export class RangeFilter {
  private readonly dialog = inject(MatDialog);
  protected readonly words = inject(RangeWords);
  protected readonly m = inject(MESSAGES).dashboard;
  protected readonly stats = inject(MESSAGES).stats;
  protected readonly ranges = RANGES;
  protected readonly custom = CUSTOM;

  /** A value of the `range` parameter: a name, or two moments. */
  readonly range = input.required<string>();
  readonly rangeChange = output<string>();
  protected readonly shown = computed(() => (isRange(this.range()) ? this.range() : CUSTOM));

  protected async ask(group: MatButtonToggleGroup): Promise<void> {
    const { CustomRangeDialog } = await import('../history/custom-range-dialog');
    this.dialog
      .open<unknown, unknown, string>(CustomRangeDialog, { width: '420px' })
      .afterClosed()
      .subscribe((range) => {
        if (range !== undefined) this.rangeChange.emit(range);
        // Given up: what is in force must be shown again.
        else group.value = this.shown();
      });
  }
}
