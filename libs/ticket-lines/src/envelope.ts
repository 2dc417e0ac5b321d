import { type LogLine, MAX_SERVICE } from './log-line.js';
import { consistsOf, isDigit, isLetter, isNameCharacter, isSpace, LineScanner } from './text/line-scanner.js';
import { visibleText } from './text/visible-text.js';
import type { WorkCount } from './text/work-count.js';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
/** Daemons whose tag is not their name. */
const TAGS: ReadonlyMap<string, string> = new Map([
  ['sshd-session', 'sshd'],
  ['sshd-auth', 'sshd'],
  ['imap-login', 'dovecot'],
  ['pop3-login', 'dovecot'],
  ['managesieve-login', 'dovecot'],
  ['submission-login', 'dovecot'],
  ['dovecot-auth', 'dovecot'],
  ['auth', 'dovecot'],
  ['auth-worker', 'dovecot'],
  ['httpd', 'apache'],
  ['apache2', 'apache'],
]);
/** Daemons whose tag may come without a process id; of others `failed:` in "Login failed: …" would be one. */
const DAEMONS: ReadonlySet<string> = new Set([
  ...TAGS.values(),
  ...['postfix', 'nginx', 'caddy', 'traefik', 'lighttpd', 'haproxy', 'dropbear', 'vsftpd', 'proftpd', 'pure-ftpd'],
  ...['exim', 'sendmail', 'named', 'asterisk', 'openvpn'],
]);
/** Words that applications write where syslog has the daemon: `NOTICE[1638]: `. */
const LEVELS: ReadonlySet<string> = new Set([
  'emerg',
  'alert',
  'crit',
  'critical',
  'fatal',
  'err',
  'error',
  'warn',
  'warning',
  'notice',
  'info',
  'debug',
  'trace',
]);
/** Longest host name or tag that is taken for one. */
const MAX_WORD = 128;

/**
 * Takes off what syslog, the journal or a daemon's own log puts before the message: date, host, `daemon[pid]:`. fail2ban hands a
 * journal line on as date, host, daemon, message.
 */
export function openEnvelope(text: string, jail: string, work: WorkCount): LogLine {
  const first = readEnvelope(new LineScanner(text, work));
  // A daemon that writes its own envelope into syslog: `web nginx[12]: web nginx: 2026/11/20 …`.
  const second = first.service === undefined ? first : readEnvelope(new LineScanner(first.message, work));
  const { message } = second.service === first.service ? second : first;
  return { message, service: first.service, jail, scan: () => new LineScanner(message, work) };
}

interface Envelope {
  readonly service: string | undefined;
  readonly message: string;
}

function readEnvelope(scan: LineScanner): Envelope {
  const whole: Envelope = { service: undefined, message: scan.rest };
  scan.skipSpaces();
  skipPriority(scan);
  const isRfc5424 = scan.skip('1 ');
  skipDate(scan);
  scan.skipSpaces();
  if (isRfc5424) return readRfc5424(scan) ?? whole;
  const word = scan.takeWhile((code) => !isSpace(code), MAX_WORD);
  const service = readTag(word);
  if (service !== undefined) return behind(scan, service);
  if (!isHost(word)) return whole;
  scan.skipSpaces();
  const next = readTag(scan.takeWhile((code) => !isSpace(code), MAX_WORD));
  return next === undefined ? whole : behind(scan, next);
}

/** `host daemon 57915 - [data] message`, behind version and date. */
function readRfc5424(scan: LineScanner): Envelope | undefined {
  const [, daemon = ''] = Array.from({ length: 4 }, () => {
    const word = scan.takeWord();
    scan.skipSpaces();
    return word;
  });
  if (!scan.skip('-') && !scan.skip('[')) return undefined;
  if (scan.text.charAt(scan.position - 1) === '[' && scan.takeUntil('] ') === undefined) return undefined;
  return isHost(daemon) ? behind(scan, serviceOf(daemon)) : undefined;
}

function behind(scan: LineScanner, service: string): Envelope {
  scan.skipSpaces();
  return { service: visibleText(service, MAX_SERVICE), message: scan.rest };
}

/** The daemon in `sshd[812]:`, `postfix/smtpd[9]:`, `auth-worker(7):`, `dovecot:`, `[sshd]:` or `[sshd]`; undefined when it is no tag. */
function readTag(word: string): string | undefined {
  const scan = new LineScanner(word);
  const isBracketed = scan.skip('[');
  if (!isLetter(scan.peek())) return undefined;
  const name = scan.takeWhile((code) => isNameCharacter(code) || code === SLASH || code === DOT);
  const { rest } = scan;
  const service = serviceOf(name);
  if (isBracketed) return (rest === ']:' || rest === ']') && DAEMONS.has(service) ? service : undefined;
  if (rest.startsWith('[') && rest.endsWith(']:')) return LEVELS.has(service) ? undefined : service;
  return (rest === ':' || (rest.startsWith('(') && rest.endsWith(':'))) && DAEMONS.has(service) ? service : undefined;
}

function serviceOf(tag: string): string {
  const slash = tag.indexOf('/');
  const name = (slash < 0 ? tag : tag.slice(0, slash)).toLowerCase();
  if (name.startsWith('postfix')) return 'postfix';
  return TAGS.get(name) ?? name;
}

function isHost(word: string): boolean {
  return consistsOf(word, (code) => isNameCharacter(code) || code === DOT || code === COLON);
}

/** `<34>`. */
function skipPriority(scan: LineScanner): void {
  const start = scan.position;
  if (!scan.skip('<') || scan.takeWhile(isDigit, 3) === '' || !scan.skip('>')) scan.position = start;
}

/** Moves behind `Nov 20 16:00:00`, `2026-11-20T16:00:00.5+00:00`, `2026-11-20 16:00:00` or a TAI64 stamp. */
function skipDate(scan: LineScanner): void {
  const start = scan.position;
  if (!skipMonthDate(scan) && !skipIsoDate(scan) && !skipTai64(scan)) scan.position = start;
}

function skipMonthDate(scan: LineScanner): boolean {
  const start = scan.position;
  if (scan.skipAny(MONTHS)) {
    scan.skipSpaces();
    const day = scan.takeWhile(isDigit, 3);
    scan.skipSpaces();
    const clock = scan.takeWord();
    if (day !== '' && day.length <= 2) {
      if (isClock(clock)) return true;
      scan.skipSpaces();
      if (clock.length === 4 && consistsOf(clock, isDigit) && isClock(scan.takeWord())) return true;
    }
  }
  scan.position = start;
  return false;
}

function skipIsoDate(scan: LineScanner): boolean {
  const start = scan.position;
  const [year, month, day] = [takeNumber(scan, '-'), takeNumber(scan, '-'), scan.takeWhile(isDigit, 2)];
  if (year?.length === 4 && month?.length === 2 && day.length === 2) {
    if (scan.skip('T')) return isClock(scan.takeWord());
    scan.skipSpaces();
    if (isClock(scan.takeWord())) return true;
  }
  scan.position = start;
  return false;
}

function takeNumber(scan: LineScanner, separator: string): string | undefined {
  const digits = scan.takeWhile(isDigit, 4);
  return scan.skip(separator) ? digits : undefined;
}

function skipTai64(scan: LineScanner): boolean {
  return scan.skip('@') && scan.takeWord().length === 24;
}

/** Whether a word begins like `16:00:00`. */
function isClock(word: string): boolean {
  return word.charAt(2) === ':' && word.charAt(5) === ':' && consistsOf(word.slice(0, 2) + word.slice(3, 5), isDigit);
}

const SLASH = 0x2f;
const DOT = 0x2e;
const COLON = 0x3a;
