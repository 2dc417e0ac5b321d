import { contains, tryParseNetwork } from '@bailiff/ip';
import type { BanOrigin } from '@bailiff/contracts/http';

/** What lists of bans and of their history have in common. */
export interface BanRow {
  readonly hostId: string;
  readonly jail: string;
  readonly address: string;
  readonly origin: BanOrigin;
  readonly country: string | null;
}

/** Whether a row of the live feed belongs to a filtered list: the API's own rules, for those filters both know. */
export function fitsBanFilters(row: BanRow, q: string, filters: Readonly<Record<string, string>>): boolean {
  const same = (name: 'jail' | 'country' | 'origin'): boolean =>
    filters[name] === undefined || filters[name] === row[name];
  return same('jail') && same('country') && same('origin') && fitsAddress(row.address, q);
}

/** Whether an address is what a search looks for: it contains the text, or is in, or covers, the network named. */
export function fitsAddress(address: string, q: string): boolean {
  const text = q.trim().toLowerCase();
  if (text === '' || address.includes(text)) return true;
  const wanted = tryParseNetwork(text);
  const own = tryParseNetwork(address);
  return wanted !== undefined && own !== undefined && (contains(wanted, own) || contains(own, wanted));
}
