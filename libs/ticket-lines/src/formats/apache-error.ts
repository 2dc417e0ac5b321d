import { type FormatReader, type LogLine, MAX_USER } from '../log-line.js';
import { MAX_URL, readRequestLine } from '../request-line.js';
import { readTarget } from '../target-host.js';
import type { LineFacts } from '../ticket-facts.js';
import { isDigit, isLetter, type LineScanner } from '../text/line-scanner.js';
import { fieldText, visibleText } from '../text/visible-text.js';

/**
 * Apache's error log, 2.2 and 2.4, also through syslog: `[date] [module:level] [pid …] [client …] AH01617: message, referer: …`.
 * Names account, path and site where the message does; paths of files are not taken for URLs.
 */
export const readApacheError: FormatReader = (line) => {
  const scan = line.scan();
  if (!skipGroups(scan, line)) return undefined;
  skipCode(scan);
  const message = withoutReferer(scan.takeRest());
  return { format: 'apache-error', service: 'apache', ...readMessage(scan, message) };
};

/** The bracketed groups in front; whether they are Apache's: a client among them, and a date or a syslog tag before it. */
function skipGroups(scan: LineScanner, { service }: LogLine): boolean {
  let isApache = service === 'apache';
  let hasClient = false;
  for (let index = 0; scan.skip('['); index += 1) {
    const group = scan.takeUntil('] ');
    if (group === undefined) return false;
    if (index === 0 && isDate(group)) isApache = true;
    if (group.startsWith('client ') || group.startsWith('remote ')) hasClient = true;
    scan.skipSpaces();
  }
  return isApache && hasClient;
}

/** `Thu Nov 20 16:00:00.123456 2026`. */
function isDate(group: string): boolean {
  return isLetter(group.charCodeAt(0)) && group.charAt(3) === ' ' && isDigit(group.charCodeAt(group.length - 1));
}

/** `AH01617: `. */
function skipCode(scan: LineScanner): void {
  const start = scan.position;
  if (!scan.skip('AH') || scan.takeWhile(isDigit).length !== 5 || !scan.skip(': ')) scan.position = start;
  scan.skip('Digest: ');
}

function withoutReferer(message: string): string {
  const at = message.lastIndexOf(', referer: ');
  return at < 0 ? message : message.slice(0, at);
}

function readMessage(scan: LineScanner, message: string): LineFacts {
  const inner = () => scan.over(message);
  if (message.startsWith('ModSecurity:')) return readModSecurity(inner());
  for (const [before, after] of URL_MARKS) {
    const at = inner();
    if (!at.skip(before)) continue;
    const url = after === '' ? at.takeRest() : (at.takeUntilLast(after) ?? at.takeRest());
    return before.endsWith('request ') ? withoutAuthority(readRequestLine(url)) : urlOf(url);
  }
  if (message.startsWith('Hostname ')) return readTarget(message.split(' ', 2)[1]);
  return readUser(inner());
}

const URL_MARKS = [
  ['client used wrong authentication scheme: ', ''],
  ['Invalid URI in request ', ''],
  ['invalid URI path (', ')'],
] as const;

/** What may stand between the account and the URL in the messages of the authentication modules. */
const USER_MARKS = [
  [': authentication failure for "', '": '],
  [': authorization failure for "', '": '],
  [' to access ', ' failed, reason: '],
  [': password mismatch: ', ''],
  [' not found: ', ''],
  [' not found', ''],
] as const;

function readUser(scan: LineScanner): LineFacts {
  if (!scan.skipAny(['user ', 'Authorization of user '])) return {};
  const start = scan.position;
  for (const [behindUser, behindUrl] of USER_MARKS) {
    scan.position = start;
    const account = scan.takeUntilLast(behindUser);
    if (account === undefined) continue;
    const url = behindUrl === '' ? scan.takeRest() : (scan.takeUntilLast(behindUrl) ?? scan.takeRest());
    const user = fieldText(accountIn(account), MAX_USER);
    return { ...urlOf(url), ...(user === undefined ? {} : { user }) };
  }
  return {};
}

/** mod_auth_digest quotes: `` `name' in realm `private area' ``. */
function accountIn(text: string): string {
  if (!text.startsWith('`')) return text;
  const realm = text.lastIndexOf("' in realm `");
  return text.slice(1, realm < 0 ? undefined : realm).replace(/'$/, '');
}

/** `… [hostname "www.example.org"] [uri "/x"] [unique_id "…"]`: the last ones, whatever the matched data before them holds. */
function readModSecurity(scan: LineScanner): LineFacts {
  const tag = (name: string) => {
    scan.position = 0;
    return scan.takeUntilLast(`[${name} "`) === undefined ? undefined : scan.takeUntil('"]');
  };
  return { ...urlOf(tag('uri') ?? ''), ...readTarget(tag('hostname')) };
}

function urlOf(text: string): LineFacts {
  const url = text.trim().replace(/"$/, '');
  return url.startsWith('/') || url.includes('://') ? { requestUrl: visibleText(url, MAX_URL) } : {};
}

function withoutAuthority({ authority, ...asked }: ReturnType<typeof readRequestLine>): LineFacts {
  return { ...asked, ...readTarget(authority) };
}
