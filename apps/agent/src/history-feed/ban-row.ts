import { tryParseNetwork } from '@bailiff/ip';

/** One row of fail2ban's `bans`, with what is worth keeping of its data. */
export interface BanRow {
  readonly rowid: number;
  readonly jail: string;
  /** fail2ban's own text: address, network or any other ban id. */
  readonly address: string;
  /** Seconds since the epoch: the last failure, or the moment of a ban by hand. */
  readonly atSeconds: number;
  /** Seconds, −1 permanent. */
  readonly bantimeSeconds: number;
  readonly banCount: number;
  /** JSON as fail2ban stored it; undefined when there is none or it is huge. */
  readonly data: string | undefined;
}

const MAX_MATCHES = 10;
const MAX_MATCH_CHARS = 2000;
const MAX_TEXT = 1024;
const MAX_JAIL = 256;

/** What a ticket's `data` says: failures and the newest matched lines. Hostile or broken data gives nothing, never an error. */
export function readTicketData(data: string | undefined): { failures?: number; matches?: string[] } {
  const value = data === undefined ? undefined : parse(data);
  if (typeof value !== 'object' || value === null) return {};
  const { failures, matches } = value as Record<string, unknown>;
  const lines = Array.isArray(matches) ? matches.slice(-MAX_MATCHES).map(lineOf) : [];
  return {
    ...(Number.isSafeInteger(failures) ? { failures: Number(failures) } : {}),
    ...(lines.length > 0 ? { matches: lines } : {}),
  };
}

/**
 * Canonical text of an address or network; other ban ids as they are, cut to what an event carries.
 * Undefined when nothing is left to show.
 */
export function shownAddress(address: string): string | undefined {
  const text = tryParseNetwork(address) ?? address.slice(0, MAX_TEXT);
  return text === '' ? undefined : text;
}

/** A jail's name as an event carries it; undefined when there is none. */
export function shownJail(jail: string): string | undefined {
  return jail === '' ? undefined : jail.slice(0, MAX_JAIL);
}

/** A match is text, or the three parts before, of and after its date. */
function lineOf(match: unknown): string {
  const parts: unknown[] = Array.isArray(match) ? match : [match];
  const text = parts.filter((part) => typeof part === 'string').join('');
  return text.trimEnd().slice(0, MAX_MATCH_CHARS);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
