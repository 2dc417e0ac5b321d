import { InvalidJailNameError } from '../errors/input.errors.js';

declare const jail: unique symbol;

/** A jail's name that no layer misreads: socket commands, status lists, shell actions. */
export type JailName = string & { readonly [jail]: true };

// From 26 characters on a chain of iptables cannot be named after the jail: a matter for whoever names one. A jail that runs
// under a longer name bans all the same by other actions, and is watched and controlled as any other.
const SAFE = /^[A-Za-z0-9_.][A-Za-z0-9_.-]{0,63}$/;

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

/** Whether a text can safely be a jail's name. */
export function isJailName(text: string): text is JailName {
  return SAFE.test(text) && !TAKEN.has(text);
}

/** @throws {InvalidJailNameError} for names that fail2ban would accept but something would misread */
export function jailName(text: string): JailName {
  if (!isJailName(text)) throw new InvalidJailNameError(text);
  return text;
}
