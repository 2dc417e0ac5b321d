/**
 * The moment at which a wall clock in `zone` shows `local` (`2026-03-31T14:05`, as a datetime-local input gives it), RFC 3339
 * UTC. A time that the zone skips in spring becomes the one an hour later; of one that comes twice, the first is meant.
 * undefined when `local` is not a time.
 */
export function zonedToUtc(local: string, zone: string): string | undefined {
  const wall = Date.parse(`${local}Z`);
  if (Number.isNaN(wall)) return undefined;
  // The offset at the guess may differ from that at the answer, when a change of the clock lies between: ask twice.
  const first = wall - offsetMs(wall, zone);
  const second = wall - offsetMs(first, zone);
  return new Date(second).toISOString();
}

/** The wall clock of `zone` at a moment, for a datetime-local input: `2026-03-31T14:05`. */
export function utcToZoned(at: string | number, zone: string): string {
  const ms = new Date(at).getTime();
  return new Date(ms + offsetMs(ms, zone)).toISOString().slice(0, 16);
}

/** How far the zone's wall clock is ahead of UTC at a moment, milliseconds. */
function offsetMs(at: number, zone: string): number {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(at);
  const of = (type: Intl.DateTimeFormatPartTypes): number => Number(parts.find((part) => part.type === type)?.value);
  const wall = Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'));
  return wall - Math.floor(at / 1000) * 1000;
}
