/** What helps to decide which of two moments a local time means when the clocks are put back. */
export interface TimeHint {
  /** Epoch milliseconds of the line before in the same log: a log does not run backwards. */
  readonly previousMs?: number | undefined;
  /** Now, when the line was written just now. */
  readonly nowMs?: number | undefined;
}

const STAMP = /^(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)(?:[,.](\d{1,3}))?$/;
/** Lines of several threads may be a little out of order. */
const DISORDER_MS = 10_000;
/** A change of clocks lies within this distance of a doubtful time. */
const CHANGE_WINDOW_MS = 3 * 3_600_000;

/**
 * Epoch milliseconds of a local time of this host, `YYYY-MM-DD HH:MM:SS[,mmm]`, as fail2ban prints it (without a zone);
 * undefined when it is not one. The hour that occurs twice in autumn is decided by `hint`, else the first is taken.
 */
export function localToEpochMs(text: string, hint: TimeHint = {}): number | undefined {
  const match = STAMP.exec(text);
  if (match === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1, 7).map(Number);
  const millis = Number((match[7] ?? '0').padEnd(3, '0'));
  const date = new Date(year, month - 1, day, hour, minute, second, millis);
  const first = date.getTime();
  if (Number.isNaN(first) || date.getMonth() !== month - 1 || date.getDate() !== day) return undefined;
  const later = new Date(first + CHANGE_WINDOW_MS);
  const putBackMinutes = later.getTimezoneOffset() - date.getTimezoneOffset();
  if (putBackMinutes <= 0) return first;
  const again = new Date(first + putBackMinutes * 60_000);
  const isTwice = again.getHours() === hour && again.getMinutes() === minute;
  return isTwice ? choose(first, again.getTime(), hint) : first;
}

function choose(first: number, second: number, { previousMs, nowMs }: TimeHint): number {
  if (previousMs !== undefined && first < previousMs - DISORDER_MS) return second;
  if (nowMs !== undefined && second <= nowMs + DISORDER_MS && nowMs - second < nowMs - first && nowMs - second < 60_000)
    return second;
  return first;
}
