/** A moment on the clock of a zone. */
export interface LocalTime {
  readonly year: number;
  /** From 1. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
}

/** Writes the times of charts in one zone: short, and without doubt about which number is the month. */
export class TimeLabels {
  private readonly parts: Intl.DateTimeFormat;
  private readonly days: Intl.DateTimeFormat;
  private readonly weekdays: Intl.DateTimeFormat;
  private readonly months: Intl.DateTimeFormat;

  constructor(
    locale: string,
    readonly zone: string,
  ) {
    const numeric = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric' } as const;
    this.parts = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hourCycle: 'h23', ...numeric });
    this.days = new Intl.DateTimeFormat(locale, { timeZone: zone, day: 'numeric', month: 'short' });
    this.weekdays = new Intl.DateTimeFormat(locale, {
      timeZone: zone,
      weekday: 'short',
      day: 'numeric',
      month: 'short',
      year: 'numeric',
    });
    this.months = new Intl.DateTimeFormat(locale, { timeZone: zone, month: 'short' });
  }

  local(at: number): LocalTime {
    const found = this.parts.formatToParts(at);
    const of = (type: Intl.DateTimeFormatPartTypes): number => Number(found.find((part) => part.type === type)?.value);
    return { year: of('year'), month: of('month'), day: of('day'), hour: of('hour'), minute: of('minute') };
  }

  /** Hour of the week a moment lies in: 0 is the first of Monday. */
  weekHour(at: number): number {
    const { year, month, day, hour } = this.local(at);
    return ((new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 6) % 7) * 24 + hour;
  }

  /** `14:05` */
  clock(at: number): string {
    const { hour, minute } = this.local(at);
    return `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
  }

  /** `20 Nov` */
  day(at: number): string {
    return this.days.format(at);
  }

  /** `Fri, 20 Nov 2026` */
  weekday(at: number): string {
    return this.weekdays.format(at);
  }

  /** `Nov`, but `2027` for a January: where a year begins it says which. */
  month(at: number): string {
    const { month, year } = this.local(at);
    return month === 1 ? String(year) : this.months.format(at);
  }
}
