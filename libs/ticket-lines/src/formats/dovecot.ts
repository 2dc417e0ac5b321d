import { tryParseAddress } from '@bailiff/ip';
import { type FormatReader, MAX_USER } from '../log-line.js';
import { type LineScanner } from '../text/line-scanner.js';
import { fieldText } from '../text/visible-text.js';

/** Dovecot's login processes, authentication workers and PAM: the account that was tried. */
export const readDovecot: FormatReader = (line) => {
  if (line.service !== 'dovecot') return undefined;
  const user = fieldText(loginUser(line.scan()) ?? pamUser(line.scan()) ?? lookupUser(line.scan()), MAX_USER);
  return { format: 'dovecot', service: 'dovecot', ...(user === undefined ? {} : { user }) };
};

/** `…: user=<name>, method=PLAIN, rip=…`: a name may hold `>`, but not the whole of what follows it. */
function loginUser(scan: LineScanner): string | undefined {
  if (scan.takeUntil('user=<') === undefined) return undefined;
  return scan.takeUntil('>, ') ?? scan.takeUntil('>') ?? scan.takeRest();
}

/** `pam_unix(dovecot:auth): … ruser=name rhost=192.0.2.1 user=name`. */
function pamUser(scan: LineScanner): string | undefined {
  if (scan.takeUntil('pam_unix(') === undefined) return undefined;
  if (scan.takeUntilLast(' user=') !== undefined) return scan.takeRest();
  return scan.takeUntil(' ruser=') === undefined ? undefined : scan.takeUntilLast(' rhost=');
}

const LOOKUPS = [
  'passwd-file',
  'passwd',
  'pam',
  'sql',
  'ldap',
  'static',
  'lua',
  'oauth2',
  'checkpassword',
  'shadow',
  'bsdauth',
  'vpopmail',
  'imap',
];

/** `sql(name,192.0.2.1,<session>): unknown user`. A name may hold commas, so address and session are taken off from the right. */
function lookupUser(scan: LineScanner): string | undefined {
  const { text } = scan;
  const end = text.lastIndexOf('): ');
  const start = LOOKUPS.map((name) => text.indexOf(`${name}(`)).filter((at) => at >= 0);
  if (end < 0 || start.length === 0) return undefined;
  scan.position = Math.min(...start);
  if (scan.takeUntil('(') === undefined || scan.position > end) return undefined;
  const parts = text.slice(scan.position, end).split(',');
  if (parts.length > 1 && (parts.at(-1) === '' || parts.at(-1)?.startsWith('<') === true)) parts.pop();
  if (parts.length > 1 && tryParseAddress(parts.at(-1) ?? '') !== undefined) parts.pop();
  return parts.join(',');
}
