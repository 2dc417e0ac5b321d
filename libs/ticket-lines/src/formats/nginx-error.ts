import { type FormatReader, MAX_USER } from '../log-line.js';
import { readRequestLine } from '../request-line.js';
import { readTarget } from '../target-host.js';
import { isDigit, type LineScanner } from '../text/line-scanner.js';
import { fieldText } from '../text/visible-text.js';

const CLIENT = ', client: ';
/** How messages that name a user go on behind the name. */
const BEHIND_USER = ['": password mismatch', '" was not found in "', "' - not authenticated"];

/**
 * nginx's error log: `2026/11/20 16:00:00 [error] 8#8: *1 message, client: …, server: …, request: "…", host: "…"`.
 *
 * nginx prints user name, request and headers as they came, quotes included, so a hostile client can imitate the fields. A user
 * name comes before the real ones and everything else after them; that decides which are read.
 */
export const readNginxError: FormatReader = (line) => {
  const scan = line.scan();
  if (!skipHead(scan)) return undefined;
  const start = scan.position;
  const namesUser = scan.skip('user "') || scan.skip("PAM: user '");
  const userStart = scan.position;
  scan.position = start;
  const message = namesUser ? scan.takeUntilLast(CLIENT) : scan.takeUntil(CLIENT);
  if (message === undefined) return { format: 'nginx-error', service: 'nginx' };
  const user = namesUser ? fieldText(userIn(message.slice(userStart - start)), MAX_USER) : undefined;
  const fields = readFields(scan);
  const { authority, ...asked } = readRequestLine(fields.request ?? '');
  const named = [fields.host, authority, fields.server]
    .map(readTarget)
    .find(({ targetHost }) => targetHost !== undefined);
  return { format: 'nginx-error', service: 'nginx', ...asked, ...named, ...(user === undefined ? {} : { user }) };
};

/** Date, level, process and connection. */
function skipHead(scan: LineScanner): boolean {
  const date = scan.takeWhile((code) => isDigit(code) || code === SLASH, 11);
  if (date.length !== 10 || !scan.skip(' ')) return false;
  const clock = scan.takeWhile((code) => isDigit(code) || code === COLON, 9);
  if (clock.length !== 8 || !scan.skip(' [') || scan.takeUntil('] ') === undefined) return false;
  const process = scan.takeWhile((code) => isDigit(code) || code === HASH);
  if (process === '' || !scan.skip(': ')) return false;
  if (scan.skip('*')) {
    scan.takeWhile(isDigit);
    scan.skipSpaces();
  }
  return true;
}

function userIn(text: string): string | undefined {
  const ends = BEHIND_USER.map((mark) => text.lastIndexOf(mark)).filter((at) => at >= 0);
  return ends.length === 0 ? undefined : text.slice(0, Math.max(...ends));
}

interface Fields {
  readonly server?: string | undefined;
  readonly request?: string | undefined;
  readonly host?: string | undefined;
}

/** The fields behind the client's address, in nginx's order, any of which may be missing. */
function readFields(scan: LineScanner): Fields {
  const [server, request] = [take(scan, ', server: ', ', '), take(scan, ', request: "', '", ')];
  take(scan, ', subrequest: "', '", ');
  take(scan, ', upstream: "', '", ');
  const host = take(scan, ', host: "', '", ');
  return { server, request, host };
}

/** The value behind `name` up to `end` or, of the last field, up to the closing quote or the end of the line. */
function take(scan: LineScanner, name: string, end: string): string | undefined {
  const start = scan.position;
  if (scan.takeUntil(name) === undefined) return undefined;
  const value = scan.takeUntil(end);
  if (value === undefined) {
    const last = scan.rest;
    scan.position = start;
    return last.endsWith('"') ? last.slice(0, -1) : last;
  }
  // Back onto the comma: it begins the next field's name.
  scan.position -= 2;
  return value;
}

const SLASH = 0x2f;
const COLON = 0x3a;
const HASH = 0x23;
