import type { HistoryEntry } from '@bailiff/contracts/http';
import { fitsAddress } from '../bans/ban-filters';
import type { Messages } from '../messages/messages';
import type { Column } from '../table/column';

/** The site a request was for, as it was written: `www.example.org`; empty when the log does not say. */
export function siteOf({ targetSubdomain, targetDomain }: HistoryEntry): string {
  if (!targetDomain) return '';
  return targetSubdomain ? `${targetSubdomain}.${targetDomain}` : targetDomain;
}

/** Columns for what the matched log lines say. Untrusted text. */
export function logColumns(m: Messages['history']): readonly Column<HistoryEntry>[] {
  return [
    { id: 'site', label: m.site, min: 110, grow: 0.9, priority: 3, isLogged: true, text: siteOf },
    {
      id: 'request',
      label: m.request,
      min: 130,
      grow: 1.4,
      priority: 3,
      isLogged: true,
      text: ({ requestUrl }) => requestUrl ?? '',
    },
    {
      id: 'service',
      label: m.service,
      min: 90,
      grow: 0,
      priority: 4,
      optional: true,
      text: ({ service }) => service ?? '',
    },
  ];
}

/** Whether an event of the live feed is what a search looks for: by address, requested URL or site. */
export function fitsSearch(row: HistoryEntry, q: string): boolean {
  const text = q.trim().toLowerCase();
  return fitsAddress(row.address, q) || `${row.requestUrl ?? ''} ${siteOf(row)}`.toLowerCase().includes(text);
}
