import { Component, computed, ElementRef, inject, input, output, signal } from '@angular/core';
import { mdiArrowDown, mdiArrowUp } from '@mdi/js';
import { Flag } from '../display/flag';
import { Format } from '../display/format';
import { Icon } from '../display/icon';
import { MESSAGES } from '../messages/messages';
import { UrlQuery } from '../url/url-query';
import type { CountryFigure, CountryFigures } from './country-figure';
import { shareText } from './share-text';

const COLUMNS = ['country', 'jail', 'bans'] as const;
type ColumnName = (typeof COLUMNS)[number];
const FIRST_SORT: Readonly<Record<ColumnName, string>> = { country: 'country', jail: 'jail', bans: '-bans' };

/**
 * The map's figures as a table: what a screen reader reads and the keyboard works. One row at a time is in the tab order; arrow
 * keys go on from there, and the country of the row makes itself seen on the map.
 */
@Component({
  selector: 'bailiff-country-table',
  imports: [Flag, Icon],
  templateUrl: './country-table.html',
  styleUrl: './country-table.scss',
})
export class CountryTable {
  private readonly url = inject(UrlQuery);
  private readonly host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  protected readonly format = inject(Format);
  private readonly words = inject(MESSAGES).map;
  protected readonly m = this.words.table;
  protected readonly unknownWords = { name: this.words.unknown, hint: this.words.unknownHint };
  protected readonly columns = COLUMNS;
  protected readonly labels: Readonly<Record<ColumnName, string>> = {
    country: this.m.country,
    jail: this.m.topJail,
    bans: this.m.bans,
  };
  protected readonly icons = { up: mdiArrowUp, down: mdiArrowDown };

  readonly figures = input.required<CountryFigures>();
  readonly choose = output<string>();
  /** The country whose row is under the pointer or has the focus. */
  readonly lit = output<{ readonly code: string; readonly isFocused: boolean } | undefined>();

  private readonly sort = computed(() => {
    const wanted = this.url.params()['order'] ?? '';
    return COLUMNS.some((name) => wanted === name || wanted === `-${name}`) ? wanted : FIRST_SORT.bans;
  });
  protected readonly rows = computed(() => {
    const { countries } = this.figures();
    const most = countries[0]?.bans ?? 1;
    return countries
      .map((figure) => ({
        ...figure,
        name: this.format.country(figure.code),
        top: figure.topJails[0]?.jail ?? '',
        width: (figure.bans / most) * 100,
        shareText: this.shareOf(figure.share),
      }))
      .sort(comparator(this.sort()));
  });
  protected readonly summary = computed(() => {
    const { total, countries } = this.figures();
    return this.m.total(total, countries.length);
  });
  private readonly activeCode = signal<string | undefined>(undefined);
  /** The row in the tab order: the one that had the focus last, or the first. */
  protected readonly active = computed(() => {
    const code = this.activeCode();
    const rows = this.rows();
    return rows.some((row) => row.code === code) ? code : rows[0]?.code;
  });

  protected shareOf(share: number): string {
    return shareText(share, this.format, this.words);
  }

  protected sortState(column: ColumnName): 'ascending' | 'descending' | 'none' {
    const sort = this.sort();
    return sort === column ? 'ascending' : sort === `-${column}` ? 'descending' : 'none';
  }

  protected sortBy(column: ColumnName): void {
    const first = FIRST_SORT[column];
    const other = first.startsWith('-') ? column : `-${column}`;
    const sort = this.sort() === first ? other : first;
    this.url.patch({ order: sort === FIRST_SORT.bans ? undefined : sort });
  }

  protected focused(code: string): void {
    this.activeCode.set(code);
    this.lit.emit({ code, isFocused: true });
  }

  protected move(event: KeyboardEvent, index: number): void {
    const last = this.rows().length - 1;
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: index + 1,
      ArrowUp: index - 1,
      PageDown: index + 10,
      PageUp: index - 10,
      Home: 0,
      End: last,
    };
    const to = steps[event.key];
    if (to === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const buttons = this.host.querySelectorAll<HTMLElement>('tbody button');
    buttons[Math.max(0, Math.min(last, to))]?.focus();
  }
}

type Row = CountryFigure & { readonly name: string; readonly top: string };

function comparator(sort: string): (a: Row, b: Row) => number {
  const direction = sort.startsWith('-') ? -1 : 1;
  switch (sort.replace('-', '')) {
    case 'country':
      return (a, b) => a.name.localeCompare(b.name) * direction;
    case 'jail':
      return (a, b) => a.top.localeCompare(b.top) * direction || b.bans - a.bans;
    default:
      return (a, b) => (a.bans - b.bans) * direction || a.name.localeCompare(b.name);
  }
}
