import { type FormatReader, MAX_USER, readStatus } from '../log-line.js';
import { isDigit } from '../text/line-scanner.js';
import { fieldText } from '../text/visible-text.js';

/** Postfix: reply code of a refusal, account of a failed sign-in when Postfix (3.8 and later) names it. */
export const readPostfix: FormatReader = (line) => {
  if (line.service !== 'postfix') return undefined;
  const scan = line.scan();
  const start = scan.position;
  const hasReply = scan.takeUntil('reject: ') !== undefined && scan.takeUntil(']') !== undefined;
  if (hasReply && scan.skip(':')) {
    // postscreen names the port: `from [192.0.2.1]:60591: 550 …`.
    if (scan.takeWhile(isDigit) !== '') scan.skip(':');
    scan.skipSpaces();
  }
  const status = hasReply ? readStatus(scan.takeWhile(isDigit, 4)) : {};
  scan.position = start;
  // Postfix escapes what is not printable, and a name's own comma can not be told from the next field's.
  const isNamed = scan.takeUntilLast('sasl_username=') !== undefined;
  const user = isNamed ? fieldText(scan.takeUntil(', ') ?? scan.takeRest(), MAX_USER) : undefined;
  return { format: 'postfix', service: 'postfix', ...status, ...(user === undefined ? {} : { user }) };
};
