import type { LineScanner } from './text/line-scanner.js';
import type { LineFacts } from './ticket-facts.js';

/** A log line on its way through the formats. */
export interface LogLine {
  /** What follows date, host and daemon, or all of it. */
  readonly message: string;
  /** Daemon by the syslog tag, e.g. `sshd` for `sshd-session[812]:`. */
  readonly service: string | undefined;
  /** Name of the jail, for formats that several servers share. */
  readonly jail: string;
  /** At the start of the message; its work is counted with the line's. */
  readonly scan: () => LineScanner;
}

/** Reads one format. Undefined: not mine; it never throws. */
export type FormatReader = (line: LogLine) => LineFacts | undefined;

export const MAX_USER = 256;
export const MAX_USER_AGENT = 512;
export const MAX_SERVICE = 64;

/** Three digits from 100 to 599. */
export function readStatus(value: unknown): { readonly status?: number } {
  const status = typeof value === 'string' && value.length === 3 ? Number(value) : value;
  return Number.isInteger(status) && Number(status) >= 100 && Number(status) <= 599 ? { status: Number(status) } : {};
}

const WEB_SERVERS = ['nginx', 'apache', 'caddy', 'traefik', 'lighttpd', 'haproxy'];

/** The web server a jail is named after, else `http`: access logs look alike. */
export function webServer({ service, jail }: Pick<LogLine, 'service' | 'jail'>): string {
  const name = jail.slice(0, 64).toLowerCase();
  return service ?? WEB_SERVERS.find((server) => name.includes(server)) ?? 'http';
}
