import { type FormatReader, type LogLine, MAX_USER, MAX_USER_AGENT, readStatus, webServer } from '../log-line.js';
import { type LoggedRequest, readRequestLine, requestOf } from '../request-line.js';
import { readTarget, type Target } from '../target-host.js';
import type { LineFacts, TicketLineFormat } from '../ticket-facts.js';
import { isJsonObject, type Json, type JsonObject, readJsonObject } from '../text/tolerant-json.js';
import { fieldText } from '../text/visible-text.js';

/** What the JSON logs have in common once their names are known. */
interface JsonRequest {
  readonly format: TicketLineFormat;
  readonly service: string;
  readonly request: LoggedRequest;
  readonly host: string | undefined;
  readonly status: Json | undefined;
  readonly user: string | undefined;
  readonly userAgent: string | undefined;
}

/** JSON access logs of Traefik, Caddy (also behind its console prefix) and nginx or others by the usual names of their fields. */
export const readJsonAccess: FormatReader = (line) => {
  const object = jsonIn(line);
  const entry = object === undefined ? undefined : (traefik(object) ?? caddy(object) ?? named(object, line));
  if (entry === undefined) return undefined;
  const { authority, ...asked } = entry.request;
  const host = readTarget(entry.host);
  const target: Target = host.targetHost === undefined ? readTarget(authority) : host;
  const facts: LineFacts = { ...asked, ...readStatus(entry.status), ...target };
  const user = fieldText(entry.user, MAX_USER);
  const userAgent = fieldText(entry.userAgent, MAX_USER_AGENT);
  // A name alone is in every application's log: only a request, or at least its outcome, makes it an access log.
  if (facts.requestUrl === undefined && facts.status === undefined) return undefined;
  return {
    format: entry.format,
    service: entry.service,
    ...facts,
    ...(user === undefined ? {} : { user }),
    ...(userAgent === undefined ? {} : { userAgent }),
  };
};

/** The line that Docker's `json-file` driver has wrapped as `{"log":"…","stream":"stdout",…}`. */
export function dockerMessage(line: LogLine): string | undefined {
  const object = line.message.startsWith('{"log":') ? jsonIn(line) : undefined;
  const text = object?.has('stream') ? object.get('log') : undefined;
  return typeof text === 'string' ? text : undefined;
}

/** The object that ends the message, with nothing quoted before it: a brace inside a logged value begins none. */
function jsonIn(line: LogLine): JsonObject | undefined {
  const scan = line.scan();
  const before = scan.takeUntil('{');
  if (before === undefined || before.includes('"')) return undefined;
  scan.position -= 1;
  return readJsonObject(scan);
}

function traefik(object: JsonObject): JsonRequest | undefined {
  if (!object.has('RequestPath') && !object.has('RequestMethod')) return undefined;
  return {
    format: 'traefik-json',
    service: 'traefik',
    request: requestOf(text(object, 'RequestMethod'), text(object, 'RequestPath')),
    host: text(object, 'RequestHost') ?? text(object, 'RequestAddr'),
    status: object.get('DownstreamStatus') ?? object.get('OriginStatus'),
    user: text(object, 'ClientUsername'),
    userAgent: text(object, 'request_User-Agent'),
  };
}

function caddy(object: JsonObject): JsonRequest | undefined {
  const request = object.get('request');
  if (!isJsonObject(request) || !request.has('uri')) return undefined;
  const headers = request.get('headers');
  const agents = isJsonObject(headers) ? headers.get('User-Agent') : undefined;
  const agent: unknown = Array.isArray(agents) ? agents[0] : undefined;
  return {
    format: 'caddy-json',
    service: 'caddy',
    request: requestOf(text(request, 'method'), text(request, 'uri')),
    host: text(request, 'host'),
    status: object.get('status'),
    user: text(object, 'user_id'),
    userAgent: typeof agent === 'string' ? agent : undefined,
  };
}

/** Names people give their fields, the surest first. Compared in lower case with `_` for `-`. */
const NAMES = {
  target: ['request_uri', 'request_url', 'request_path', 'uri', 'url', 'path'],
  method: ['request_method', 'http_method', 'method'],
  host: ['http_host', 'host', 'vhost', 'server_name', 'domain'],
  status: ['status', 'status_code', 'response_code', 'code'],
  user: ['remote_user', 'user', 'username'],
  userAgent: ['http_user_agent', 'user_agent', 'agent'],
} as const;
/** Fields that carry the names of nginx's variables. */
const NGINX_FIELDS = ['body_bytes_sent', 'http_user_agent', 'request_uri', 'http_host', 'time_local'];

function named(object: JsonObject, line: LogLine): JsonRequest | undefined {
  const fields = new Map<string, Json>();
  for (const [key, value] of object) fields.set(key.toLowerCase().replaceAll('-', '_'), value);
  const find = (names: readonly string[]) =>
    names.map((name) => text(fields, name)).find((value) => value !== undefined);
  const requestLine = readRequestLine(text(fields, 'request') ?? '');
  const parts = requestOf(find(NAMES.method), find(NAMES.target));
  const isNginx = NGINX_FIELDS.some((name) => fields.has(name));
  const server = webServer(line);
  return {
    format: isNginx ? 'nginx-json' : 'access-json',
    service: server === 'http' && isNginx ? 'nginx' : server,
    // `request_uri` and the like are what was asked for; the request line says the same, unless someone logs something else in it.
    request: { ...requestLine, ...parts, authority: parts.authority ?? requestLine.authority },
    host: find(NAMES.host),
    status: NAMES.status.map((name) => fields.get(name)).find((value) => value !== undefined),
    user: find(NAMES.user),
    userAgent: find(NAMES.userAgent),
  };
}

function text(object: JsonObject, key: string): string | undefined {
  const value = object.get(key);
  return typeof value === 'string' && value !== '' && value !== '-' ? value : undefined;
}
