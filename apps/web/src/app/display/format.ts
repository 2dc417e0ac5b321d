import { inject, Service } from '@angular/core';
import { MESSAGES } from '../messages/messages';
import { durationText } from '../time/relative-text';

/** Numbers, durations and country names in the operator's language. */
@Service()
export class Format {
  private readonly m = inject(MESSAGES);
  private readonly integers = new Intl.NumberFormat(this.m.time.locale, { maximumFractionDigits: 0 });
  private readonly percents = new Intl.NumberFormat(this.m.time.locale, { style: 'percent', maximumFractionDigits: 0 });
  private readonly finePercents = new Intl.NumberFormat(this.m.time.locale, {
    style: 'percent',
    maximumFractionDigits: 1,
  });
  private readonly compacts = new Intl.NumberFormat(this.m.time.locale, {
    notation: 'compact',
    maximumFractionDigits: 1,
  });
  private readonly regions = new Intl.DisplayNames(this.m.time.locale, { type: 'region' });

  /** `52,310`; an en dash when there is no figure. */
  number(value: number | null | undefined): string {
    return value === null || value === undefined ? '–' : this.integers.format(value);
  }

  /** Like {@link number}, shortened from a million on: `1.2M`. */
  short(value: number | null | undefined): string {
    return value !== null && value !== undefined && value >= 1_000_000
      ? this.compacts.format(value)
      : this.number(value);
  }

  /** As short as a map can print it: exact under ten thousand, `52.3K` from there on. */
  onMap(value: number): string {
    return value >= 10_000 ? this.compacts.format(value) : this.number(value);
  }

  /** `0.25` as `25%`. */
  percent(ratio: number): string {
    return this.percents.format(ratio);
  }

  /** As {@link percent}, with a digit after the point where it is small: `0.7%`, `< 0.1%`. */
  finePercent(ratio: number): string {
    if (ratio > 0 && ratio < 0.001) return this.m.map.lessThan(this.finePercents.format(0.001));
    return ratio < 0.1 ? this.finePercents.format(ratio) : this.percent(ratio);
  }

  /** Whole seconds as `10 min`; −1 is permanent, null an en dash. */
  duration(seconds: number | null | undefined): string {
    return seconds === null || seconds === undefined ? '–' : durationText(this.m, seconds);
  }

  /** Name of an ISO 3166-1 alpha-2 code. */
  country(code: string | null): string {
    if (code === null || !/^[A-Z]{2}$/.test(code)) return this.m.common.unknownCountry;
    return this.regions.of(code) ?? code;
  }
}
