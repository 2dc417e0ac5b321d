import { Component, computed, inject, input, output } from '@angular/core';
import { Flag } from '../display/flag';
import { Format } from '../display/format';
import { MESSAGES } from '../messages/messages';

export interface TopRow {
  readonly value: string;
  readonly label: string;
  readonly count: number;
  /** ISO code whose flag stands before the label. */
  readonly country?: string;
}

const SHOWN = 5;

/** The few that have most, as bars; one click filters the list by it, another lets it go. */
@Component({
  selector: 'bailiff-top-list',
  imports: [Flag],
  template: `<section class="card">
    <h2>{{ heading() }}</h2>
    @if (isLoading()) {
      @for (line of bones; track line) {
        <div class="row"><span class="bone"></span></div>
      }
    } @else {
      <ul>
        @for (row of top(); track row.value) {
          <li>
            <button
              type="button"
              class="row"
              [title]="m.filterBy(row.label)"
              [attr.aria-pressed]="chosen() === row.value"
              (click)="choose.emit(row.value)"
            >
              <span class="bar" [style.width.%]="row.share"></span>
              <span class="label ellipsis untrusted">
                @if (row.country; as code) {
                  <bailiff-flag [code]="code" [named]="true" />
                } @else {
                  {{ row.label }}
                }
              </span>
              <span class="count">{{ format.number(row.count) }}</span>
            </button>
          </li>
        } @empty {
          <li class="muted none">{{ m.topEmpty }}</li>
        }
      </ul>
    }
  </section>`,
  styles: `
    section {
      height: 100%;
      min-height: 196px;
      padding: 14px 8px 8px;
    }
    h2 {
      padding: 0 8px 8px;
      color: var(--text-2);
      font-weight: 500;
      font-size: var(--text-sm);
      letter-spacing: 0;
    }
    ul {
      display: grid;
      gap: 2px;
      padding: 0;
      list-style: none;
    }
    .row {
      position: relative;
      display: flex;
      align-items: center;
      justify-content: space-between;
      gap: 12px;
      width: 100%;
      height: 28px;
      padding: 0 8px;
      border: 0;
      border-radius: var(--radius-s);
      background: none;
      font-size: var(--text-sm);
      text-align: start;
    }
    button.row {
      cursor: pointer;
    }
    button.row:hover {
      background: var(--hover);
    }
    .row[aria-pressed='true'] {
      box-shadow: inset 0 0 0 1px var(--accent);
    }
    .bar {
      position: absolute;
      inset: 2px auto 2px 0;
      min-width: 3px;
      border-radius: var(--radius-s);
      background: var(--series-soft);
    }
    .label {
      position: relative;
      flex: 1;
    }
    .count {
      position: relative;
      color: var(--text-2);
    }
    .bone {
      width: 70%;
      height: 12px;
      border-radius: 6px;
      background: var(--inset);
    }
    .none {
      padding: 8px;
    }
  `,
})
export class TopList {
  protected readonly format = inject(Format);
  protected readonly m = inject(MESSAGES).dashboard;
  readonly heading = input.required<string>();
  readonly rows = input.required<readonly TopRow[]>();
  readonly isLoading = input(false);
  /** The value filtered by now. */
  readonly chosen = input<string>();
  readonly choose = output<string>();

  protected readonly bones = Array.from({ length: SHOWN }, (_, i) => i);
  protected readonly top = computed(() => {
    const rows = this.rows().slice(0, SHOWN);
    const most = Math.max(...rows.map(({ count }) => count), 1);
    return rows.map((row) => ({ ...row, share: (row.count / most) * 100 }));
  });
}
