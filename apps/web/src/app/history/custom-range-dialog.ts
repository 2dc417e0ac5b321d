import { Component, computed, inject, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatDialogActions, MatDialogContent, MatDialogRef, MatDialogTitle } from '@angular/material/dialog';
import { MatFormField, MatInput, MatLabel } from '@angular/material/input';
import { MESSAGES } from '../messages/messages';
import { Clock } from '../time/clock';
import { TimeFormat } from '../time/time-format';
import { utcToZoned, zonedToUtc } from '../time/zoned-time';
import { customRange } from './time-range';

/** Two moments on the clock of the configured zone. Closes with the value of the `range` parameter. */
@Component({
  selector: 'bailiff-custom-range-dialog',
  imports: [MatButton, MatDialogActions, MatDialogContent, MatDialogTitle, MatFormField, MatInput, MatLabel],
  template: `<h2 mat-dialog-title>{{ m.title }}</h2>
    <mat-dialog-content>
      <form id="range-form" (submit)="submit(); $event.preventDefault()">
        <mat-form-field appearance="outline" subscriptSizing="dynamic">
          <mat-label>{{ m.from }}</mat-label>
          <input #start matInput type="datetime-local" [value]="from()" (input)="from.set(start.value)" />
        </mat-form-field>
        <mat-form-field appearance="outline" subscriptSizing="dynamic">
          <mat-label>{{ m.to }}</mat-label>
          <input #end matInput type="datetime-local" [value]="to()" (input)="to.set(end.value)" />
        </mat-form-field>
      </form>
      <p class="muted">{{ m.zone(zone) }}</p>
      @if (value() === undefined) {
        <p class="wrong" role="alert">{{ m.order }}</p>
      }
    </mat-dialog-content>
    <mat-dialog-actions>
      <button matButton type="button" (click)="dialog.close()">{{ cancel }}</button>
      <button matButton="filled" type="submit" form="range-form" [disabled]="value() === undefined">
        {{ m.apply }}
      </button>
    </mat-dialog-actions>`,
  styles: `
    form {
      display: grid;
      gap: 12px;
      padding: 6px 0 12px;
    }
    .wrong {
      color: var(--danger);
    }
  `,
})
export class CustomRangeDialog {
  protected readonly dialog = inject<MatDialogRef<CustomRangeDialog, string>>(MatDialogRef);
  protected readonly m = inject(MESSAGES).history.custom;
  protected readonly cancel = inject(MESSAGES).common.cancel;
  protected readonly zone = inject(TimeFormat).zone();
  private readonly now = inject(Clock).now();

  protected readonly from = signal(utcToZoned(this.now - 86_400_000, this.zone));
  protected readonly to = signal(utcToZoned(this.now, this.zone));
  protected readonly value = computed(() => {
    const from = zonedToUtc(this.from(), this.zone);
    const to = zonedToUtc(this.to(), this.zone);
    return from !== undefined && to !== undefined && from < to ? customRange(from, to) : undefined;
  });

  protected submit(): void {
    const value = this.value();
    if (value !== undefined) this.dialog.close(value);
  }
}
