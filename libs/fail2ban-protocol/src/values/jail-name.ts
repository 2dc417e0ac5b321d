import { END_MARKER } from '../codec/reply-reader.js';
import { InvalidJailNameError } from '../errors/input.errors.js';

declare const jail: unique symbol;
declare const watched: unique symbol;

/**
 * Any jail's name that fail2ban itself answers questions for. Spaces, quotes, commas, other scripts: all of them run, and a
 * question carries the name as one word of a pickle that nothing takes apart.
 */
export type WatchedJailName = string & { readonly [watched]: true };

/** A jail's name that no layer misreads: socket commands, status lists, shell actions. Only such ones are acted upon. */
export type JailName = WatchedJailName & { readonly [jail]: true };

// From 26 characters on a chain of iptables cannot be named after the jail: a matter for whoever names one. A jail that runs
// under a longer name bans all the same by other actions, and is watched and controlled as any other.
const SAFE = /^[A-Za-z0-9_.][A-Za-z0-9_.-]{0,63}$/;

const END = END_MARKER.toString('latin1');

/** Words fail2ban reads as a setting where a jail's name may stand. */
const TAKEN = new Set([
  'loglevel',
  'logtarget',
  'syslogsocket',
  'allowipv6',
  'thread',
  'dbfile',
  'dbmaxmatches',
  'dbpurgeage',
]);

/**
 * Whether fail2ban can be asked about a jail of this name. The others can be added to a server, but hold no bans: what would
 * give them a log or a ban is read as a setting (or, for `--all`, refused).
 */
export function isWatchedJailName(text: string): text is WatchedJailName {
  return text !== '' && text !== '--all' && !TAKEN.has(text) && !text.includes(END) && text.isWellFormed();
}

/** Whether a text can safely be a jail's name in a command that changes something. */
export function isJailName(text: string): text is JailName {
  return SAFE.test(text) && !TAKEN.has(text);
}

/** @throws {InvalidJailNameError} for names that fail2ban would accept but something would misread */
export function jailName(text: string): JailName {
  if (!isJailName(text)) throw new InvalidJailNameError(text);
  return text;
}

/** @throws {InvalidJailNameError} for names that fail2ban takes for something else */
export function watchedJailName(text: string): WatchedJailName {
  if (!isWatchedJailName(text)) throw new InvalidJailNameError(text);
  return text;
}
