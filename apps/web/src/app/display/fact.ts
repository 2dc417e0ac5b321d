import { Component, input } from '@angular/core';

/** One named value in a column of such. */
@Component({
  selector: 'bailiff-fact',
  template: `<div class="name">{{ name() }}</div>
    <div class="value untrusted"><ng-content /></div>`,
  styles: `
    :host {
      display: grid;
      grid-template-columns: 116px minmax(0, 1fr);
      gap: 12px;
      padding: 7px 0;
      border-bottom: 1px solid var(--line);
      font-size: var(--text-sm);
    }
    .name {
      color: var(--text-3);
    }
    .value {
      min-width: 0;
    }
  `,
})
export class Fact {
  readonly name = input.required<string>();
}
