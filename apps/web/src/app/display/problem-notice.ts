import { Component, computed, inject, input, output } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { mdiAlertCircleOutline } from '@mdi/js';
import { ApiProblem } from '../api/api-problem';
import { MESSAGES } from '../messages/messages';
import { CopyButton } from './copy-button';
import { Icon } from './icon';

/** A failed request in words: what happened, what the server said, what to do, and the id to find it in the logs. */
@Component({
  selector: 'bailiff-problem',
  imports: [CopyButton, Icon, MatButton],
  template: `<bailiff-icon [path]="icon" [size]="20" />
    <div class="words">
      <strong>{{ text().title }}</strong>
      @if (detail(); as words) {
        <p class="untrusted" dir="auto">{{ words }}</p>
      }
      <p>{{ text().advice }}</p>
      @for (field of problem().fields; track $index) {
        <p class="untrusted" dir="auto">
          <code>{{ field.pointer }}</code> {{ field.detail }}
        </p>
      }
      @if (problem().correlationId; as id) {
        <p class="id">
          {{ m.common.requestId }} <code>{{ id }}</code> <bailiff-copy [text]="id" />
        </p>
      }
    </div>
    @if (retryable()) {
      <button matButton="outlined" type="button" (click)="again.emit()">{{ m.common.retry }}</button>
    }`,
  host: { role: 'alert' },
  styles: `
    :host {
      display: flex;
      align-items: flex-start;
      gap: 12px;
      padding: 12px 14px;
      border: 1px solid color-mix(in srgb, var(--danger) 35%, transparent);
      border-radius: var(--radius);
      background: var(--danger-soft);
      color: var(--text);
      text-align: start;
    }
    bailiff-icon {
      flex: none;
      color: var(--danger);
    }
    .words {
      flex: 1;
      min-width: 0;
    }
    p {
      color: var(--text-2);
      font-size: var(--text-sm);
    }
    .id {
      display: flex;
      align-items: center;
      flex-wrap: wrap;
      gap: 4px;
      color: var(--text-2);
      font-size: var(--text-xs);
    }
    @media (max-width: 599px) {
      :host {
        flex-wrap: wrap;
      }
      .words {
        flex-basis: calc(100% - 32px);
      }
      button {
        margin-inline-start: 32px;
      }
    }
  `,
})
export class ProblemNotice {
  protected readonly m = inject(MESSAGES);
  protected readonly icon = mdiAlertCircleOutline;
  /** Anything thrown; made an ApiProblem. */
  readonly error = input.required<unknown>();
  /** Whether a 'Try again' button is offered. */
  readonly retryable = input(false);
  readonly again = output();

  protected readonly problem = computed(() => ApiProblem.from(this.error()));
  // A newer server may know codes that this page does not.
  protected readonly text = computed(
    () => this.m.problems[this.problem().code] ?? this.m.problems['internal/unexpected'],
  );
  /** What the server said, unless it only repeats the title. */
  protected readonly detail = computed(() => {
    const { detail } = this.problem();
    return detail.replace(/\.$/, '') === this.text().title ? '' : detail;
  });
}
