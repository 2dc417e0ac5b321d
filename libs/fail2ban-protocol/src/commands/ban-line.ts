import { MalformedReplyError } from '../errors/malformed-reply.error.js';

/** One ban with its times, as `get JAIL banip --with-time` prints it. */
export interface BanWithTime {
  readonly id: string;
  /** `YYYY-MM-DD HH:MM:SS` in the server's local time, without zone: ambiguous when clocks are set back. */
  readonly bannedAtLocal: string;
  /** Seconds; −1 = permanent. */
  readonly durationSeconds: number;
  /** As `bannedAtLocal`; absent when permanent. */
  readonly endsAtLocal?: string;
}

// `IP<space><tab>start + SECONDS = end`. Ids are free text, so the times are looked for from the end.
const LINE = /^([\s\S]*?) ?\t(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) \+ (-?\d{1,15}) = (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)$/;

/** @throws {MalformedReplyError} when the line has another form */
export function parseBanLine(line: string): BanWithTime {
  const match = LINE.exec(line);
  if (match === null) throw new MalformedReplyError('a ban without times');
  const [, id = '', bannedAtLocal = '', seconds = '', endsAtLocal = ''] = match;
  const durationSeconds = Number(seconds);
  return durationSeconds < 0
    ? { id, bannedAtLocal, durationSeconds: -1 }
    : { id, bannedAtLocal, durationSeconds, endsAtLocal };
}
