import { Component, computed, inject, input } from '@angular/core';
import { MESSAGES } from '../messages/messages';
import { Clock } from '../time/clock';
import { TimeFormat } from '../time/time-format';

/** A moment as `3 min ago`, with the absolute time in the configured zone as its tooltip. */
@Component({
  selector: 'bailiff-moment',
  template: `@if (at(); as moment) {
      <time [attr.datetime]="moment" [title]="absolute()">{{ text() }}</time>
    } @else {
      <span class="muted">{{ none() || m.common.never }}</span>
    }`,
  styles: `
    :host {
      min-width: 0;
      overflow: hidden;
      text-overflow: ellipsis;
      white-space: nowrap;
    }
  `,
})
export class Moment {
  private readonly clock = inject(Clock);
  private readonly format = inject(TimeFormat);
  protected readonly m = inject(MESSAGES);

  /** RFC 3339; null: never. */
  readonly at = input.required<string | null>();
  /** Said when there is no moment. */
  readonly none = input('');
  /** Whether it is the end of a ban: `until 14:05 (in 12 min)`. */
  readonly expiry = input(false);

  protected readonly absolute = computed(() => this.format.absolute(this.at() ?? ''));
  protected readonly text = computed(() => {
    const at = this.at() ?? '';
    const now = this.clock.now();
    // What has happened is never said to come, though the clock of this page moves in steps.
    if (!this.expiry()) return this.format.relative(Math.min(Date.parse(at), now), now);
    if (Date.parse(at) <= now) return this.m.time.ending;
    return `${this.m.time.until(this.format.short(at, now))} (${this.format.relative(at, now)})`;
  });
}
