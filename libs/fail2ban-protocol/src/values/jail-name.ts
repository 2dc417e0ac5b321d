import { InvalidJailNameError } from '../errors/input.errors.js';

declare const jail: unique symbol;

/** A jail's name that no layer misreads: socket commands, status lists, shell actions, firewall chains. */
export type JailName = string & { readonly [jail]: true };

// Below 26 characters, because firewall chains are named after jails.
const SAFE = /^[A-Za-z0-9_.][A-Za-z0-9_.-]{0,24}$/;

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
