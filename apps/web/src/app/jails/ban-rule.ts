import type { JailInfo } from '@bailiff/contracts/http';
import type { Format } from '../display/format';
import type { Messages } from '../messages/messages';

/** When a jail bans, and for how long, as a sentence; a negative ban time, seconds, is one without end. */
export function banRule(
  words: Messages['jails'],
  format: Format,
  { maxretry, findtimeSeconds, bantimeSeconds }: Pick<JailInfo, 'maxretry' | 'findtimeSeconds' | 'bantimeSeconds'>,
): string {
  const bantime = bantimeSeconds !== null && bantimeSeconds < 0 ? null : format.duration(bantimeSeconds);
  return words.rule(format.number(maxretry), format.duration(findtimeSeconds), bantime);
}
