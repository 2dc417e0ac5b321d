/** Formats of log lines that are understood. `syslog`: only the daemon's name is. */
export const TICKET_LINE_FORMATS = [
  'common',
  'combined',
  'vhost_combined',
  'nginx-json',
  'caddy-json',
  'traefik-json',
  'access-json',
  'nginx-error',
  'apache-error',
  'sshd',
  'postfix',
  'dovecot',
  'key-value',
  'syslog',
] as const;
export type TicketLineFormat = (typeof TICKET_LINE_FORMATS)[number];

/**
 * What one log line says. Every text is untrusted: an attacker may have chosen every letter of it. It holds no invisible or
 * direction-changing characters (they are escaped), is cut to its bound ending in `…`, and is for showing and searching,
 * never for deciding, fetching or running anything.
 */
export interface LineFacts {
  readonly format?: TicketLineFormat;
  /** Daemon that wrote the line: `nginx`, `sshd`, `postfix`…; `http` for an access log that does not tell. Up to 64 characters. */
  readonly service?: string;
  /** Request target as logged, percent-encoding and the logger's own escapes untouched. Up to 2,048 characters. */
  readonly requestUrl?: string;
  /** HTTP method as logged, up to 32 characters. */
  readonly method?: string;
  /** HTTP status or SMTP reply code, 100 to 599. */
  readonly status?: number;
  /** Site that was asked for: an address in canonical form, or a name in lower case and ASCII (`xn--…`). No port. */
  readonly targetHost?: string;
  /** Registrable domain of `targetHost` by the public suffix list; absent for addresses, single labels and public suffixes. */
  readonly targetDomain?: string;
  /** What stands before `targetDomain`; absent when nothing does. */
  readonly targetSubdomain?: string;
  /** Account that was tried, up to 256 characters. */
  readonly user?: string;
  /** Up to 512 characters. */
  readonly userAgent?: string;
}

/** What the lines of a ticket say together. */
export interface TicketFacts extends LineFacts {
  /** The line all this is from, or the newest one when none is understood. Up to 2,048 characters, safe to show as text. */
  readonly line?: string;
}
