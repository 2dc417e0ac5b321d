import type { LiveMessage } from '@bailiff/contracts/http';
import type { NetworkOfRow } from './network-text';

/** One address of a `geo_resolved` message. */
export type PlacedAddress = Extract<LiveMessage, { type: 'geo_resolved' }>['entries'][number];

/** The row with what is known of its address now; the row itself when nothing new is. */
export function placed<Row extends NetworkOfRow & { readonly country: string | null }>(
  row: Row,
  known: PlacedAddress | undefined,
): Row {
  if (known === undefined) return row;
  const { country, asn, asName } = known;
  return {
    ...row,
    country: country ?? row.country,
    ...(asn === null ? {} : { asn, ...(asName === null ? {} : { asName }) }),
  };
}
