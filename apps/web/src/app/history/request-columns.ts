import type { HistoryEntry } from '@bailiff/contracts/http';
import type { Messages } from '../messages/messages';
import type { Column } from '../table/column';

type Site = Pick<HistoryEntry, 'targetDomain' | 'targetSubdomain'>;

/**
 * What the matched log lines of a ban say: URL and site that were asked for, and the daemon. Attackers choose these texts: they
 * are shown as text, never as links.
 * @param priority of the URL; the site gives way one step earlier
 */
export function requestColumns(
  words: Messages['history'],
  { priority, isSiteOptional }: { readonly priority: 2 | 3; readonly isSiteOptional: boolean },
): readonly Column<HistoryEntry>[] {
  const site = { grow: 1, priority: priority === 2 ? 3 : 4, isLogged: true, optional: isSiteOptional } as const;
  return [
    {
      id: 'requestUrl',
      label: words.requestUrl,
      min: 150,
      grow: 2,
      priority,
      card: 'meta',
      isLogged: true,
      text: ({ requestUrl }) => requestUrl ?? '',
    },
    {
      id: 'targetDomain',
      label: words.targetDomain,
      min: 110,
      ...site,
      text: ({ targetDomain }) => targetDomain ?? '',
    },
    {
      id: 'targetSubdomain',
      label: words.targetSubdomain,
      min: 116,
      ...site,
      text: ({ targetSubdomain }) => targetSubdomain ?? '',
    },
    {
      id: 'service',
      label: words.service,
      min: 90,
      grow: 0,
      priority: 4,
      optional: true,
      text: ({ service }) => service ?? '',
    },
  ];
}

/** The site as it stands in an address bar: `shop.example.org`. Empty when unknown. */
export function siteOf({ targetDomain, targetSubdomain }: Site): string {
  return [targetSubdomain, targetDomain].filter((part) => part !== null).join('.');
}

/** A part of an address and of hardly anything else: `192.0.`, `2001:db8`. The API looks for it in addresses alone. */
const ADDRESS_PART = /^(?=.*\d)(?=.*[.:])[\da-f.:]+$/;

/** Whether URL or site of a row hold what a search looks for: the API's own rule. */
export function mentions(row: Site & Pick<HistoryEntry, 'requestUrl'>, q: string): boolean {
  const text = q.trim().toLowerCase();
  if (text === '' || ADDRESS_PART.test(text)) return false;
  return [row.requestUrl ?? '', siteOf(row)].some((part) => part.toLowerCase().includes(text));
}
