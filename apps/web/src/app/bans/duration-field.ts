import { Component, computed, effect, inject, input, model, signal, untracked } from '@angular/core';
import { MatFormField, MatHint, MatInput, MatLabel } from '@angular/material/input';
import { MatOption, MatSelect } from '@angular/material/select';
import { MESSAGES } from '../messages/messages';
import { Clock } from '../time/clock';
import { TimeFormat } from '../time/time-format';
import { MAX_SECONDS, secondsOf, type DurationUnit } from './duration-seconds';

const PRESETS = [
  { seconds: 3_600, text: 'hour' },
  { seconds: 86_400, text: 'day' },
  { seconds: 604_800, text: 'week' },
  { seconds: 2_592_000, text: 'month' },
] as const;
const UNITS: readonly DurationUnit[] = ['minutes', 'hours', 'days'];

/** How long something lasts: left to others, one of the usual times, a number of one's own, or for ever. */
@Component({
  selector: 'bailiff-duration',
  imports: [MatFormField, MatHint, MatInput, MatLabel, MatOption, MatSelect],
  template: `<mat-form-field appearance="outline" subscriptSizing="dynamic">
      <mat-label>{{ m.label }}</mat-label>
      <mat-select [value]="choice()" (valueChange)="choose($event)">
        @if (byJail()) {
          <mat-option value="">{{ m.jail }}</mat-option>
        }
        @for (preset of presets; track preset.seconds) {
          <mat-option [value]="'' + preset.seconds">{{ m[preset.text] }}</mat-option>
        }
        <mat-option value="-1">{{ byJail() ? m.permanent : m.untilRemoved }}</mat-option>
        <mat-option value="custom">{{ m.custom }}</mat-option>
      </mat-select>
      @if (hint(); as text) {
        <mat-hint>{{ text }}</mat-hint>
      }
    </mat-form-field>
    @if (choice() === 'custom') {
      <div class="custom">
        <mat-form-field appearance="outline" subscriptSizing="dynamic">
          <mat-label>{{ m.number }}</mat-label>
          <input
            #amount
            matInput
            type="number"
            min="1"
            step="1"
            [value]="number()"
            (input)="number.set(amount.value)"
          />
        </mat-form-field>
        <mat-form-field appearance="outline" subscriptSizing="dynamic">
          <mat-label>{{ m.unit }}</mat-label>
          <mat-select [value]="unit()" (valueChange)="unit.set($event)">
            @for (one of units; track one) {
              <mat-option [value]="one">{{ m[one] }}</mat-option>
            }
          </mat-select>
        </mat-form-field>
      </div>
      @if (seconds() === null) {
        <p class="wrong" role="alert">{{ m.invalid }}</p>
      }
    }`,
  styles: `
    :host {
      display: grid;
      gap: 10px;
    }
    .custom {
      display: grid;
      grid-template-columns: 1fr 1fr;
      gap: 10px;
    }
    .wrong {
      margin-top: -4px;
      color: var(--danger);
      font-size: var(--text-sm);
    }
  `,
})
export class DurationField {
  private readonly clock = inject(Clock);
  private readonly time = inject(TimeFormat);
  protected readonly m = inject(MESSAGES).duration;
  protected readonly presets = PRESETS;
  protected readonly units = UNITS;

  /** Whether "as long as the jail says" is a choice; then `undefined` is it, else −1 says for ever. */
  readonly byJail = input(true);
  /** Seconds, −1 for ever, undefined the jail's own; null while what was typed is no duration. */
  readonly seconds = model<number | undefined | null>(undefined);

  protected readonly choice = signal<string>('');
  protected readonly number = signal('2');
  protected readonly unit = signal<DurationUnit>('hours');
  protected readonly hint = computed(() => {
    const seconds = this.seconds();
    if (seconds === null) return '';
    if (seconds === undefined) return this.byJail() ? this.m.jailHint : '';
    if (seconds < 0) return this.byJail() ? this.m.permanentHint : '';
    return this.m.until(
      this.time.absolute(new Date(this.clock.now() + Math.min(seconds, MAX_SECONDS) * 1_000).toISOString()),
    );
  });

  constructor() {
    effect(() => {
      const [choice, number, unit] = [this.choice(), this.number(), this.unit()];
      untracked(() => {
        if (choice === 'custom') this.seconds.set(secondsOf(number, unit));
      });
    });
    // What the owner begins with.
    effect(() => {
      const seconds = this.seconds();
      untracked(() => {
        if (this.choice() === 'custom' || seconds === null) return;
        const isKnown = seconds === undefined || seconds < 0 || PRESETS.some((preset) => preset.seconds === seconds);
        if (isKnown) this.choice.set(seconds === undefined ? (this.byJail() ? '' : '-1') : String(seconds));
        else {
          this.number.set(String(Math.round(seconds / 60)));
          this.unit.set('minutes');
          this.choice.set('custom');
        }
      });
    });
  }

  protected choose(choice: string): void {
    this.choice.set(choice);
    if (choice !== 'custom') this.seconds.set(choice === '' ? undefined : Number(choice));
  }
}
