import { computed, inject, Service, type Signal } from '@angular/core';
import type { BanOrigin } from '@bailiff/contracts/http';
import { Format } from '../display/format';
import { JailDirectory } from '../jails/jail-directory';
import { MESSAGES } from '../messages/messages';
import type { RowSource } from '../table/row-source';
import type { TableFilter } from '../table/table-filter';
import type { BanRow } from './ban-filters';

const ORIGINS: readonly BanOrigin[] = ['selfblock', 'manual', 'blocklist', 'fleet'];

/** The filters that lists of bans and their history share. */
@Service()
export class BanListFilters {
  private readonly m = inject(MESSAGES).bans;
  private readonly format = inject(Format);
  private readonly jails = inject(JailDirectory);

  /** Jail, country and origin; the countries offered are those among the rows loaded. */
  for(source: RowSource<BanRow>): Signal<readonly TableFilter[]> {
    const places = this.placesOf(source);
    return computed(() => [
      ...places(),
      {
        id: 'origin',
        label: this.m.origin,
        options: ORIGINS.map((origin) => ({ value: origin, label: this.m.origins[origin] })),
      },
    ]);
  }

  /** Jail and country alone. */
  placesOf(source: RowSource<{ readonly country: string | null }>): Signal<readonly TableFilter[]> {
    const countries = computed(() =>
      [...new Set(source.rows().flatMap(({ country }) => country ?? []))]
        .map((code) => ({ value: code, label: this.format.country(code) }))
        .sort((a, b) => a.label.localeCompare(b.label)),
    );
    return computed(() => [
      { id: 'jail', label: this.m.jail, options: this.jails.names().map((name) => ({ value: name, label: name })) },
      {
        id: 'country',
        label: this.m.country,
        options: countries(),
        describe: (code: string) => this.format.country(code),
      },
    ]);
  }
}
