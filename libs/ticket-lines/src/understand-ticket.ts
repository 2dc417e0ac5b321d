import { openEnvelope } from './envelope.js';
import { readAccessLog } from './formats/access-log.js';
import { readApacheError } from './formats/apache-error.js';
import { readDovecot } from './formats/dovecot.js';
import { dockerMessage, readJsonAccess } from './formats/json-access.js';
import { readKeyValue } from './formats/key-value.js';
import { readNginxError } from './formats/nginx-error.js';
import { readPostfix } from './formats/postfix.js';
import { readSshd } from './formats/sshd.js';
import type { FormatReader, LogLine } from './log-line.js';
import { visibleText } from './text/visible-text.js';
import { WorkCount } from './text/work-count.js';
import type { LineFacts, TicketFacts } from './ticket-facts.js';

/** What follows is not read: no format of ours has anything there. */
const MAX_LINE = 8192;
const MAX_SHOWN_LINE = 2048;
/** Newest lines that are looked at. */
const MAX_LINES = 10;

/** The surest first: daemons that syslog names, shapes that no other format has, then what could be anything. */
const READERS: readonly FormatReader[] = [
  readSshd,
  readPostfix,
  readDovecot,
  readNginxError,
  readApacheError,
  readAccessLog,
  readJsonAccess,
  readKeyValue,
];

/**
 * Says what the matched log lines of a ban tell: which service and site was attacked, what was asked for, which account tried.
 * Everything that belongs to one request is from one line, the newest that has a request; only the account may be from an older
 * line of the same service. Lines in no known format give `line` alone. Never throws; takes time linear in the lines' length.
 * @param lines untrusted text, newest last
 * @param jail name of the jail, a hint where formats are shared (`nginx-botsearch`)
 */
export function understandTicketLines(lines: readonly string[], jail: string): TicketFacts {
  let best: { readonly facts: LineFacts; readonly line: string } | undefined;
  for (const line of lines.slice(-MAX_LINES).toReversed()) {
    const facts = understandLine(line, jail);
    if (best === undefined || (!isRequest(best.facts) && (isRequest(facts) || best.facts.format === undefined))) {
      if (best === undefined || facts.format !== undefined) best = { facts, line };
    } else if (best.facts.user === undefined && facts.user !== undefined && facts.service === best.facts.service) {
      best = { ...best, facts: { ...best.facts, user: facts.user } };
    }
    if (isRequest(best.facts) || best.facts.user !== undefined) break;
  }
  return best === undefined ? {} : { ...best.facts, line: visibleText(best.line, MAX_SHOWN_LINE) };
}

/** What one line says; nothing when its format is unknown. Never throws. */
export function understandLine(text: string, jail: string, work = new WorkCount()): LineFacts {
  const line = openEnvelope(text.slice(0, MAX_LINE), jail, work);
  const wrapped = dockerMessage(line);
  return readFormats(wrapped === undefined ? line : openEnvelope(wrapped, jail, work));
}

function readFormats(line: LogLine): LineFacts {
  for (const read of READERS) {
    const facts = read(line);
    if (facts !== undefined) return facts;
  }
  return line.service === undefined ? {} : { format: 'syslog', service: line.service };
}

function isRequest({ requestUrl, targetHost }: LineFacts): boolean {
  return requestUrl !== undefined || targetHost !== undefined;
}
