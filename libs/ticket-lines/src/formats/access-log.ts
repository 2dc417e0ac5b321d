import { tryParseAddress } from '@bailiff/ip';
import { type FormatReader, MAX_USER, MAX_USER_AGENT, readStatus, webServer } from '../log-line.js';
import { readRequestLine } from '../request-line.js';
import { readTarget, type Target } from '../target-host.js';
import { isDigit, isSpace, type LineScanner } from '../text/line-scanner.js';
import { fieldText } from '../text/visible-text.js';

/**
 * Access logs: common, combined and vhost_combined as Apache and nginx write them, also lighttpd's (`address host user`), Traefik's
 * tail and a virtual host between date and request.
 *
 * The request begins at the first quote, and what stands before it is read backwards from there: a user name may hold brackets
 * and dates, but servers escape its quotes.
 */
export const readAccessLog: FormatReader = (line) => {
  const scan = line.scan();
  const before = readHead(scan.takeToQuote());
  const request = scan.takeQuoted();
  if (before === undefined || request === undefined) return undefined;
  const { user, vhost } = before;
  const tail = readTail(scan);
  const { authority, ...asked } = readRequestLine(request);
  const named = readTarget(vhost);
  const target: Target = named.targetHost === undefined ? readTarget(authority) : named;
  const userName = fieldText(user, MAX_USER);
  const userAgent = fieldText(tail.userAgent, MAX_USER_AGENT);
  return {
    format: named.targetHost !== undefined ? 'vhost_combined' : tail.userAgent === undefined ? 'common' : 'combined',
    service: tail.isTraefik ? 'traefik' : webServer(line),
    ...asked,
    ...readStatus(tail.status),
    ...target,
    ...(userName === undefined ? {} : { user: userName }),
    ...(userAgent === undefined ? {} : { userAgent }),
  };
};

/** `[vhost] address ident user [date] [vhost]`. Undefined when it is not that. */
function readHead(head: string): { readonly vhost?: string; readonly user: string } | undefined {
  const close = head.lastIndexOf(']');
  const open = head.lastIndexOf('[', close);
  const date = head.slice(open + 1, close);
  if (open < 0 || !date.includes(':') || !isDigit(date.charCodeAt(0))) return undefined;
  const behind = head.slice(close + 1).trim();
  const words = head.slice(0, open).trimStart();
  // Address, ident and everything else, which is the user and may hold spaces.
  const [first, second, third, user] = splitWords(words, 3);
  if (first === undefined || second === undefined || behind.includes(' ')) return undefined;
  if (behind !== '') return { vhost: behind, user: third ?? '' };
  if (first !== '-' && !first.endsWith(',') && isAddress(second) && !isAddress(first))
    return { vhost: first, user: user ?? '' };
  if (isAddress(first) && second.includes('.') && !isAddress(second)) {
    return { vhost: second, user: joined(third, user) };
  }
  return { user: joined(third, user) };
}

const joined = (...words: readonly (string | undefined)[]) => words.filter((word) => word !== undefined).join(' ');

/** The first `count` words and what follows them. */
function splitWords(text: string, count: number): string[] {
  const words: string[] = [];
  let rest = text.trimEnd();
  while (words.length < count && rest !== '') {
    const space = rest.indexOf(' ');
    words.push(space < 0 ? rest : rest.slice(0, space));
    rest = space < 0 ? '' : rest.slice(space + 1).trimStart();
  }
  return rest === '' ? words : [...words, rest];
}

/** An address as a client, not with a port as in a virtual host. */
function isAddress(word: string): boolean {
  return tryParseAddress(word) !== undefined;
}

interface Tail {
  readonly status: string;
  /** Set, perhaps empty, when the line goes on as combined does. */
  readonly userAgent?: string;
  readonly isTraefik: boolean;
}

/** `404 146 "referer" "agent"`, and Traefik's `72 "router" "url" 0ms`. */
function readTail(scan: LineScanner): Tail {
  scan.skipSpaces();
  const status = scan.takeWhile(isDigit);
  scan.skipSpaces();
  scan.takeWhile((code) => isDigit(code) || code === DASH);
  scan.skipSpaces();
  const referer = scan.takeQuoted();
  scan.skipSpaces();
  const userAgent = referer === undefined ? undefined : scan.takeQuoted();
  if (userAgent === undefined) return { status, isTraefik: false };
  scan.skipSpaces();
  const hasCount = scan.takeWhile(isDigit) !== '';
  scan.skipSpaces();
  const hasRouter = hasCount && scan.takeQuoted() !== undefined;
  scan.skipSpaces();
  const hasServer = hasRouter && scan.takeQuoted() !== undefined;
  scan.takeWhile((code) => isSpace(code) || isDigit(code));
  return { status, userAgent, isTraefik: hasServer && scan.skip('ms') };
}

const DASH = 0x2d;
