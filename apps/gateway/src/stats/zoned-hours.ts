import { DAY_MS, HOUR_MS } from './stats-period.js';

/**
 * How UTC hours, which bans are counted by, fall on the clock of a zone. An hour belongs where it begins: in a zone off by half
 * an hour (Asia/Kolkata) bans of the half hour after midnight count for the day before, and the hours of a week begin at half
 * past. Counting by the quarter hour instead would make the counters four times as large for the sake of that half hour.
 */
export class ZonedHours {
  private readonly format: Intl.DateTimeFormat;
  /** Offset from UTC at full UTC days; between two that agree it is taken for constant. */
  private readonly known = new Map<number, number>();

  /** @throws {RangeError} when the zone does not exist */
  constructor(readonly zone: string) {
    this.format = new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  }

  /** Whether its days are those of UTC. */
  get isUtc(): boolean {
    return /^(Etc\/)?(UTC|UCT|Zulu|Universal|GMT|Greenwich)$/.test(this.zone);
  }

  /** How far the zone's clock is ahead of UTC at a moment, milliseconds. */
  offsetMs(atMs: number): number {
    const day = Math.floor(atMs / DAY_MS) * DAY_MS;
    const before = this.offsetOn(day);
    return before === this.offsetOn(day + DAY_MS) ? before : this.exactOffsetMs(atMs);
  }

  /** Number of the local day an hour begins in, counted from 1 January 1970. */
  dayOf(hourMs: number): number {
    return Math.floor((hourMs + this.offsetMs(hourMs)) / DAY_MS);
  }

  /** Hour of a UTC day, 0 to 23, with which a local day begins; undefined on days on which the clock changes. */
  cutOf(dayMs: number): number | undefined {
    const offset = this.offsetOn(dayMs);
    if (offset !== this.offsetOn(dayMs + DAY_MS)) return undefined;
    const intoDay = ((offset % DAY_MS) + DAY_MS) % DAY_MS;
    return Math.ceil((DAY_MS - intoDay) / HOUR_MS) % 24;
  }

  /** Hour of the local week an hour begins in: 0 is the first of Monday. */
  weekHourOf(hourMs: number): number {
    const localHour = Math.floor((hourMs + this.offsetMs(hourMs)) / HOUR_MS);
    // 1 January 1970 was a Thursday.
    return (((localHour + 3 * 24) % 168) + 168) % 168;
  }

  /** Minute of the local clock at which UTC hours begin. */
  startMinuteAt(atMs: number): number {
    return (((this.offsetMs(atMs) % HOUR_MS) + HOUR_MS) % HOUR_MS) / 60_000;
  }

  /** When a local day begins: its midnight, or the first moment it has where the clock skips midnight. */
  dayStartMs(day: number, firstHourMs: number): number {
    const midnight = day * DAY_MS - this.offsetMs(firstHourMs);
    const shown = midnight + this.exactOffsetMs(midnight);
    return Math.floor(shown / DAY_MS) === day ? midnight : firstHourMs;
  }

  private offsetOn(day: number): number {
    const known = this.known.get(day);
    if (known !== undefined) return known;
    const offset = this.exactOffsetMs(day);
    this.known.set(day, offset);
    return offset;
  }

  private exactOffsetMs(atMs: number): number {
    const parts = this.format.formatToParts(atMs);
    const of = (type: Intl.DateTimeFormatPartTypes) => Number(parts.find((part) => part.type === type)?.value);
    const wall = Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'));
    return wall - Math.floor(atMs / 1_000) * 1_000;
  }
}
