import { Component, computed, inject, input } from '@angular/core';
import { mdiCheck } from '@mdi/js';
import { Icon } from '../display/icon';
import { MESSAGES } from '../messages/messages';

const ORDER = ['list', 'preview', 'apply'] as const;
export type BulkStep = (typeof ORDER)[number];

/** Where one is between a list and what became of it. */
@Component({
  selector: 'bailiff-bulk-steps',
  imports: [Icon],
  template: `<ol [attr.aria-label]="m.label">
    @for (step of steps(); track step.id) {
      <li [class]="step.state" [attr.aria-current]="step.state === 'now' ? 'step' : null">
        <span class="mark" aria-hidden="true">
          @if (step.state === 'done') {
            <bailiff-icon [path]="check" [size]="14" />
          } @else {
            {{ $index + 1 }}
          }
        </span>
        {{ m[step.id] }}
      </li>
    }
  </ol>`,
  styles: `
    ol {
      display: flex;
      gap: 8px;
      margin: 0 0 var(--gap-4);
      padding: 0;
      list-style: none;
    }
    li {
      display: flex;
      flex: 1;
      align-items: center;
      gap: 8px;
      padding-top: 8px;
      border-top: 2px solid var(--line-strong);
      color: var(--text-3);
      font-size: var(--text-sm);
    }
    .now,
    .done {
      border-color: var(--accent);
      color: var(--text);
    }
    .now {
      font-weight: 600;
    }
    .mark {
      display: inline-grid;
      flex: none;
      place-items: center;
      width: 20px;
      height: 20px;
      border-radius: 50%;
      background: var(--inset);
      font-size: var(--text-xs);
    }
    .now .mark,
    .done .mark {
      background: var(--accent);
      color: var(--on-accent);
    }
  `,
})
export class BulkSteps {
  protected readonly m = inject(MESSAGES).bulk.steps;
  protected readonly check = mdiCheck;
  readonly at = input.required<BulkStep>();
  /** Whether the last step is over as well. */
  readonly isOver = input(false);

  protected readonly steps = computed(() => {
    const now = ORDER.indexOf(this.at());
    return ORDER.map((id, index) => {
      const isPast = index < now || (index === now && this.isOver());
      return { id, state: isPast ? 'done' : index === now ? 'now' : 'later' };
    });
  });
}
