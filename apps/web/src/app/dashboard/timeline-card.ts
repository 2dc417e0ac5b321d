import { Component, computed, inject, input, output } from '@angular/core';
import type { BanTimeline } from '@bailiff/contracts/http';
import { Chart } from '../charts/chart';
import { ChartLooks } from '../charts/chart-looks';
import type { ChartPick } from '../charts/chart-table';
import { Format } from '../display/format';
import { MESSAGES } from '../messages/messages';
import { TimeLabels } from './time-labels';
import { bucketSpan, jailOf, seriesColours, timelineOption, timelineTable } from './timeline-chart';

/** What of the timeline was chosen: a step, of one jail where a bar was hit. */
export interface TimelinePick {
  readonly from: string;
  readonly to: string;
  readonly jail: string | undefined;
}

/** Bans over time by jail, with a legend that filters. */
@Component({
  selector: 'bailiff-timeline-card',
  imports: [Chart],
  template: `<bailiff-chart
    [heading]="m.timeline"
    [label]="label()"
    [parts]="parts"
    [option]="option()"
    [table]="table()"
    [emptyText]="timeline()?.total === 0 ? m.none : ''"
    [isLoading]="isLoading()"
    [isPickable]="true"
    pickAlong="x"
    (pick)="choose($event)"
  >
    <ul class="legend" [attr.aria-label]="m.jail">
      @for (entry of legend(); track entry.jail) {
        <li>
          @if (entry.jail; as jail) {
            <button
              type="button"
              [title]="m.filterJail(jail)"
              [attr.aria-pressed]="chosen() === jail"
              (click)="chooseJail.emit(jail)"
            >
              <span class="mark" [style.background]="entry.colour"></span>
              <span class="name ellipsis untrusted">{{ jail }}</span>
              <span class="count">{{ format.onMap(entry.total) }}</span>
            </button>
          } @else {
            <span class="entry">
              <span class="mark" [style.background]="entry.colour"></span>
              <span class="name">{{ m.others }}</span>
              <span class="count">{{ format.onMap(entry.total) }}</span>
            </span>
          }
        </li>
      }
    </ul>
  </bailiff-chart>`,
  styles: `
    :host {
      --chart-height: 214px;
      display: block;
      min-width: 0;
    }
    .legend {
      display: flex;
      flex-wrap: wrap;
      gap: 2px;
      min-height: 24px;
      margin-top: 6px;
      padding: 0 0 0 32px;
      list-style: none;
    }
    li {
      min-width: 0;
      max-width: 100%;
    }
    button,
    .entry {
      display: flex;
      align-items: center;
      gap: 6px;
      max-width: 240px;
      height: 24px;
      padding: 0 8px;
      border: 0;
      border-radius: 12px;
      background: none;
      color: var(--text-2);
      font-size: var(--text-xs);
    }
    button {
      cursor: pointer;
    }
    button:hover {
      background: var(--hover);
    }
    button[aria-pressed='true'] {
      box-shadow: inset 0 0 0 1px var(--accent);
      color: var(--text);
    }
    .mark {
      flex: none;
      width: 9px;
      height: 9px;
      border-radius: 2px;
    }
    .count {
      color: var(--text-3);
    }
    @media (max-width: 639px) {
      :host {
        --chart-height: 190px;
      }
      .legend {
        padding-left: 0;
      }
    }
  `,
})
export class TimelineCard {
  private readonly looks = inject(ChartLooks);
  protected readonly format = inject(Format);
  private readonly messages = inject(MESSAGES);
  protected readonly m = this.messages.stats;
  protected readonly parts = (): Promise<unknown> => import('../charts/parts/bars');

  readonly timeline = input.required<BanTimeline | undefined>();
  /** The time it is about, in words. */
  readonly range = input.required<string>();
  /** The jail filtered by now. */
  readonly chosen = input<string>();
  readonly isLoading = input(false);
  readonly pick = output<TimelinePick>();
  readonly chooseJail = output<string>();

  private readonly words = computed(() => ({
    m: this.m,
    format: this.format,
    labels: new TimeLabels(this.messages.time.locale, this.timeline()?.timeZone ?? 'UTC'),
  }));
  protected readonly option = computed(() => {
    const timeline = this.timeline();
    return timeline === undefined ? undefined : timelineOption(timeline, this.chosen(), this.words());
  });
  protected readonly table = computed(() => {
    const timeline = this.timeline();
    return timeline === undefined ? { columns: [], rows: [] } : timelineTable(timeline, this.words());
  });
  protected readonly label = computed(() => {
    const timeline = this.timeline();
    const most = timeline?.series.flatMap(({ jail }) => jail ?? []).slice(0, 3) ?? [];
    return this.m.timelineLabel(this.range(), timeline?.total ?? 0, most.join(', '));
  });
  protected readonly legend = computed(() => {
    const timeline = this.timeline();
    if (timeline === undefined) return [];
    const colours = seriesColours(timeline, this.looks.look());
    return timeline.series.map(({ jail, total }, i) => ({ jail, total, colour: colours[i] ?? '' }));
  });

  protected choose({ dataIndex, seriesId }: ChartPick): void {
    const timeline = this.timeline();
    const span = timeline === undefined ? undefined : bucketSpan(timeline, dataIndex);
    if (span !== undefined) this.pick.emit({ ...span, jail: jailOf(seriesId) });
  }
}
