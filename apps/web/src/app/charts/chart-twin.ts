import { Component, computed, inject, input, output, signal } from '@angular/core';
import { mdiArrowDown, mdiArrowUp } from '@mdi/js';
import { Icon } from '../display/icon';
import { MESSAGES } from '../messages/messages';
import { type ChartTable, sortedRows } from './chart-table';

/** The twin of a chart: a table of the same values that is sorted by a click on a head and whose rows can be chosen. */
@Component({
  selector: 'bailiff-chart-twin',
  imports: [Icon],
  template: `<div class="scroll" tabindex="0" role="region" [attr.aria-label]="label()">
    <table>
      <caption class="visually-hidden">
        {{
          label()
        }}
      </caption>
      <thead>
        <tr>
          @for (column of table().columns; track $index) {
            <th scope="col" [class.end]="column.end" [attr.aria-sort]="direction($index)">
              <button type="button" [title]="m.sortBy(column.label)" (click)="sortBy($index)">
                <span class="ellipsis untrusted">{{ column.label }}</span>
                @if (sort()?.column === $index) {
                  <bailiff-icon [path]="sort()?.down ? icons.down : icons.up" [size]="14" />
                }
              </button>
            </th>
          }
        </tr>
      </thead>
      <tbody>
        @for (index of order(); track index) {
          <tr>
            @for (cell of table().rows[index]?.cells; track $index) {
              @if ($index > 0) {
                <td [class.end]="table().columns[$index]?.end">
                  <span class="untrusted">{{ cell }}</span>
                </td>
              } @else if (isPickable()) {
                <th scope="row">
                  <button type="button" class="untrusted" (click)="pick.emit(index)">{{ cell }}</button>
                </th>
              } @else {
                <th scope="row">
                  <span class="untrusted">{{ cell }}</span>
                </th>
              }
            }
          </tr>
        }
      </tbody>
    </table>
  </div>`,
  styleUrl: './chart-twin.scss',
})
export class ChartTwin {
  protected readonly m = inject(MESSAGES).charts;
  protected readonly icons = { up: mdiArrowUp, down: mdiArrowDown };
  readonly table = input.required<ChartTable>();
  readonly label = input.required<string>();
  readonly isPickable = input(false);
  /** Index of the row chosen, in the table's own order. */
  readonly pick = output<number>();

  protected readonly sort = signal<{ readonly column: number; readonly down: boolean } | undefined>(undefined);
  protected readonly order = computed(() => sortedRows(this.table(), this.sort()));

  protected sortBy(column: number): void {
    const isEnd = this.table().columns[column]?.end === true;
    this.sort.update((sort) => (sort?.column === column ? { column, down: !sort.down } : { column, down: isEnd }));
  }

  protected direction(column: number): 'ascending' | 'descending' | 'none' {
    const sort = this.sort();
    if (sort?.column !== column) return 'none';
    return sort.down ? 'descending' : 'ascending';
  }
}
