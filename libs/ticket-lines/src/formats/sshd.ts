import { type FormatReader, MAX_USER } from '../log-line.js';
import type { LineScanner } from '../text/line-scanner.js';
import { fieldText } from '../text/visible-text.js';

/** Beginnings that no other daemon's lines have: sshd is recognised by them when no tag names it. */
const PHRASES = [
  'Failed password for ',
  'Failed publickey for ',
  'Failed keyboard-interactive',
  'Failed hostbased for ',
  'Failed none for ',
  'Invalid user ',
  'Illegal user ',
  'Connection closed by authenticating user ',
  'Connection closed by invalid user ',
  'Connection reset by authenticating user ',
  'Connection reset by invalid user ',
  'Disconnected from authenticating user ',
  'Disconnected from invalid user ',
  'ROOT LOGIN REFUSED FROM ',
  'error: maximum authentication attempts exceeded for ',
  'maximum authentication attempts exceeded for ',
];
/** What other daemons and systems put between the tag and the message. */
const LEVELS = ['error: ', 'fatal: ', 'info: '];

/** OpenSSH's server: the account that was tried. A user name may hold ` from ` and ` port `, so its end is looked for from the right. */
export const readSshd: FormatReader = (line) => {
  const scan = line.scan();
  if (line.service !== 'sshd' && (line.service !== undefined || !startsWithPhrase(scan))) return undefined;
  skipNotes(scan);
  const user = fieldText(accountIn(scan), MAX_USER);
  const isNobody = user === undefined || user === '<invalid username>' || user === 'invalid user';
  return { format: 'sshd', service: 'sshd', ...(isNobody ? {} : { user }) };
};

function startsWithPhrase(scan: LineScanner): boolean {
  const isSshd = scan.skipAny(PHRASES);
  scan.position = 0;
  return isSshd;
}

/** Solaris' `[ID 800047 auth.info] `, `kernel: [  970.699396] ` and levels. */
function skipNotes(scan: LineScanner): void {
  if (scan.skip('[ID ')) scan.takeUntil('] ');
  if (scan.skip('kernel:')) scan.takeUntil(']');
  scan.skip(':');
  scan.skipSpaces();
  scan.skipAny(LEVELS);
}

function accountIn(scan: LineScanner): string | undefined {
  if (scan.skip('ROOT LOGIN REFUSED')) return 'root';
  if (scan.skip('pam_')) return behindLast(scan, ' user=');
  if (scan.skip('User ')) return beforeLast(scan, ' from ', ' not allowed because ');
  if (scan.skipAny(['Invalid user ', 'Illegal user '])) return beforeLast(scan, ' from ');
  if (scan.skip('input_userauth_request: invalid user ')) return beforeLast(scan, ' [preauth]');
  if (scan.skip('Disconnecting: Too many authentication failures for ')) return beforeLast(scan, ' [preauth]');
  if (scan.skipAny(['Connection closed by ', 'Connection reset by ', 'Disconnected from ', 'Disconnecting '])) {
    return scan.skipAny(['authenticating user ', 'invalid user ', 'user ']) ? beforeAddress(scan) : undefined;
  }
  const isAttempt = ['Failed ', 'Postponed ', 'Accepted ', 'maximum ', 'PAM: '].some((word) => scan.skip(word));
  if (!isAttempt || scan.takeUntil(' for ') === undefined) return undefined;
  scan.skipAny(['invalid user ', 'illegal user ']);
  return beforeLast(scan, ' from ');
}

/** What stands before the last of the first mark that is there; all of it when none is. A key's fingerprint is not looked at. */
function beforeLast(scan: LineScanner, ...marks: readonly string[]): string {
  const all = scan.takeRest();
  const key = Math.max(all.indexOf(' ssh2: '), all.indexOf(' ssh1: '));
  const text = key < 0 || !all.slice(0, key).includes(' from ') ? all : all.slice(0, key);
  for (const mark of marks) {
    const at = text.lastIndexOf(mark);
    if (at >= 0) return text.slice(0, at);
  }
  return text.replace(/ \[preauth\]$/, '');
}

function behindLast(scan: LineScanner, mark: string): string | undefined {
  scan.position = 0;
  return scan.takeUntilLast(mark) === undefined ? undefined : scan.takeRest();
}

/** `name 192.0.2.1 port 22 [preauth]`, without the address. */
function beforeAddress(scan: LineScanner): string | undefined {
  const before = scan.takeUntilLast(' port ');
  const space = before?.lastIndexOf(' ') ?? -1;
  return space < 0 ? undefined : before?.slice(0, space);
}
