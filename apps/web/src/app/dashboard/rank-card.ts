import { Component, computed, inject, input, output } from '@angular/core';
import { Chart } from '../charts/chart';
import { Format } from '../display/format';
import { MESSAGES } from '../messages/messages';
import { type Ranked, rankOption, rankTable } from './rank-chart';

/** Those with the most bans as bars; choosing one filters the list by it, or lets it go. */
@Component({
  selector: 'bailiff-rank-card',
  imports: [Chart],
  template: `<bailiff-chart
    [heading]="heading()"
    [label]="label()"
    [parts]="parts"
    [option]="option()"
    [table]="table()"
    [emptyText]="rows()?.length === 0 ? emptyText() : ''"
    [isLoading]="isLoading()"
    [isPickable]="true"
    pickAlong="y"
    (pick)="take($event.dataIndex)"
  >
    <p class="note">{{ note() }}</p>
  </bailiff-chart>`,
  styles: `
    :host {
      --chart-height: 200px;
      display: grid;
      min-width: 0;
    }
    .note {
      min-height: 22px;
      padding: 2px 8px 0;
      color: var(--text-3);
      font-size: var(--text-xs);
    }
  `,
})
export class RankCard {
  private readonly format = inject(Format);
  private readonly m = inject(MESSAGES).stats;
  protected readonly parts = (): Promise<unknown> => import('../charts/parts/bars');

  readonly heading = input.required<string>();
  /** What one of them is: head of the table's first column. */
  readonly what = input.required<string>();
  readonly rows = input.required<readonly Ranked[] | undefined>();
  /** The value filtered by now. */
  readonly chosen = input<string>();
  readonly isLoading = input(false);
  readonly emptyText = input('');
  /** A quiet line below. */
  readonly note = input('');
  readonly choose = output<string>();

  private readonly words = { m: this.m, format: this.format };
  protected readonly option = computed(() => {
    const rows = this.rows();
    return rows === undefined ? undefined : rankOption(rows, this.chosen(), this.words);
  });
  protected readonly table = computed(() => rankTable(this.rows() ?? [], this.what(), this.words));
  protected readonly label = computed(() => {
    const first = this.rows()?.[0];
    return this.m.rankLabel(this.heading(), first?.label ?? '', first?.bans ?? 0);
  });

  protected take(index: number): void {
    const row = this.rows()?.[index];
    if (row !== undefined) this.choose.emit(row.value);
  }
}
