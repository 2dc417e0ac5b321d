import type { TicketEvent } from '@bailiff/contracts/agent';
import type { IngestTicket } from '@bailiff/persistence';
import { understandTicketLines } from '@bailiff/ticket-lines';

/** What the archive keeps of a ban's matched lines; nothing for events that have none. Untrusted text of bounded length. */
export function requestOf({
  kind,
  jail,
  matches = [],
}: Pick<TicketEvent, 'kind' | 'jail' | 'matches'>): Pick<
  IngestTicket,
  'service' | 'requestUrl' | 'targetDomain' | 'targetSubdomain'
> {
  if (kind !== 'ban' || matches.length === 0) return {};
  const { service, requestUrl, targetHost, targetDomain, targetSubdomain } = understandTicketLines(matches, jail);
  // A site without a registrable domain (an address, `localhost`) stands for itself.
  return { service, requestUrl, targetDomain: targetDomain ?? targetHost, targetSubdomain };
}
