import { type FormatReader, MAX_SERVICE, MAX_USER, MAX_USER_AGENT, readStatus } from '../log-line.js';
import { readRequestLine, requestOf } from '../request-line.js';
import { readTarget } from '../target-host.js';
import { isNameCharacter, isSpace, type LineScanner } from '../text/line-scanner.js';
import { fieldText } from '../text/visible-text.js';

type Field = 'service' | 'method' | 'target' | 'request' | 'status' | 'host' | 'user' | 'userAgent';

/** Names applications give what we look for, in lower case with `_` for `-`. */
const FIELDS: ReadonlyMap<string, Field> = new Map([
  ...each('service', 'service', 'app', 'application', 'program'),
  ...each('method', 'method', 'request_method', 'http_method'),
  ...each('target', 'request_uri', 'request_path', 'uri', 'url', 'path'),
  ...each('request', 'request'),
  ...each('status', 'status', 'status_code', 'code'),
  ...each('host', 'host', 'vhost', 'server_name', 'domain', 'http_host'),
  ...each('user', 'user', 'username', 'login', 'account'),
  ...each('userAgent', 'user_agent', 'useragent', 'http_user_agent'),
]);
/** Pairs that are looked at; no honest line has more. */
const MAX_PAIRS = 200;

/**
 * `key=value` pairs as logfmt, PAM and many applications write them, wherever they stand in the line. At least two pairs, one of
 * them with a name we know; of several with one name the last counts, because free text comes first in most lines.
 */
export const readKeyValue: FormatReader = (line) => {
  const { pairs, found } = readPairs(line.scan());
  const host = readTarget(found.get('host'));
  const { authority, ...asked } = {
    ...readRequestLine(found.get('request') ?? ''),
    ...requestOf(found.get('method'), found.get('target')),
  };
  const user = fieldText(found.get('user'), MAX_USER);
  const userAgent = fieldText(found.get('userAgent'), MAX_USER_AGENT);
  const service = line.service ?? fieldText(found.get('service'), MAX_SERVICE);
  const facts = {
    ...asked,
    ...(host.targetHost === undefined ? readTarget(authority) : host),
    ...(asked.requestUrl === undefined ? {} : readStatus(found.get('status'))),
    ...(user === undefined ? {} : { user }),
    ...(userAgent === undefined ? {} : { userAgent }),
  };
  if (pairs < 2 || Object.keys(facts).length === 0) return undefined;
  return { format: 'key-value', ...(service === undefined ? {} : { service }), ...facts };
};

function readPairs(scan: LineScanner): { readonly pairs: number; readonly found: ReadonlyMap<Field, string> } {
  const found = new Map<Field, string>();
  let pairs = 0;
  while (!scan.isAtEnd && pairs < MAX_PAIRS) {
    scan.takeWhile((code) => isSpace(code) || SEPARATORS.has(code));
    const key = scan.takeWhile((code) => isNameCharacter(code) || code === DOT);
    if (key === '' || !scan.skip('=')) {
      scan.takeWhile((code) => !isSpace(code) && !SEPARATORS.has(code));
      continue;
    }
    const value = scan.takeQuoted() ?? scan.takeWhile((code) => !isSpace(code) && !SEPARATORS.has(code));
    pairs += 1;
    const field = FIELDS.get(key.toLowerCase().replaceAll('-', '_'));
    if (field !== undefined) found.set(field, value);
  }
  return { pairs, found };
}

function each(field: Field, ...names: readonly string[]): [string, Field][] {
  return names.map((name) => [name, field]);
}

const DOT = 0x2e;
const SEPARATORS = new Set([...',;()[]{}'].map((character) => character.charCodeAt(0)));
