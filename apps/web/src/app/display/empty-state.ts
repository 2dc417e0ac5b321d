import { Component, input } from '@angular/core';
import { Icon } from './icon';

/** What a list says when it has nothing to show, and how that changes; actions are the content. */
@Component({
  selector: 'bailiff-empty',
  imports: [Icon],
  template: `<bailiff-icon [path]="icon()" [size]="28" />
    <h2>{{ heading() }}</h2>
    <p>{{ body() }}</p>
    <div class="actions"><ng-content /></div>`,
  styles: `
    :host {
      display: grid;
      justify-items: center;
      gap: 4px;
      padding: 48px 24px;
      text-align: center;
    }
    bailiff-icon {
      margin-bottom: 8px;
      padding: 12px;
      border-radius: 50%;
      background: var(--inset);
      color: var(--text-3);
    }
    p {
      max-width: 46ch;
      color: var(--text-2);
    }
    .actions:not(:empty) {
      display: flex;
      gap: 8px;
      margin-top: 12px;
    }
  `,
})
export class EmptyState {
  readonly icon = input.required<string>();
  readonly heading = input.required<string>();
  readonly body = input('');
}
