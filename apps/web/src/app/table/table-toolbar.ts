import {
  Component,
  computed,
  DestroyRef,
  effect,
  type ElementRef,
  inject,
  input,
  linkedSignal,
  signal,
  untracked,
  viewChild,
} from '@angular/core';
import { MatButton, MatIconButton } from '@angular/material/button';
import { MatMenu, MatMenuItem, MatMenuTrigger } from '@angular/material/menu';
import {
  mdiArrowDown,
  mdiArrowUp,
  mdiCheck,
  mdiClose,
  mdiFilterVariant,
  mdiMagnify,
  mdiTrayArrowDown,
  mdiTune,
} from '@mdi/js';
import { Icon } from '../display/icon';
import { MESSAGES } from '../messages/messages';
import { type Column, nextSort } from './column';
import { chipText, type TableFilter } from './table-filter';
import type { Density, TablePreferences } from './table-preferences';
import type { TableQuery } from './table-query';

/** Addresses that stream exactly what is filtered. */
export interface TableExports {
  readonly csv: string;
  readonly jsonl: string;
}

const TYPING_MS = 220;

/** What the screen reader was told, and in answer to which question. */
interface Spoken {
  readonly asked: string;
  readonly text: string;
}

/** Search, filters as chips, number of rows, columns, density and export of one table. */
@Component({
  selector: 'bailiff-table-toolbar',
  imports: [Icon, MatButton, MatIconButton, MatMenu, MatMenuItem, MatMenuTrigger],
  templateUrl: './table-toolbar.html',
  styleUrl: './table-toolbar.scss',
})
export class TableToolbar {
  readonly query = input.required<TableQuery>();
  readonly columns = input.required<readonly Column<never>[]>();
  readonly preferences = input.required<TablePreferences>();
  readonly filters = input<readonly TableFilter[]>([]);
  /** Placeholder of the search; empty: no search. */
  readonly searchHint = input('');
  readonly exports = input<TableExports>();
  /** Rows loaded; undefined while that says nothing yet. */
  readonly loaded = input.required<number | undefined>();
  readonly total = input.required<number | null>();

  /** Whether rows for what is asked now are on their way. */
  readonly isLoading = input(false);

  /** Whether sorting is offered here: where rows are cards there is no head to click. */
  readonly canSort = input(false);

  protected readonly m = inject(MESSAGES).table;
  protected readonly icons = {
    search: mdiMagnify,
    clear: mdiClose,
    filter: mdiFilterVariant,
    view: mdiTune,
    export: mdiTrayArrowDown,
    check: mdiCheck,
    up: mdiArrowUp,
    down: mdiArrowDown,
  };
  protected readonly densities: readonly Density[] = ['compact', 'roomy'];
  protected readonly text = signal('');
  protected readonly chips = computed(() => {
    const set = this.query().filters();
    return this.filters().flatMap((filter) => {
      const value = set[filter.id];
      return value === undefined ? [] : [{ id: filter.id, text: chipText(filter, value) }];
    });
  });
  protected readonly offered = computed(() => this.filters().filter(({ options }) => options.length > 0));
  protected readonly choosable = computed(() => this.columns().filter(({ priority, label }) => priority > 1 && label));
  protected readonly sortable = computed(() => this.columns().filter(({ sort }) => sort !== undefined));
  protected readonly count = computed(() => {
    const loaded = this.loaded();
    return loaded === undefined ? '' : this.m.rowsOf(loaded, this.total());
  });

  /** The count as it was right after what is asked for changed: rows that come and go by themselves are not read out. */
  protected readonly spoken = linkedSignal<Spoken & { readonly isLoading: boolean }, Spoken>({
    source: () => ({
      asked: JSON.stringify([this.query().q(), this.query().filters()]),
      text: this.count(),
      isLoading: this.isLoading(),
    }),
    computation: ({ asked, text, isLoading }, previous) => {
      const before = previous?.value ?? { asked: '', text: '' };
      return isLoading || text === '' || asked === before.asked ? before : { asked, text };
    },
  });

  private readonly box = viewChild<ElementRef<HTMLInputElement>>('box');
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    // The address may change under us (a link, the back button): follow it unless the operator is typing.
    effect(() => {
      const q = this.query().q();
      untracked(() => {
        if (this.timer === undefined) this.text.set(q);
      });
    });
    inject(DestroyRef).onDestroy(() => clearTimeout(this.timer));
  }

  protected type(text: string): void {
    this.text.set(text);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.search(), TYPING_MS);
  }

  protected search(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.query().set({ q: this.text().trim() });
  }

  protected clearSearch(): void {
    this.text.set('');
    this.search();
    this.box()?.nativeElement.focus();
  }

  protected setFilter(id: string, value: string): void {
    this.query().set({ filters: { [id]: value } });
  }

  protected clearFilters(): void {
    this.query().set({ filters: Object.fromEntries(this.chips().map(({ id }) => [id, ''])) });
  }

  protected isSortedBy({ sort }: Column<never>): boolean {
    return sort !== undefined && this.query().sort().replace(/^-/, '') === sort;
  }

  protected sortBy(column: Column<never>): void {
    if (column.sort !== undefined) this.query().set({ sort: nextSort(column, this.query().sort()) });
  }

  protected isShown(column: Column<never>): boolean {
    return this.preferences().isShown(column.id) ?? column.optional !== true;
  }
}
