import { inject, Service } from '@angular/core';
import { isRange, rangeParams } from '../history/time-range';
import { MESSAGES } from '../messages/messages';
import { Clock } from '../time/clock';
import { TimeFormat } from '../time/time-format';

/** Says which time a value of the `range` parameter means. */
@Service()
export class RangeWords {
  private readonly time = inject(TimeFormat);
  private readonly clock = inject(Clock);
  private readonly m = inject(MESSAGES);

  /** `Last 7 days`, or the two moments; empty for what cannot be read. */
  text(range: string): string {
    if (isRange(range)) return this.m.dashboard.ranges[range];
    const { from, to } = rangeParams(range, this.clock.now());
    if (from === undefined || to === undefined) return '';
    const sameDay = this.time.date(from) === this.time.date(to);
    return this.m.history.custom.label(this.moment(from), sameDay ? this.time.clock(to) : this.moment(to));
  }

  private moment(at: string): string {
    return `${this.time.date(at)} ${this.time.clock(at)}`;
  }
}
