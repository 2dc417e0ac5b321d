import {
  CdkFixedSizeVirtualScroll,
  CdkVirtualForOf,
  CdkVirtualScrollViewport,
  VIRTUAL_SCROLLABLE,
} from '@angular/cdk/scrolling';
import { NgTemplateOutlet } from '@angular/common';
import {
  afterNextRender,
  Component,
  computed,
  contentChild,
  contentChildren,
  DestroyRef,
  effect,
  ElementRef,
  inject,
  input,
  linkedSignal,
  signal,
  type TemplateRef,
  untracked,
  viewChild,
} from '@angular/core';
import { MatButton, MatIconButton } from '@angular/material/button';
import { mdiArrowDown, mdiArrowUp, mdiClose, mdiMagnify } from '@mdi/js';
import { EmptyState } from '../display/empty-state';
import { Icon } from '../display/icon';
import { ProblemNotice } from '../display/problem-notice';
import { MESSAGES } from '../messages/messages';
import { type Column, columnTracks, fittingColumns, nextSort } from './column';
import { HoldWhileLooking } from './hold-while-looking';
import type { RowSource } from './row-source';
import { SidePanel } from './side-panel';
import type { TableFilter } from './table-filter';
import { TablePreferences } from './table-preferences';
import type { TableQuery } from './table-query';
import { TableSelection } from './table-selection';
import { BulkTemplate, CellTemplate, DetailTemplate, EmptyTemplate } from './table-templates';
import { type TableExports, TableToolbar } from './table-toolbar';

/** Under this width rows are two-line cards. */
const CARD_WIDTH = 600;
/** So many rows before the end the next page is asked for. */
const AHEAD = 60;
/** The most rows that 'select all' takes in. */
const SELECT_LIMIT = 10_000;
const ROW_PX = { compact: 36, roomy: 44, card: 64 } as const;

/**
 * The one table of all lists. It scrolls with the page (the nearest `cdkVirtualScrollingElement`) and draws only the rows in
 * sight, however many there are; the focus stays on the grid and arrow keys move a marked row, so nothing is lost when rows
 * come and go.
 */
@Component({
  selector: 'bailiff-table',
  imports: [
    CdkFixedSizeVirtualScroll,
    CdkVirtualForOf,
    CdkVirtualScrollViewport,
    EmptyState,
    HoldWhileLooking,
    Icon,
    MatButton,
    MatIconButton,
    NgTemplateOutlet,
    ProblemNotice,
    SidePanel,
    TableToolbar,
  ],
  templateUrl: './data-table.html',
  styleUrl: './data-table.scss',
})
export class DataTable<T> {
  private readonly host = inject<ElementRef<HTMLElement>>(ElementRef);
  private readonly scrollable = inject(VIRTUAL_SCROLLABLE, { optional: true });

  /** Name under which the operator's columns and density are kept; unique among tables. */
  readonly name = input.required<string>();
  /** What the rows are, for screen readers. */
  readonly label = input.required<string>();
  readonly columns = input.required<readonly Column<T>[]>();
  readonly source = input.required<RowSource<T>>();
  readonly query = input.required<TableQuery>();
  readonly filters = input<readonly TableFilter[]>([]);
  readonly searchHint = input('');
  readonly exports = input<TableExports>();
  /** Whether rows can be chosen for bulk actions. */
  readonly selectable = input(false);
  /** Whether the toolbar is left out: for short tables that need no search. */
  readonly plain = input(false);

  private readonly cellTemplates = contentChildren<CellTemplate<T>>(CellTemplate);
  protected readonly detail = contentChild<DetailTemplate<T>>(DetailTemplate);
  protected readonly bulk = contentChild<BulkTemplate<T>>(BulkTemplate);
  protected readonly emptyTemplate = contentChild(EmptyTemplate);
  private readonly viewport = viewChild(CdkVirtualScrollViewport);
  private readonly toolbar = viewChild<TableToolbar, ElementRef<HTMLElement>>(TableToolbar, { read: ElementRef });
  private readonly main = viewChild<ElementRef<HTMLElement>>('main');
  private readonly head = viewChild<ElementRef<HTMLElement>>('head');

  protected readonly m = inject(MESSAGES).table;
  protected readonly icons = { up: mdiArrowUp, down: mdiArrowDown, none: mdiMagnify, clear: mdiClose };
  protected readonly preferences = computed(() => new TablePreferences(this.name()));
  readonly selection = new TableSelection<T>((row) => this.source().key(row));

  private readonly width = signal(1200);
  protected readonly toolbarHeight = signal(0);
  protected readonly isCards = computed(() => this.width() < CARD_WIDTH);
  protected readonly rowPx = computed(() => (this.isCards() ? ROW_PX.card : ROW_PX[this.preferences().density()]));
  protected readonly shown = computed(() => {
    const preferences = this.preferences();
    const wanted = this.columns().filter(({ id, optional }) => preferences.isShown(id) ?? optional !== true);
    const width = this.width() - (this.selectable() ? 36 : 0);
    return fittingColumns(wanted, width, (id) => preferences.isShown(id) === true);
  });
  protected readonly tracks = computed(() => (this.selectable() ? '20px ' : '') + columnTracks(this.shown()));
  protected readonly cards = computed(() => {
    const at = (place: Column<T>['card']): readonly Column<T>[] => this.columns().filter(({ card }) => card === place);
    return { title: at('title'), aside: at('aside'), meta: at('meta') };
  });
  protected readonly templates = computed(
    () =>
      new Map<string, TemplateRef<{ $implicit: T }>>(
        this.cellTemplates().map((cell) => [cell.column(), cell.template]),
      ),
  );
  protected readonly isFiltered = computed(
    () => this.query().q() !== '' || Object.keys(this.query().filters()).length > 0,
  );
  protected readonly isCounted = computed(() => this.source().rows().length > 0 || this.source().phase() === 'ready');
  protected readonly skeletons = Array.from({ length: 8 }, (_, i) => i);

  /** Index of the marked row; −1: none. Moves with its row when others come in above. */
  protected readonly active = linkedSignal<readonly T[], number>({
    source: () => this.source().rows(),
    computation: (rows, previous) => {
      const row = previous?.source[previous.value];
      if (row === undefined) return -1;
      const key = this.source().key(row);
      return rows[previous?.value ?? 0] === row
        ? (previous?.value ?? -1)
        : rows.findIndex((each) => this.source().key(each) === key);
    },
  });
  protected readonly opened = signal<T | undefined>(undefined);
  /** The newest version of the opened row; the old one when it has left the list. */
  protected readonly openedRow = computed(() => {
    const row = this.opened();
    if (row === undefined) return undefined;
    const key = this.source().key(row);
    return (
      this.source()
        .rows()
        .find((each) => this.source().key(each) === key) ?? row
    );
  });
  private readonly renderedTo = signal(0);

  constructor() {
    const destroyRef = inject(DestroyRef);
    effect(() => {
      const rows = this.source().rows().length;
      if (this.renderedTo() >= rows - AHEAD && this.source().phase() === 'ready')
        untracked(() => this.source().loadMore());
    });
    // The size of a row changes with density and width: the viewport must measure again.
    effect(() => {
      this.rowPx();
      this.viewport()?.checkViewportSize();
    });
    effect((onCleanup) => {
      const drawn = this.viewport()?.renderedRangeStream.subscribe(({ end }) => this.renderedTo.set(end));
      onCleanup(() => drawn?.unsubscribe());
    });
    afterNextRender(() => {
      if (typeof ResizeObserver === 'undefined') return;
      const observer = new ResizeObserver(() => this.measure());
      observer.observe(this.main()?.nativeElement ?? this.host.nativeElement);
      const toolbar = this.toolbar()?.nativeElement;
      if (toolbar !== undefined) observer.observe(toolbar);
      if (this.scrollable !== null) observer.observe(this.scrollable.getElementRef().nativeElement);
      destroyRef.onDestroy(() => observer.disconnect());
      this.measure();
    });
  }

  protected readonly trackRow = (_index: number, row: T): string => this.source().key(row);

  protected rowId(row: T): string {
    return `${this.name()}-${this.source().key(row)}`;
  }

  /** Id of the marked row, while it is drawn. */
  protected activeId(): string | null {
    const row = this.source().rows()[this.active()];
    const range = this.viewport()?.getRenderedRange();
    return row !== undefined && range !== undefined && this.active() >= range.start && this.active() < range.end
      ? this.rowId(row)
      : null;
  }

  protected sortState(column: Column<T>): 'ascending' | 'descending' | 'none' | null {
    if (column.sort === undefined) return null;
    const sort = this.query().sort();
    return sort === column.sort ? 'ascending' : sort === `-${column.sort}` ? 'descending' : 'none';
  }

  protected sortBy(column: Column<T>): void {
    if (column.sort === undefined) return;
    this.query().set({ sort: nextSort(column, this.query().sort()) });
  }

  protected click(event: MouseEvent, row: T, index: number): void {
    if (isControl(event.target, event.currentTarget)) return;
    this.active.set(index);
    if (event.shiftKey && this.selectable()) this.selection.extendTo(row, this.source().rows());
    else this.open(row);
  }

  protected toggle(event: MouseEvent, row: T): void {
    if (event.shiftKey) this.selection.extendTo(row, this.source().rows());
    else this.selection.toggle(row);
  }

  protected toggleLoaded(): void {
    if (this.selection.size() > 0) this.selection.clear();
    else this.selection.add(this.source().rows());
  }

  protected readonly clearSelection = (): void => this.selection.clear();

  protected async selectMatching(): Promise<void> {
    this.selection.add(await this.source().loadAll(SELECT_LIMIT));
  }

  protected open(row: T): void {
    if (this.detail() !== undefined) this.opened.set(row);
  }

  /** Closes the side panel. */
  close(): void {
    if (this.opened() === undefined) return;
    this.opened.set(undefined);
  }

  protected keydown(event: KeyboardEvent): void {
    if (event.key === 'Escape') {
      this.close();
      return;
    }
    if (event.altKey || event.ctrlKey || event.metaKey || isControl(event.target, event.currentTarget)) return;
    const rows = this.source().rows();
    const page = Math.max(1, Math.floor((this.scrollerHeight() - 120) / this.rowPx()));
    const steps: Record<string, number> = {
      ArrowDown: 1,
      ArrowUp: -1,
      PageDown: page,
      PageUp: -page,
      Home: -Infinity,
      End: Infinity,
    };
    const step = steps[event.key];
    const row = rows[this.active()];
    if (step !== undefined) this.mark(Math.min(rows.length - 1, Math.max(0, this.active() + step)));
    else if (event.key === 'Enter' && row !== undefined) this.open(row);
    else if (event.key === ' ' && row !== undefined && this.selectable()) this.selection.toggle(row);
    else return;
    event.preventDefault();
  }

  protected showWaiting(): void {
    this.source().showWaiting();
    this.host.nativeElement.scrollIntoView({ block: 'start' });
  }

  private mark(index: number): void {
    this.active.set(index);
    const row = this.source().rows()[index];
    if (row === undefined) return;
    this.reveal(index);
    if (this.opened() !== undefined) this.opened.set(row);
  }

  /** Scrolls as little as it takes to see a row below the sticky head. */
  private reveal(index: number): void {
    const viewport = this.viewport();
    if (viewport === undefined || this.scrollable === null) return;
    const scroller = this.scrollable.getElementRef().nativeElement;
    const covered = this.toolbarHeight() + (this.head()?.nativeElement.offsetHeight ?? 0);
    const top = viewport.elementRef.nativeElement.getBoundingClientRect().top + index * this.rowPx();
    const area = scroller.getBoundingClientRect();
    const above = area.top + covered - top;
    const below = top + this.rowPx() - (area.bottom - 8);
    if (above > 0) scroller.scrollBy({ top: -above });
    else if (below > 0) scroller.scrollBy({ top: below });
  }

  private scrollerHeight(): number {
    return this.scrollable?.getElementRef().nativeElement.clientHeight ?? 600;
  }

  private measure(): void {
    const main = this.main()?.nativeElement.clientWidth ?? 0;
    if (main > 0) this.width.set(main);
    this.toolbarHeight.set(this.toolbar()?.nativeElement.offsetHeight ?? 0);
    this.viewport()?.checkViewportSize();
  }
}

/** Whether an event came from something inside a row that acts by itself. */
function isControl(target: EventTarget | null, row: EventTarget | null): boolean {
  if (!(target instanceof Element)) return false;
  const control = target.closest('button, a, input, select, textarea, [role="menuitem"]');
  return control !== null && control !== row;
}
