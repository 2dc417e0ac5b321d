import { Component, input } from '@angular/core';

/** Title of a page, with its actions (the content) at the right. */
@Component({
  selector: 'bailiff-page-head',
  template: `<h1>{{ heading() }}</h1>
    <div class="actions"><ng-content /></div>`,
  styles: `
    :host {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      justify-content: space-between;
      gap: 8px 16px;
      min-height: 36px;
      margin-bottom: 8px;
    }
    .actions {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: 8px;
    }
  `,
})
export class PageHead {
  readonly heading = input.required<string>();
}
