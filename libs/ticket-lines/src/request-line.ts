import { authorityOf } from './target-host.js';
import { consistsOf, isLetter, isNameCharacter } from './text/line-scanner.js';
import { visibleText } from './text/visible-text.js';

export const MAX_URL = 2048;
const MAX_METHOD = 32;

/** A request as logged; nothing is set when the text is no request. */
export interface LoggedRequest {
  readonly method?: string;
  readonly requestUrl?: string;
  /** Host and port the request line itself names: absolute form (`GET http://…`) and `CONNECT`. */
  readonly authority?: string | undefined;
}

/**
 * Reads `GET /path HTTP/1.1`. Spaces inside the target stay, a version may be missing (HTTP/0.9, or a line that was cut off), and
 * what is no request (TLS or RDP bytes sent to a plain port) gives nothing.
 */
export function readRequestLine(line: string): LoggedRequest {
  const space = line.indexOf(' ');
  const method = line.slice(0, space);
  if (space < 1 || !isMethod(method)) return {};
  const version = line.lastIndexOf(' ');
  const hasVersion = version > space && line.startsWith('HTTP/', version + 1);
  const target = line.slice(space + 1, hasVersion ? version : undefined).trim();
  if (target === '' || (!hasVersion && !target.startsWith('/') && authorityOf(target) === undefined)) return {};
  return {
    method,
    requestUrl: visibleText(target, MAX_URL),
    authority: method === 'CONNECT' ? target : authorityOf(target),
  };
}

/** A request whose parts a log names one by one. */
export function requestOf(method: string | undefined, target: string | undefined): LoggedRequest {
  return {
    ...(method !== undefined && isMethod(method) ? { method } : {}),
    ...(target !== undefined && target !== '' && target !== '-' ? { requestUrl: visibleText(target, MAX_URL) } : {}),
    authority: target === undefined ? undefined : authorityOf(target),
  };
}

function isMethod(text: string): boolean {
  return text.length <= MAX_METHOD && isLetter(text.charCodeAt(0)) && consistsOf(text, isNameCharacter);
}
