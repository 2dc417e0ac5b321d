import { TestBed } from '@angular/core/testing';
import { describe, expect, it } from '@jest/globals';
import type { DateFormat } from '@bailiff/contracts/http';
import { currentSession, sessionOf } from '../../testing/session-of';
import { Session } from '../session/session';
import { TimeFormat } from './time-format';

const AT = '2026-03-31T22:05:09Z';

function timeFormat(timeZone: string, dateFormat: DateFormat = 'iso'): TimeFormat {
  TestBed.configureTestingModule({
    providers: [{ provide: Session, useValue: sessionOf(currentSession({ timeZone, dateFormat })) }],
  });
  return TestBed.inject(TimeFormat);
}

describe(TimeFormat.name, () => {
  it('writes the time of the configured zone, also when that is another day', () => {
    expect(timeFormat('Europe/Zurich').absolute(AT)).toBe('2026-04-01 00:05:09 CEST');
  });

  it.each<[DateFormat, string]>([
    ['iso', '2026-03-31'],
    ['day-month-year', '31.03.2026'],
    ['month-day-year', '03/31/2026'],
  ])('writes the date as %s', (format, text) => {
    expect(timeFormat('UTC', format).date(AT)).toBe(text);
  });

  it('adds the date only where the hour alone could be another day’s', () => {
    const format = timeFormat('UTC');
    expect(format.short(AT, Date.parse(AT) - 3_600_000)).toBe('22:05');
    expect(format.short(AT, Date.parse(AT) - 30 * 3_600_000)).toBe('2026-03-31 22:05');
  });

  it('writes a time of day to the millisecond', () => {
    const format = timeFormat('Asia/Kolkata');
    expect(format.precise('2026-03-31T22:05:09.007Z')).toBe('03:35:09.007');
    expect(format.precise('no time')).toBe('');
  });

  it('falls back to the browser’s zone for one it does not know', () => {
    expect(timeFormat('Mars/Olympus').zone()).toBe(Intl.DateTimeFormat().resolvedOptions().timeZone);
  });

  it('writes nothing for what is no time', () => {
    const format = timeFormat('UTC');
    expect(format.absolute('soon')).toBe('');
    expect(format.relative('soon', 0)).toBe('');
  });
});
