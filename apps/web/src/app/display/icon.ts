import { Component, input } from '@angular/core';

/** One icon of `@mdi/js`, drawn inline so that it takes the text's colour. Decorative: the text beside it speaks. */
@Component({
  selector: 'bailiff-icon',
  template: `<svg viewBox="0 0 24 24" [attr.width]="size()" [attr.height]="size()" aria-hidden="true">
    <path [attr.d]="path()" fill="currentColor" />
  </svg>`,
  styles: `
    :host {
      display: inline-flex;
      vertical-align: middle;
    }
  `,
})
export class Icon {
  /** SVG path data, one of the constants of `@mdi/js`. */
  readonly path = input.required<string>();
  /** Pixels, both ways. */
  readonly size = input(18);
}
