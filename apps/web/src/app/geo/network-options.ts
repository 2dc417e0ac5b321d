import { computed, type Signal } from '@angular/core';
import type { RowSource } from '../table/row-source';
import { type NetworkOfRow, networkText } from './network-text';

/** The networks among the rows loaded, as values of a filter by AS number. */
export function networkOptions(
  source: RowSource<NetworkOfRow>,
): Signal<readonly { readonly value: string; readonly label: string }[]> {
  return computed(() => {
    const named = new Map(source.rows().map((row) => [String(row.asn ?? ''), networkText(row)]));
    return [...named]
      .filter(([value]) => value !== '')
      .map(([value, label]) => ({ value, label }))
      .sort((a, b) => Number(a.value) - Number(b.value));
  });
}
