import { computed, inject, Service } from '@angular/core';
import type { DateFormat } from '@bailiff/contracts/http';
import { MESSAGES } from '../messages/messages';
import { Session } from '../session/session';
import { relativeText } from './relative-text';

/** A moment taken apart in a time zone; every part is text of fixed width. */
interface MomentParts {
  readonly year: string;
  readonly month: string;
  readonly day: string;
  readonly hour: string;
  readonly minute: string;
  readonly second: string;
  readonly timeZoneName: string;
}

/** Writes moments in the zone and date format of the preferences. */
@Service()
export class TimeFormat {
  private readonly m = inject(MESSAGES).time;
  private readonly session = inject(Session);

  /** IANA name of the zone in use: the preferences', else this browser's. */
  readonly zone = computed(() => usableZone(this.session.preferences()?.timeZone));
  private readonly dateFormat = computed<DateFormat>(() => this.session.preferences()?.dateFormat ?? 'iso');
  private readonly formatter = computed(
    () =>
      new Intl.DateTimeFormat('en-GB', {
        timeZone: this.zone(),
        hourCycle: 'h23',
        year: 'numeric',
        month: '2-digit',
        day: '2-digit',
        hour: '2-digit',
        minute: '2-digit',
        second: '2-digit',
        timeZoneName: 'short',
      }),
  );

  /** `2026-03-31 14:05:09 CEST`, the date in the format chosen. */
  absolute(at: string | number): string {
    const parts = this.parts(at);
    return parts === undefined
      ? ''
      : `${this.dateOf(parts)} ${parts.hour}:${parts.minute}:${parts.second} ${parts.timeZoneName}`;
  }

  /** `14:05` */
  clock(at: string | number): string {
    const parts = this.parts(at);
    return parts === undefined ? '' : `${parts.hour}:${parts.minute}`;
  }

  /** `14:05:09.123` */
  precise(at: string | number): string {
    const parts = this.parts(at);
    if (parts === undefined) return '';
    const milliseconds = String(new Date(at).getUTCMilliseconds()).padStart(3, '0');
    return `${parts.hour}:${parts.minute}:${parts.second}.${milliseconds}`;
  }

  /** `2026-03-31` in the format chosen. */
  date(at: string | number): string {
    const parts = this.parts(at);
    return parts === undefined ? '' : this.dateOf(parts);
  }

  /** `14:05` when that can only be one moment (less than 20 hours from `now`), else with the date. */
  short(at: string | number, now: number): string {
    const isNear = Math.abs(new Date(at).getTime() - now) < 20 * 3_600_000;
    return isNear ? this.clock(at) : `${this.date(at)} ${this.clock(at)}`;
  }

  /** `3 min ago`, `in 2 h`. */
  relative(at: string | number, now: number): string {
    const ms = typeof at === 'number' ? at : Date.parse(at);
    return Number.isNaN(ms) ? '' : relativeText(this.m, ms - now);
  }

  private parts(at: string | number): MomentParts | undefined {
    const date = new Date(at);
    if (Number.isNaN(date.getTime())) return undefined;
    const found = this.formatter().formatToParts(date);
    const part = (type: Intl.DateTimeFormatPartTypes): string => found.find((each) => each.type === type)?.value ?? '';
    return {
      year: part('year'),
      month: part('month'),
      day: part('day'),
      hour: part('hour'),
      minute: part('minute'),
      second: part('second'),
      timeZoneName: part('timeZoneName'),
    };
  }

  private dateOf({ year, month, day }: MomentParts): string {
    switch (this.dateFormat()) {
      case 'iso':
        return `${year}-${month}-${day}`;
      case 'day-month-year':
        return `${day}.${month}.${year}`;
      case 'month-day-year':
        return `${month}/${day}/${year}`;
    }
  }
}

/** The zone when this browser knows it, else the browser's own: an unknown name would make every date throw. */
function usableZone(zone: string | undefined): string {
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (zone === undefined) return own;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone;
  } catch (error) {
    if (error instanceof RangeError) return own;
    throw error;
  }
}
