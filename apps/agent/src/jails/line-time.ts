const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const ISO = /(\d{4})[-/](\d\d)[-/](\d\d)[T ](\d\d):(\d\d):(\d\d)(?:[.,]\d{1,9})?\s?(Z|[+-]\d\d:?\d\d)?/;
const COMMON = /(\d\d)\/([A-Z][a-z]{2})\/(\d{4}):(\d\d):(\d\d):(\d\d) ([+-]\d{4})/;
const SYSLOG = /([A-Z][a-z]{2})\s+(\d{1,2}) (\d\d):(\d\d):(\d\d)/;
/** Times stand at the beginning of lines, or soon after an address. */
const LOOK_AT = 200;
const DAY_MS = 86_400_000;

/**
 * Time that stands in a log line, milliseconds since the epoch: ISO, common log, syslog. Without a zone it is this host's.
 * undefined for other forms.
 * @param nowMs for the year that syslog leaves out
 */
export function timeOfLine(line: string, nowMs: number): number | undefined {
  const text = line.slice(0, LOOK_AT);
  const iso = ISO.exec(text);
  if (iso !== null) {
    const [, year, month, day, hour, minute, second, zone] = iso;
    return parse(`${year}-${month}-${day}T${hour}:${minute}:${second}${zoneOf(zone)}`);
  }
  const common = COMMON.exec(text);
  if (common !== null) {
    const [, day, name, year, hour, minute, second, zone] = common;
    return parse(`${year}-${monthOf(name)}-${day}T${hour}:${minute}:${second}${zoneOf(zone)}`);
  }
  const syslog = SYSLOG.exec(text);
  if (syslog === null) return undefined;
  const [, name, day = '', hour, minute, second] = syslog;
  const year = new Date(nowMs).getFullYear();
  const inYear = (y: number) =>
    parse(`${y}-${monthOf(name)}-${day.padStart(2, '0')}T${hour}:${minute}:${second}`) ?? undefined;
  const thisYear = inYear(year);
  // A line of December read in January.
  return thisYear !== undefined && thisYear > nowMs + DAY_MS ? inYear(year - 1) : thisYear;
}

function zoneOf(zone: string | undefined): string {
  if (zone === undefined || zone === 'Z') return zone ?? '';
  return zone.includes(':') ? zone : `${zone.slice(0, 3)}:${zone.slice(3)}`;
}

function monthOf(name: string | undefined): string {
  return String(MONTHS.indexOf(name ?? '') + 1).padStart(2, '0');
}

function parse(text: string): number | undefined {
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : time;
}
