import type { Format } from '../display/format';
import type { Messages } from '../messages/messages';

/** A share in whole percent; what is less than one says so instead of claiming none. */
export function shareText(share: number, format: Format, m: Messages['map']): string {
  return share > 0 && share < 0.01 ? m.lessThan(format.percent(0.01)) : format.percent(share);
}
