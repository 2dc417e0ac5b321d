import { Component } from '@angular/core';

/** The mark: a shield with a grille. */
@Component({
  selector: 'bailiff-logo',
  template: `<svg viewBox="0 0 32 32" width="26" height="26" aria-hidden="true">
    <path d="M16 2 4 6.5v8.2C4 22 9 27.6 16 30c7-2.4 12-8 12-15.300V6.500Z" class="shield" />
    <path d="M10.500 13h11M10.500 18h11M13.500 10v11M18.500 10v11" class="bars" />
  </svg>`,
  styles: `
    :host {
      display: inline-flex;
    }
    .shield {
      fill: var(--accent);
    }
    .bars {
      fill: none;
      stroke: var(--on-accent);
      stroke-width: 2.2;
      stroke-linecap: round;
    }
  `,
})
export class Logo {}
