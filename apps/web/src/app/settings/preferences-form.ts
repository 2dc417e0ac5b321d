import { Component, computed, inject, model } from '@angular/core';
import { FormField, form, max, min, required, validate } from '@angular/forms/signals';
import { MatError, MatFormField, MatHint, MatInput, MatLabel } from '@angular/material/input';
import { MatOption, MatSelect } from '@angular/material/select';
import type { DateFormat, Preferences, SessionMode } from '@bailiff/contracts/http';
import { Format } from '../display/format';
import { MESSAGES } from '../messages/messages';
import { Clock } from '../time/clock';

const MAX_COUNT = 1_000_000_000;

/** The operator's preferences, as setup asks for them and settings change them. */
@Component({
  selector: 'bailiff-preferences-form',
  imports: [FormField, MatError, MatFormField, MatHint, MatInput, MatLabel, MatOption, MatSelect],
  templateUrl: './preferences-form.html',
  styleUrl: './preferences-form.scss',
})
export class PreferencesForm {
  private readonly clock = inject(Clock);
  private readonly format = inject(Format);
  protected readonly m = inject(MESSAGES).settings;
  readonly preferences = model.required<Preferences>();

  protected readonly form = form(this.preferences, (path) => {
    required(path.timeZone);
    validate(path.timeZone, ({ value }) =>
      isZone(value()) ? undefined : { kind: 'zone', message: this.m.timeZoneUnknown },
    );
    for (const count of [path.mapThresholds.low, path.mapThresholds.medium, path.mapThresholds.high]) {
      min(count, 1);
      max(count, MAX_COUNT);
    }
    validate(path.mapThresholds, ({ value }) => {
      const { low, medium, high } = value();
      return low < medium && medium < high ? undefined : { kind: 'order', message: this.m.order };
    });
  });
  readonly isValid = computed(() => this.form().valid());

  protected readonly zones = zoneNames();
  protected readonly dateFormats = Object.entries(this.m.dateFormats) as [DateFormat, string][];
  protected readonly modes = Object.entries(this.m.sessionModes) as [SessionMode, { label: string; hint: string }][];
  protected readonly durations = computed(() => {
    const listed = Object.entries(this.m.durations).map(([seconds, label]) => ({ seconds: Number(seconds), label }));
    const current = this.preferences().sessionDurationSeconds;
    // A value set through the API need not be one of ours.
    return listed.some(({ seconds }) => seconds === current)
      ? listed
      : [...listed, { seconds: current, label: this.format.duration(current) }];
  });
  protected readonly zoneHint = computed(() => {
    const timeZone = this.preferences().timeZone;
    if (!isZone(timeZone)) return '';
    const now = new Intl.DateTimeFormat('en-GB', {
      timeZone,
      hour: '2-digit',
      minute: '2-digit',
      timeZoneName: 'short',
    });
    return this.m.timeZoneHint(now.format(this.clock.now()));
  });
  protected readonly orderError = computed(() =>
    this.form
      .mapThresholds()
      .errors()
      .find(({ kind }) => kind === 'order'),
  );
}

function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return name !== '';
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

function zoneNames(): readonly string[] {
  return ['UTC', ...Intl.supportedValuesOf('timeZone').filter((name) => name !== 'UTC')];
}
