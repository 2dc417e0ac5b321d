import { Directive, inject, input, TemplateRef } from '@angular/core';
import type { RowSource } from './row-source';

/** How the cells of a column look: `<ng-template bailiffCell="address" [of]="rows" let-row>`. */
@Directive({ selector: 'ng-template[bailiffCell]' })
export class CellTemplate<T> {
  readonly template = inject<TemplateRef<{ $implicit: T }>>(TemplateRef);
  /** Id of the column. */
  readonly column = input.required<string>({ alias: 'bailiffCell' });
  /** The table's source: tells the compiler what a row is. */
  readonly of = input.required<RowSource<T>>();

  static ngTemplateContextGuard<T>(_directive: CellTemplate<T>, context: unknown): context is { $implicit: T } {
    return context !== undefined;
  }
}

/** What the side panel shows of a row. */
@Directive({ selector: 'ng-template[bailiffDetail]' })
export class DetailTemplate<T> {
  readonly template = inject<TemplateRef<{ $implicit: T }>>(TemplateRef);
  readonly of = input.required<RowSource<T>>({ alias: 'bailiffDetail' });

  static ngTemplateContextGuard<T>(_directive: DetailTemplate<T>, context: unknown): context is { $implicit: T } {
    return context !== undefined;
  }
}

/** Context of the bulk actions: the rows chosen, and how to let them go. */
export interface BulkContext<T> {
  $implicit: readonly T[];
  clear: () => void;
}

/** Actions for the rows chosen. */
@Directive({ selector: 'ng-template[bailiffBulk]' })
export class BulkTemplate<T> {
  readonly template = inject<TemplateRef<BulkContext<T>>>(TemplateRef);
  readonly of = input.required<RowSource<T>>({ alias: 'bailiffBulk' });

  static ngTemplateContextGuard<T>(_directive: BulkTemplate<T>, context: unknown): context is BulkContext<T> {
    return context !== undefined;
  }
}

/** What a table says that has no rows although nothing is filtered. */
@Directive({ selector: 'ng-template[bailiffEmptyTable]' })
export class EmptyTemplate {
  readonly template = inject<TemplateRef<unknown>>(TemplateRef);
}
