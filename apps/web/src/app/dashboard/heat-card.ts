import { Component, computed, inject, input, output } from '@angular/core';
import type { HourOfWeek } from '@bailiff/contracts/http';
import { Chart } from '../charts/chart';
import { Format } from '../display/format';
import { MESSAGES } from '../messages/messages';
import { busiest, heatOption, heatTable, hourText, latestOf } from './heat-chart';
import { TimeLabels } from './time-labels';

/** When in a week bans are made; choosing an hour shows the latest such hour of the range. */
@Component({
  selector: 'bailiff-heat-card',
  imports: [Chart],
  template: `<bailiff-chart
    [heading]="m.hourOfWeek"
    [label]="label()"
    [parts]="parts"
    [option]="option()"
    [table]="table()"
    [emptyText]="week()?.total === 0 ? m.none : ''"
    [isLoading]="isLoading()"
    [isPickable]="true"
    [keyStride]="24"
    (pick)="take($event.dataIndex)"
  >
    <p class="foot">
      <span class="ellipsis">{{ zoneNote() }}</span>
      <span class="scale" aria-hidden="true">{{ m.fewer }} <i></i><i></i><i></i><i></i><i></i> {{ m.more }}</span>
    </p>
  </bailiff-chart>`,
  styles: `
    :host {
      --chart-height: 214px;
      display: block;
      min-width: 0;
    }
    /* As tall as its neighbour, whose legend may take two lines. */
    bailiff-chart {
      height: 100%;
    }
    .foot {
      display: flex;
      align-items: center;
      justify-content: space-between;
      gap: 12px;
      min-height: 24px;
      margin-top: 6px;
      padding: 0 4px;
      color: var(--text-3);
      font-size: var(--text-xs);
    }
    .scale {
      display: inline-flex;
      flex: none;
      align-items: center;
      gap: 3px;
    }
    i {
      width: 12px;
      height: 12px;
      border-radius: 3px;
      background: var(--inset);
    }
    i:nth-of-type(2) {
      background: var(--heat-1);
    }
    i:nth-of-type(3) {
      background: var(--heat-2);
    }
    i:nth-of-type(4) {
      background: var(--heat-3);
    }
    i:nth-of-type(5) {
      background: var(--heat-4);
    }
  `,
})
export class HeatCard {
  private readonly messages = inject(MESSAGES);
  private readonly format = inject(Format);
  protected readonly m = this.messages.stats;
  protected readonly parts = (): Promise<unknown> => import('../charts/parts/heat-map');

  readonly week = input.required<HourOfWeek | undefined>();
  readonly isLoading = input(false);
  readonly pick = output<{ readonly from: string; readonly to: string }>();

  private readonly words = computed(() => ({
    m: this.m,
    format: this.format,
    labels: new TimeLabels(this.messages.time.locale, this.week()?.timeZone ?? 'UTC'),
  }));
  protected readonly option = computed(() => {
    const week = this.week();
    return week === undefined ? undefined : heatOption(week, this.words());
  });
  protected readonly table = computed(() => {
    const week = this.week();
    return week === undefined ? { columns: [], rows: [] } : heatTable(week, this.words());
  });
  protected readonly zoneNote = computed(() => {
    const zone = this.week()?.timeZone;
    return zone === undefined ? '' : this.m.zoneNote(zone);
  });
  protected readonly label = computed(() => {
    const week = this.week();
    if (week === undefined) return this.m.hourOfWeek;
    const { day, hour, bans } = busiest(week);
    return this.m.hourOfWeekLabel(week.timeZone, this.m.weekdays[day] ?? '', hourText(week, hour), bans);
  });

  protected take(cell: number): void {
    const week = this.week();
    if (week === undefined) return;
    const { labels } = this.words();
    const span = latestOf(week, cell, (at) => labels.weekHour(at));
    if (span !== undefined) this.pick.emit(span);
  }
}
